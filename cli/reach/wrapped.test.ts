import { describe, expect, it } from 'vitest';
import { wrapped } from './wrapped.ts';

describe('a list of names', () => {
  it('breaks between names at the border, and goes on below the first', () => {
    expect(wrapped(['aaaa', 'bbbb', 'cccc'], ' to ', 15)).toEqual([' to aaaa, bbbb,', '    cccc']);
  });

  it('keeps a name that is wider than the border in one piece', () => {
    expect(wrapped(['a'.repeat(30), 'b'], ' to ', 10)).toEqual([` to ${'a'.repeat(30)},`, '    b']);
  });

  it('counts what is beyond two dozen', () => {
    const names = Array.from({ length: 30 }, (_, at) => `n${at}`);
    const text = wrapped(names, ' ', Number.POSITIVE_INFINITY).join('\n');
    expect(text).toMatch(/n23, and 6 more$/);
  });
});
