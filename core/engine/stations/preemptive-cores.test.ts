import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visit } from '../station.ts';
import { soloEngine } from '../testing/replications.ts';
import { PreemptiveCores } from './preemptive-cores.ts';

interface Step {
  readonly atNs: number;
  readonly what: 'packet' | 'job' | 'look';
  readonly workNs: number;
}
interface Ends {
  readonly packets: number[];
  readonly jobs: number[];
}

const NEVER = Number.POSITIVE_INFINITY;
const NONE = -1;

/**
 * A scheduler that looks at its two queues every nanosecond: the head of the packets gets it, else
 * the head of the jobs. Stops at `untilNs`; who has not left by then never does.
 */
function simulate(steps: readonly Step[], untilNs: number): Ends {
  const ends: Ends = { packets: [], jobs: [] };
  const packets: { index: number; leftNs: number }[] = [];
  const jobs: { index: number; leftNs: number }[] = [];
  let next = 0;
  for (let nowNs = 0; nowNs <= untilNs; nowNs++) {
    for (; next < steps.length && steps[next]!.atNs === nowNs; next++) {
      const { what, workNs } = steps[next]!;
      if (what === 'packet') packets.push({ index: ends.packets.push(NEVER) - 1, leftNs: workNs });
      if (what === 'job') jobs.push({ index: ends.jobs.push(NEVER) - 1, leftNs: workNs });
    }
    while (packets[0]?.leftNs === 0) ends.packets[packets.shift()!.index] = nowNs;
    const served = packets[0] ?? jobs[0];
    if (served === undefined) continue;
    served.leftNs--;
    if (served.leftNs > 0) continue;
    if (served === packets[0]) ends.packets[packets.shift()!.index] = nowNs + 1;
    else ends.jobs[jobs.shift()!.index] = nowNs + 1;
  }
  return ends;
}

/** Crowds of one nanosecond, gaps that empty the core, packets without work. */
const steps = fc
  .array(
    fc.tuple(
      fc.constantFrom(0, 0, 1, 2, 5, 30),
      fc.constantFrom('packet' as const, 'packet' as const, 'job' as const, 'look' as const),
      fc.nat(9),
    ),
    { maxLength: 70 },
  )
  .map((all) => {
    let atNs = 0;
    return all.map(([gap, what, work]): Step => {
      atNs += gap;
      return { atNs, what, workNs: what === 'job' ? 1 + 3 * work : work };
    });
  });

function lastNs(all: readonly Step[]): number {
  return all.reduce((sum, { atNs, workNs }) => Math.max(sum, atNs) + workNs, 1000);
}

