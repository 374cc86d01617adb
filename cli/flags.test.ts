import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import {
  collectSettings,
  parseMilliseconds,
  parsePartitions,
  parseReplications,
  parseWorkers,
} from './flags.ts';

describe('flags', () => {
  it('--workers takes a number or a share of the cores, never less than one', () => {
    expect(parseWorkers('3')).toBe(3);
    expect(parseWorkers('100%')).toBe(availableParallelism());
    expect(parseWorkers('1%')).toBe(1);
    for (const wrong of ['0', '0%', '101%', '-1', '2.5', 'all', '', '2000']) {
      expect(() => parseWorkers(wrong)).toThrow(/share like 50%/);
    }
  });

  it('--partitions takes auto, or a whole number from one', () => {
    expect(parsePartitions('auto')).toBe('auto');
    expect(parsePartitions('3')).toBe(3);
    for (const wrong of ['0', '-1', '2.5', '50%', '', 'many', '65']) {
      expect(() => parsePartitions(wrong)).toThrow(/auto, or a whole number from 1 to 64/);
    }
  });

  it('--replications takes whole numbers from one', () => {
    expect(parseReplications('5')).toBe(5);
    for (const wrong of ['0', '1e3', '5.0', '-5', '']) {
      expect(() => parseReplications(wrong)).toThrow(/whole number/);
    }
  });

  it('--max-time takes Go durations and proposes one for others', () => {
    expect(parseMilliseconds('1m30s')).toBe(90_000);
    expect(() => parseMilliseconds('10 min')).toThrow(/10m/);
    for (const tooShort of ['0s', '0', '10us', '0.5ms']) {
      expect(() => parseMilliseconds(tooShort)).toThrow(/at least 1ms, for example 10m/);
    }
  });

  it('--set collects path=value, a line each', () => {
    expect(collectSettings('a=1\nb=x=y')).toEqual(['a=1', 'b=x=y']);
    expect(collectSettings('b=', ['a=1'])).toEqual(['a=1', 'b=']);
    for (const wrong of ['a', '=1', '']) {
      expect(() => collectSettings(wrong)).toThrow(/path=value/);
    }
  });
});
