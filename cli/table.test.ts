import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { table, width } from './table.ts';

describe('table', () => {
  it('aligns columns to their widest cell and leaves no space at line ends', () => {
    const columns = [{ header: 'name' }, { header: 'n', align: 'right' as const }, { header: '' }];
    const rows = [
      ['iptables', '5', ''],
      ['ipvs', '1,000', 'x'],
    ];
    expect(table(columns, rows, '  ')).toEqual([
      '  name           n',
      '  iptables       5',
      '  ipvs       1,000   x',
    ]);
  });

  it('does not count colours', () => {
    expect(width('\u001b[31m✘\u001b[39m')).toBe(1);
    const lines = table(
      [{ header: '' }, { header: '' }],
      [
        ['\u001b[31mab\u001b[39m', 'c'],
        ['a', 'd'],
      ],
    );
    expect(lines.map((line) => line.replace(/\S+ +/, '').length)).toEqual([1, 1]);
  });

  it('prints no header line when no column has one', () => {
    expect(table([{ header: '' }], [['a']])).toEqual(['a']);
  });

  it('starts a column at one position in every line', () => {
    const word = fc.stringMatching(/^[a-z]{1,9}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word), { minLength: 1 }), (rows) => {
        const lines = table([{ header: 'h' }, { header: 'h' }], rows);
        const starts = lines.map((line) => line.length - line.replace(/^\S+ +/, '').length);
        expect(new Set(starts).size).toBe(1);
      }),
    );
  });
});