describe('PreemptiveCores', () => {
  it('end packets and jobs when a scheduler that looks every nanosecond does', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const cores = new PreemptiveCores(2, all.length + 1);
        const packets: number[] = [];
        let jobs = 0;
        for (const { atNs, what, workNs } of all) {
          // What happens at the other core does not matter.
          cores.visit(0, atNs, 3);
          if (what === 'packet') packets.push(cores.visit(1, atNs, workNs));
          if (what === 'job') cores.submit(jobs++, 1, atNs, workNs);
        }
        const naive = simulate(all, lastNs(all));
        expect(packets).toEqual(naive.packets);
        expect(naive.jobs.map((_, job) => cores.endNs(job))).toEqual(naive.jobs);
      }),
      { seed: 40_009, numRuns: 1000 },
    );
  });

  it('know at any time which jobs have ended and when, and never promise too late an end', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const cores = new PreemptiveCores(1, all.length);
        const naive = simulate(all, lastNs(all));
        let jobs = 0;
        for (const { atNs, what, workNs } of all) {
          for (let job = 0; job < jobs; job++) {
            const endNs = cores.endNs(job);
            expect(endNs).toBeLessThanOrEqual(naive.jobs[job]!);
            if (endNs <= atNs) expect(endNs).toBe(naive.jobs[job]);
          }
          if (what === 'packet') cores.visit(0, atNs, workNs);
          if (what === 'job') cores.submit(jobs++, 0, atNs, workNs);
        }
      }),
      { seed: 40_010, numRuns: 500 },
    );
  });

  it('serve packets as if there were no jobs', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const cores = new PreemptiveCores(1, all.length);
        const station = new Float64Array(1);
        let jobs = 0;
        for (const { atNs, what, workNs } of all) {
          if (what === 'job') cores.submit(jobs++, 0, atNs, workNs);
          if (what !== 'packet') continue;
          expect(cores.visit(0, atNs, workNs)).toBe(visit(station, 0, atNs, workNs));
          expect(cores.idleNs(0, atNs + 40)).toBe(Math.max(0, atNs + 40 - station[0]!));
        }
      }),
      { seed: 40_011, numRuns: 200 },
    );
  });

  it('take a job again as soon as it has ended, on any core, and not before', () => {
    const cores = new PreemptiveCores(2, 1);
    cores.submit(0, 0, 0, 10);
    cores.visit(0, 4, 5);
    expect(cores.endNs(0)).toBe(15);
    expect(() => cores.submit(0, 1, 14, 10)).toThrow('not ended');
    cores.submit(0, 1, 15, 10);
    expect(cores.endNs(0)).toBe(25);
    // The first core has forgotten it.
    cores.visit(0, 100, 50);
    expect(cores.endNs(0)).toBe(25);
    cores.visit(1, 20, 2);
    expect(cores.endNs(0)).toBe(27);
    expect(() => cores.submit(0, 1, 30, 0)).toThrow('without work');
  });

  it('keep the order of jobs whose numbers are used again and again', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const numbers = 3;
        const cores = new PreemptiveCores(1, numbers);
        const latest = Array.from({ length: numbers }, () => NONE);
        const ends: number[] = [];
        const done: Step[] = [];
        let jobs = 0;
        for (const step of all) {
          const { atNs, what, workNs } = step;
          const number = latest.findIndex((_, one) => cores.endNs(one) <= atNs);
          if (what === 'job' && number === NONE) continue;
          done.push(step);
          if (what === 'packet') cores.visit(0, atNs, workNs);
          if (what !== 'job') continue;
          if (latest[number] !== NONE) ends[latest[number]!] = cores.endNs(number);
          latest[number] = jobs++;
          cores.submit(number, 0, atNs, workNs);
        }
        latest.forEach((job, number) => {
          if (job !== NONE) ends[job] = cores.endNs(number);
        });
        expect(ends).toEqual(simulate(done, lastNs(done)).jobs);
      }),
      { seed: 40_014, numRuns: 500 },
    );
  });

  it('end the jobs of a failed core never, but for those that had ended, and start anew', () => {
    fc.assert(
      fc.property(steps, fc.nat(200), fc.integer({ min: 1, max: 9 }), (all, failsNs, workNs) => {
        const before = all.filter(({ atNs }) => atNs <= failsNs);
        const cores = new PreemptiveCores(1, all.length + 1);
        let jobs = 0;
        for (const step of before) {
          if (step.what === 'packet') cores.visit(0, step.atNs, step.workNs);
          if (step.what === 'job') cores.submit(jobs++, 0, step.atNs, step.workNs);
        }
        cores.voidStation(0, failsNs);
        cores.submit(all.length, 0, failsNs, workNs);
        expect(cores.endNs(all.length)).toBe(failsNs + workNs);
        expect(cores.visit(0, failsNs, 7)).toBe(failsNs + 7);
        const naive = simulate(before, failsNs - 1);
        expect(naive.jobs.map((_, job) => cores.endNs(job))).toEqual(
          naive.jobs.map((endNs) => (endNs <= failsNs ? endNs : NEVER)),
        );
      }),
      { seed: 40_012, numRuns: 500 },
    );
  });
});

const PACKET = 1;
const JOB = 2;
const JOB_MAY_END = 3;

/** The same on the engine, with one event for a job that is scheduled again when it fires too early. */
function onEngine(all: readonly Step[]): Ends & { readonly fired: number } {
  const engine = soloEngine();
  const cores = new PreemptiveCores(1, all.length);
  const packets: number[] = [];
  const jobs: number[] = [];
  let submitted = 0;
  let fired = 0;
  const armEnd = (job: number) =>
    engine.schedule(cores.endNs(job) - engine.nowNs, JOB_MAY_END, job, 0);
  for (const { atNs, what, workNs } of all) {
    if (what !== 'look') engine.start(0, atNs, what === 'packet' ? PACKET : JOB, workNs, 0);
  }
  engine.run(Number.POSITIVE_INFINITY, (kind, core, a) => {
    if (kind === PACKET) {
      packets.push(cores.visit(core, engine.nowNs, a));
    } else if (kind === JOB) {
      cores.submit(submitted, core, engine.nowNs, a);
      armEnd(submitted++);
    } else {
      fired++;
      if (cores.endNs(a) > engine.nowNs) armEnd(a);
      else jobs[a] = engine.nowNs;
    }
  });
  return { packets, jobs, fired };
}

describe('a job with one event', () => {
  it('is told its end at that nanosecond', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { packets, jobs } = onEngine(all);
        expect({ packets, jobs }).toEqual(simulate(all, lastNs(all)));
      }),
      { seed: 40_013, numRuns: 500 },
    );
  });

  it('needs few events for a quarter of a million packets: as many as rounds that shrink by the load', () => {
    const packet = (index: number): Step => ({ atNs: 1000 * index, what: 'packet', workNs: 500 });
    const all: Step[] = [{ atNs: 0, what: 'job', workNs: 1e8 }];
    for (let index = 0; index < 250_000; index++) all.push(packet(index));
    const { jobs, fired } = onEngine(all);
    expect(jobs).toEqual([2e8]);
    // ln(1e8 / 500) / ln 2 is 17.6.
    expect(fired).toBeLessThan(21);
  });
});
