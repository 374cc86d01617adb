import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import { Streams, streamName } from './stream.ts';

describe('Streams', () => {
  it('is bit-identical to seedrandom.alea by name, however many streams are interleaved', () => {
    const streams = new Streams();
    const names = ['', 'a', 'knetsim/0/control-plane/churn', 'ü/1/node-17/arrival'];
    const mine = names.map((name) => streams.add(name));
    // Streams added later make the array of words grow.
    for (let i = 0; i < 200; i++) streams.add(streamName('seed', i, `node-${i % 7}`, 'phase'));
    names.push(streamName('seed', 200, 'node-4', 'phase'));
    mine.push(streams.add(names.at(-1)!));
    const peers = names.map((name) => seedrandom.alea(name));
    for (let draw = 0; draw < 10_000; draw++) {
      for (let i = 0; i < names.length; i++) {
        const got = streams.uniform(mine[i]!);
        const wanted = peers[i]!();
        if (got !== wanted) expect.fail(`draw ${draw} of ${names[i]}: ${got}, alea ${wanted}`);
      }
    }
  });

  it('draws multiples of 2^-32 in [0, 1)', () => {
    const streams = new Streams();
    const stream = streams.add('range');
    for (let i = 0; i < 10_000; i++) {
      const u = streams.uniform(stream);
      if (!(u >= 0 && u < 1 && Number.isInteger(u * 2 ** 32))) expect.fail(`draw ${i}: ${u}`);
    }
  });

  it('draws integers below a bound, each about equally often', () => {
    const streams = new Streams();
    const stream = streams.add('below');
    const counts = new Array<number>(7).fill(0);
    const draws = 70_000;
    for (let i = 0; i < draws; i++) counts[streams.below(stream, 7)]! += 1;
    const expected = draws / 7;
    const chiSquare = counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    // 99.9% quantile of chi-square with 6 degrees of freedom.
    expect(chiSquare).toBeLessThan(22.46);
  });

  it('names who draws, in which replication, for what', () => {
    expect(streamName('s', 3, 'node-1', 'arrival')).toBe('s/3/node-1/arrival');
  });
});
