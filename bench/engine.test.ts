import { describe, expect, it } from 'vitest';
import { runEngineBenchmarks } from './engine.ts';

describe('the engine benchmarks', () => {
  it('compute the same twice, at a small size', () => {
    const hashes = () => runEngineBenchmarks(2000).map(({ name, hash }) => `${name} ${hash}`);
    expect(hashes()).toEqual(hashes());
  });
});
