/** What PHOLD draws, for the peers in JavaScript: the same numbers in every run. */
import seedrandom from 'seedrandom';
import { LOOKAHEAD_NS, MEAN_NS, PROCESSES, REMOTE } from './peer.ts';

/** The first events of a process lie in this time. */
const START_NS = 1000;

export class PholdDraws {
  private readonly random = seedrandom.alea('phold');

  startNs(): number {
    return this.random() * START_NS;
  }

  delayNs(): number {
    return LOOKAHEAD_NS - Math.log(1 - this.random()) * MEAN_NS;
  }

  /** Where the next event goes from `process`, most often itself. */
  destination(process: number): number {
    return this.random() < REMOTE ? Math.floor(this.random() * PROCESSES) : process;
  }
}
