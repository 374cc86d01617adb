import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FailureCause, Recorder } from './recorder.ts';

const FROM_NS = 2e9;
const TO_NS = 9e9;

/** One call of a probe point; times lie inside and outside the measured window. */
type Call = (recorder: Recorder) => void;

const timeNs = fc.integer({ min: 0, max: 12e9 });
const lengthNs = fc.oneof(fc.nat(1000), fc.integer({ min: 0, max: 2 ** 46 }));
const count = fc.integer({ min: 1, max: 60 });

const call: fc.Arbitrary<Call> = fc
  .tuple(fc.nat(11), timeNs, lengthNs, count)
  .map(([what, atNs, ns, times]): Call => {
    const stages = Float64Array.of(ns, 0, 0, 0, 0, 0, 0, 0);
    const reuse = { nowNs: atNs, previous: times, pod: times + 1 };
    const calls: Call[] = [
      (to) => to.triggered(atNs),
      (to) => to.settled(atNs),
      (to) => to.podChange(atNs),
      (to) => to.podStarted(atNs, atNs + ns),
      (to) => to.addressFailed(atNs),
      (to) => to.addressReused(reuse, 0),
      (to) => to.written(atNs, times, 2 ** 50),
      (to) => to.synced(atNs, times, ns, ns),
      (to) => to.requestStarted(atNs),
      (to) => to.requestAnswered(atNs, atNs + ns, times > 30),
      (to) => to.requestFailed(atNs, FailureCause.Misdelivered),
      (to) => {
        to.networkProgramming.recordEightStages(ns, stages);
        to.sli.leaveOut(ns);
      },
    ];
    return calls[what]!;
  });

/** What a cell is made of. */
function counted(recorder: Recorder): unknown {
  const entries = Object.entries(recorder.parts()).map(([name, part]) => {
    const value = recorder[name as keyof Recorder];
    return [name, 'toCell' in Object(value) ? (value as Recorder['proxySync']).toCell([]) : part];
  });
  return Object.fromEntries(entries);
}

describe('Recorder', () => {
  it('has counted the same alone as several have that hand over what they counted', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(call, fc.nat(2)), { maxLength: 80 }), (calls) => {
        const alone = new Recorder(FROM_NS, TO_NS);
        const parts = Array.from({ length: 3 }, () => new Recorder(FROM_NS, TO_NS));
        // Reuses are kept in order, the first partition's first.
        for (const [make] of calls.toSorted(([, one], [, other]) => one - other)) make(alone);
        for (const [make, part] of calls) make(parts[part]!);
        const [first, ...others] = parts;
        for (const other of others) first!.absorb(structuredClone(other.parts()));
        expect(counted(first!)).toEqual(counted(alone));
      }),
      { seed: 41, numRuns: 150 },
    );
  });

  it('adds up exactly what has outgrown 2^52 on both sides, carries included', () => {
    const lengthNs = 2 ** 46 + 1;
    const synced = (times: number) => {
      const recorder = new Recorder(FROM_NS, TO_NS);
      for (let i = 0; i < times; i++) recorder.synced(FROM_NS, 60, lengthNs, lengthNs);
      return recorder;
    };
    const recorder = synced(5);
    recorder.absorb(structuredClone(synced(3).parts()));
    const { lines, high } = recorder.proxySync.toCell([]);
    expect(lines[0]).toBe(480);
    expect(BigInt(high[1]!) * 2n ** 52n + BigInt(lines[1]!)).toBe(480n * BigInt(lengthNs));
    expect(recorder.proxyCpuNs.toWide()).toEqual([high[1], lines[1]]);
  });

  it('refuses to add up what is no accumulator', () => {
    const recorder = new Recorder(FROM_NS, TO_NS);
    expect(() => recorder.absorb({ unheardOf: ['a', 'list'] })).toThrow('unheardOf');
  });
});
