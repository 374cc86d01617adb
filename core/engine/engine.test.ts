import { describe, expect, it } from 'vitest';
import { InvariantError } from '../assert.ts';
import { Engine } from './engine.ts';
import { exponential } from './samplers.ts';
import { Streams } from './stream.ts';

/** Two groups, {0, 1} and {2}, 10 ns apart. */
function threeProcesses(): Engine {
  return new Engine({
    groupOf: Int32Array.of(0, 0, 1),
    groups: 2,
    lookaheadNs: Float64Array.of(0, 10, 10, 0),
  });
}

describe('Engine', () => {
  it('runs events in order of time, then origin process, then sequence', () => {
    const engine = threeProcesses();
    engine.start(2, 5, 1, 0, 0);
    engine.start(0, 5, 2, 0, 0);
    engine.start(0, 5, 3, 0, 0);
    engine.start(1, 4, 4, 0, 0);
    engine.start(1, 5, 5, 0, 0);
    const seen: string[] = [];
    engine.run(100, (kind, process) => seen.push(`${engine.nowNs}:${process}:${kind}`));
    expect(seen).toEqual(['4:1:4', '5:0:2', '5:0:3', '5:1:5', '5:2:1']);
    expect(engine.executed).toBe(5);
    expect(engine.nowNs).toBe(100);
  });

  it('executes what lies before the limit and keeps the rest', () => {
    const engine = threeProcesses();
    engine.start(0, 10, 1, 0, 0);
    engine.start(0, 11, 2, 0, 0);
    const seen: number[] = [];
    engine.run(11, (kind) => seen.push(kind));
    expect(seen).toEqual([1]);
    expect(engine.pending).toBe(1);
    expect(engine.nextNs).toBe(11);
    engine.run(12, (kind) => seen.push(kind));
    expect(seen).toEqual([1, 2]);
    expect(engine.nextNs).toBe(Number.POSITIVE_INFINITY);
  });

  it('runs an event scheduled for now after those already there', () => {
    const engine = threeProcesses();
    const seen: number[] = [];
    engine.start(0, 3, 1, 0, 0);
    engine.start(0, 3, 2, 0, 0);
    engine.run(4, (kind) => {
      seen.push(kind);
      if (kind === 1) engine.schedule(0, 3, 0, 0);
    });
    expect(seen).toEqual([1, 2, 3]);
  });

  it('counts the events of a process up to 2^31, and refuses more than it can tell apart', () => {
    const engine = threeProcesses();
    engine['sequences'][0] = 2 ** 31 - 1;
    engine.start(0, 5, 1, 0, 0);
    expect(() => engine.start(0, 5, 2, 0, 0)).toThrow('process 0 has scheduled 2^31 events');
    engine.start(1, 5, 3, 0, 0);
    const seen: number[] = [];
    engine.run(10, (kind) => seen.push(kind));
    expect(seen).toEqual([1, 3]);
  });

  it.each([-1, Number.NaN])('refuses an event of the past (delay %d)', (delay) => {
    const engine = threeProcesses();
    engine.start(0, 3, 1, 0, 0);
    expect(() => engine.run(4, () => engine.schedule(delay, 1, 0, 0))).toThrow(InvariantError);
    expect(() => engine.start(0, 2, 1, 0, 0)).toThrow(/past/);
  });

  it('refuses a message to another group below the lookahead, and takes any within a group', () => {
    const send = (from: number, to: number, latencyNs: number) => () => {
      const engine = threeProcesses();
      engine.start(from, 0, 1, 0, 0);
      const arrived: number[] = [];
      engine.run(50, (kind, process) => {
        if (kind === 1) engine.send(to, latencyNs, 2, 7, 8);
        else arrived.push(engine.nowNs, process);
      });
      return arrived;
    };
    expect(send(0, 2, 9)).toThrow(/lookahead/);
    expect(send(2, 0, 9)).toThrow(/lookahead/);
    expect(send(2, 1, Number.NaN)).toThrow(InvariantError);
    expect(send(0, 2, 10)()).toEqual([10, 2]);
    expect(send(0, 1, 0)()).toEqual([0, 1]);
    expect(send(0, 1, -1)).toThrow(InvariantError);
  });

  it('orders simultaneous messages by their origin, not by when they were sent', () => {
    const engine = threeProcesses();
    engine.start(1, 0, 1, 20, 0);
    engine.start(0, 5, 1, 15, 0);
    const origins: number[] = [];
    engine.run(50, (kind, process, a) => {
      if (kind === 1) engine.send(2, a, 2, process, 0);
      else origins.push(a);
    });
    expect(origins).toEqual([0, 1]);
  });

  it('gives the same history for the same streams, and when run in pieces', () => {
    const history = (pieces: readonly number[], seed: string) => {
      const engine = threeProcesses();
      const streams = new Streams();
      const stream = [0, 1, 2].map((p) => streams.add(`${seed}/${p}`));
      for (let p = 0; p < 3; p++) engine.start(p, 0, 1, p, 0);
      const seen: string[] = [];
      for (const until of pieces) {
        engine.run(until, (kind, process, a) => {
          seen.push(`${engine.nowNs} ${process} ${kind} ${a}`);
          const delay = Math.round(3 * exponential(streams, stream[process]!));
          if (kind === 1) engine.schedule(delay, 1, a + 1, 0);
          if (kind === 1) engine.send(streams.below(stream[process]!, 3), 10 + delay, 2, a, 0);
        });
      }
      return seen;
    };
    const whole = history([5000], 's');
    expect(whole.length).toBeGreaterThan(2000);
    expect(history([5000], 's')).toEqual(whole);
    expect(history([1, 17, 1000, 1000, 4999, 5000], 's')).toEqual(whole);
    expect(history([5000], 't')).not.toEqual(whole);
  });
});
