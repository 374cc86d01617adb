import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cell, programming, ramp, SECOND } from './cell-fixture.ts';
import type { MeasuredSamples } from './measured.ts';
import { measure } from './measured.ts';
import { read } from './reading.ts';
import { stagesAddUp, stageTables } from './stages.ts';

function measured(samples: readonly number[], censored = 0): MeasuredSamples {
  const parts = { distributions: { networkProgramming: programming(samples, { censored }) } };
  const found = measure([cell(0, parts), cell(1, parts)], 60 * SECOND).get('networkProgramming');
  return found as MeasuredSamples;
}

const sum = (table: Record<string, number>) => Object.values(table).reduce((a, b) => a + b, 0);

describe('stages of a latency', () => {
  it('add up to the mean of the metric', () => {
    const samples = fc.array(fc.integer({ min: 0, max: 2 ** 46 }), { minLength: 1 });
    fc.assert(
      fc.property(samples, (values) => {
        const one = measured(values);
        const mean = read(one, 'mean').estimate!.value;
        expect(Math.abs(sum(stageTables(one)!.mean) - mean)).toBeLessThanOrEqual(1e-12 * mean);
        expect(stagesAddUp(one)).toBe(true);
      }),
    );
  });

  it('at p99 add up to p99 within its bucket', () => {
    const one = measured(ramp(500, 1e9, 5e9));
    const reading = read(one, { quantile: 0.99 });
    const { low, high } = reading.estimate!;
    const total = sum(stageTables(one)!.p99);
    expect(total).toBeGreaterThanOrEqual(low);
    expect(total).toBeLessThanOrEqual(high);
  });

  it('of the tail add up to the mean of the samples at or beyond that bucket', () => {
    const values = [...Array<number>(990).fill(1e9), ...Array<number>(10).fill(40e9)];
    const one = measured([...values, 80e9]);
    // 2,002 samples, rank 1,981.98: the bucket of 40 s, which holds 20; beyond it two of 80 s.
    expect(sum(stageTables(one)!.p99)).toBeCloseTo(40, 9);
    expect(sum(stageTables(one)!.tail)).toBeCloseTo((20 * 40 + 2 * 80) / 22, 9);
  });

  it('count samples in flight when looking for the bucket of p99', () => {
    const values = [...ramp(985, 1e9, 1.001e9), ...ramp(15, 20e9, 20.001e9)];
    const before = sum(stageTables(measured(values.slice(0, 990)))!.p99);
    const after = sum(stageTables(measured(values.slice(0, 990), 5))!.p99);
    expect(before).toBeCloseTo(1, 1);
    expect(after).toBeCloseTo(20, 1);
  });

  it('have no p99 and no tail when p99 is unknown', () => {
    const tables = stageTables(measured(ramp(20, 1e9, 2e9)))!;
    expect(tables.p99).toEqual({});
    expect(tables.tail).toEqual({});
    expect(sum(tables.mean)).toBeCloseTo(1.5, 6);
  });

  it('that do not add up are noticed', () => {
    const one = measured([100]);
    const { histogram } = one;
    const lines = histogram!.lines.with(2, histogram!.lines[2]! + 1);
    expect(stagesAddUp({ ...one, histogram: { ...histogram!, lines } })).toBe(false);
  });

  it('do not exist without samples', () => {
    expect(stageTables(measured([]))).toBeNull();
  });
});
