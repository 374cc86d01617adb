import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visit } from '../station.ts';
import { soloEngine } from '../testing/replications.ts';
import { Generations } from './generations.ts';

const ARRIVAL = 1;
const DEPARTURE = 2;
const FAILURE = 3;
const SERVICE_NS = 10;

/** A node that fails and is there again at once; who was there is lost. */
function simulate(arrivalsNs: readonly number[], failuresNs: readonly number[]) {
  const engine = soloEngine();
  const generations = new Generations(1);
  const station = new Float64Array(1);
  const served: number[] = [];
  let lost = 0;
  // Failures come first among the events of one instant.
  for (const atNs of failuresNs) engine.start(0, atNs, FAILURE, 0, 0);
  for (const atNs of arrivalsNs) engine.start(0, atNs, ARRIVAL, 0, 0);
  engine.run(Number.POSITIVE_INFINITY, (kind, process, generation) => {
    if (kind === ARRIVAL) {
      const leavesNs = visit(station, process, engine.nowNs, SERVICE_NS);
      engine.schedule(leavesNs - engine.nowNs, DEPARTURE, generations.of(process), 0);
    } else if (kind === FAILURE) {
      generations.advance(process);
      station[process] = engine.nowNs;
    } else if (generation === generations.of(process)) {
      served.push(engine.nowNs);
    } else {
      lost++;
    }
  });
  return { served, lost };
}

/** Lists of customers instead: those of the time between two failures, served one after the other. */
function expected(arrivalsNs: readonly number[], failuresNs: readonly number[]): number[] {
  const borders = [...failuresNs, Number.POSITIVE_INFINITY].sort((a, b) => a - b);
  const served: number[] = [];
  let fromNs = 0;
  for (const untilNs of borders) {
    let freeNs = fromNs;
    for (const atNs of arrivalsNs.filter((at) => at >= fromNs && at < untilNs)) {
      freeNs = Math.max(freeNs, atNs) + SERVICE_NS;
      if (freeNs < untilNs) served.push(freeNs);
    }
    fromNs = untilNs;
  }
  return served;
}

describe('Generations', () => {
  it('void what was queued at a failure, and all others are served as if it had never been', () => {
    const times = (maxLength: number) =>
      fc.array(fc.nat(200), { maxLength }).map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(times(30), times(4), (arrivalsNs, failuresNs) => {
        const { served, lost } = simulate(arrivalsNs, failuresNs);
        expect(served).toEqual(expected(arrivalsNs, failuresNs));
        expect(served.length + lost).toBe(arrivalsNs.length);
      }),
      { seed: 40_008, numRuns: 300 },
    );
  });
});
