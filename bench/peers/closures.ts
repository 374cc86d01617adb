/** What people write by hand: a binary heap of objects, each with a time and a function to call. */
import { inFreshProcess } from '../fresh-process.ts';
import { secondsSince } from '../timed-loop.ts';
import { EVENTS_PER_PROCESS, type Peer, type PeerMeasurement, PROCESSES } from './peer.ts';
import { PholdDraws } from './phold-draws.ts';

const WARM_UP = 200_000;
const EVENTS = 1_500_000;

export const closures: Peer = {
  name: 'JavaScript heap of closures',
  absent: async () => null,
  measure: () => inFreshProcess({ kind: 'peer', peer: 'closures' }),
};

interface Entry {
  readonly at: number;
  readonly run: () => void;
}

export async function runClosures(): Promise<PeerMeasurement> {
  const heap = new ClosureHeap();
  const draws = new PholdDraws();
  const visits = new Array<number>(PROCESSES).fill(0);
  let now = 0;
  const arrive = (process: number): void => {
    visits[process]!++;
    const next = draws.destination(process);
    heap.push({ at: now + draws.delayNs(), run: () => arrive(next) });
  };
  const execute = (events: number): void => {
    for (let i = 0; i < events; i++) {
      const entry = heap.pop();
      now = entry.at;
      entry.run();
    }
  };
  for (let i = 0; i < PROCESSES * EVENTS_PER_PROCESS; i++) {
    heap.push({ at: draws.startNs(), run: () => arrive(i % PROCESSES) });
  }
  execute(WARM_UP);
  const start = process.hrtime.bigint();
  execute(EVENTS);
  return { events: EVENTS, seconds: secondsSince(start) };
}

class ClosureHeap {
  private readonly entries: Entry[] = [];

  push(entry: Entry): void {
    const { entries } = this;
    let hole = entries.length;
    entries.push(entry);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (entries[parent]!.at <= entry.at) break;
      entries[hole] = entries[parent]!;
      hole = parent;
    }
    entries[hole] = entry;
  }

  pop(): Entry {
    const { entries } = this;
    const first = entries[0]!;
    const last = entries.pop()!;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= entries.length) break;
      if (child + 1 < entries.length && entries[child + 1]!.at < entries[child]!.at) child++;
      if (last.at <= entries[child]!.at) break;
      entries[hole] = entries[child]!;
      hole = child;
    }
    if (entries.length > 0) entries[hole] = last;
    return first;
  }
}
