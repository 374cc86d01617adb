import { describe, expect, it } from 'vitest';
import type { SloResult } from '../core/results.ts';
import { decisive, doubtOf, leastRoom, roomOf } from './room.ts';

const slo = (name: string, parts: Partial<SloResult>): SloResult => ({
  name,
  metric: 'networkProgramming',
  quantile: 0.99,
  limit: 5,
  unit: 's',
  gate: 'gate',
  verdict: 'holds',
  basis: ['noise'],
  value: 2,
  low: 1.5,
  high: 2.5,
  ...parts,
});
const untested = slo('untested', {
  verdict: 'inconclusive',
  value: 0,
  low: 0,
  high: 1,
  reason: 'nothing was at risk',
});

describe('room to a limit', () => {
  it('is the limit over the upper end, so it is above 1 exactly where the SLO holds', () => {
    expect(roomOf(slo('a', {}))).toBe(2);
    expect(roomOf(slo('b', { verdict: 'inconclusive', high: 10 }))).toBe(0.5);
  });

  it('is unknown without an interval, without a value, and where the interval proves nothing', () => {
    const { high: _, ...single } = slo('single', { verdict: 'inconclusive' });
    expect(roomOf(single)).toBeUndefined();
    expect(roomOf(untested)).toBeUndefined();
    expect(doubtOf(untested)).toBe('nothing was at risk');
    expect(doubtOf(slo('straddles', { verdict: 'inconclusive', high: 9, reason: 'x' }))).toBe(
      undefined,
    );
  });

  it('is least among gated SLOs; others count only where none gates', () => {
    const warns = slo('warns', { gate: 'warn', high: 4 });
    expect(leastRoom([slo('a', {}), warns, untested])).toMatchObject({
      room: 2,
      slo: { name: 'a' },
    });
    expect(leastRoom([warns])).toMatchObject({ room: 1.25 });
    expect(leastRoom([untested])).toBeUndefined();
  });

  it('does not decide before a verdict that does not hold', () => {
    const tight = slo('tight', { high: 4.9 });
    expect(decisive([tight, untested]).name).toBe('untested');
    expect(decisive([tight, slo('wide', {})]).name).toBe('tight');
  });
});
