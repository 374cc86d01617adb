import { describe, expect, it } from 'vitest';
import {
  formatAt,
  formatCount,
  formatQuantity,
  listOf,
  percentileName,
  quantileName,
} from './plain-words.ts';

describe('numbers in sentences', () => {
  it.each([
    [0, 's', '0 s'],
    [8.7e-8, 's', '87 ns'],
    [0.0000123, 's', '12.3 µs'],
    [0.31, 's', '310 ms'],
    [13.94, 's', '13.9 s'],
    [1234.5, 's', '20.6 min'],
    [0, 'ratio', '0%'],
    [0.0512, 'ratio', '5.12%'],
    [1e-6, 'ratio', '1 per million'],
    [2.96e-6, 'ratio', '2.96 per million'],
    [4e-9, 'ratio', '4 per billion'],
    [20, '1/s', '20 per s'],
    [1.25e6, 'bytes/s', '1.19 MiB/s'],
    [138792, 'count', '138,792'],
    [0.1234, 'cores', '123 millicores'],
  ] as const)('%f %s reads %s', (value, unit, text) => {
    expect(formatQuantity(value, unit)).toBe(text);
  });

  it('separate thousands', () => {
    expect([0, 12.34, 999, 1000, 1234567].map(formatCount)).toEqual([
      '0',
      '12.3',
      '999',
      '1,000',
      '1,234,567',
    ]);
  });

  it('name quantiles', () => {
    expect([0.5, 0.99, 0.999].map(quantileName)).toEqual(['p50', 'p99', 'p99.9']);
    expect([0.5, 0.999].map(percentileName)).toEqual(['median', '99.9% quantile']);
  });

  it('join lists and places', () => {
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listOf)).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
    expect(formatAt({ 'cluster.nodes': 1 })).toBe('1 node');
    expect(formatAt({ 'proxy.mode': 'ipvs', 'cluster.nodes': 6500 })).toBe(
      '6,500 nodes and proxy.mode = ipvs',
    );
  });
});
