import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { shown, terminal } from './terminal.ts';

function streamOf(isTTY: boolean): NodeJS.WriteStream {
  return Object.assign(new PassThrough(), { isTTY, columns: 100 }) as never;
}
const colorOf = (isTTY: boolean, environment: NodeJS.ProcessEnv, color?: boolean) =>
  terminal(streamOf(isTTY), { environment, color }).style('red', 'x') !== 'x';

describe('terminal', () => {
  it('colours only on a terminal, unless told otherwise', () => {
    expect(colorOf(true, {})).toBe(true);
    expect(colorOf(false, {})).toBe(false);
    expect(colorOf(true, { TERM: 'dumb' })).toBe(false);
    expect(colorOf(true, { NO_COLOR: '1' })).toBe(false);
    expect(colorOf(true, { NO_COLOR: '' })).toBe(true);
    expect(colorOf(false, { FORCE_COLOR: '1' })).toBe(true);
  });

  it('lets the flag win over the environment', () => {
    expect(colorOf(false, { NO_COLOR: '1' }, true)).toBe(true);
    expect(colorOf(true, { FORCE_COLOR: '1' }, false)).toBe(false);
  });

  it('animates only on a terminal that is not a CI log', () => {
    expect(terminal(streamOf(true), { environment: {} }).animates).toBe(true);
    expect(terminal(streamOf(true), { environment: { CI: 'true' } }).animates).toBe(false);
    expect(terminal(streamOf(false), { environment: {} }).animates).toBe(false);
  });

  it('writes what controls a terminal as text, except its own colours', () => {
    const written = (color: boolean) => {
      const stream = streamOf(true);
      const out = terminal(stream, { color });
      out.print(`${out.style('red', 'x')} a\x1b]0;t\x07\u202eb\r\tc\nd`);
      return String(stream.read());
    };
    const name = 'a\\u{1b}]0;t\\u{7}\\u{202e}b\\u{d}\tc\nd\n';
    expect(written(false)).toBe(`x ${name}`);
    expect(written(true)).toBe(`\x1b[31mx\x1b[39m ${name}`);
  });

  it('writes ordinary spaces, and ASCII only when asked to', () => {
    expect(shown('5\u202f000\u00a0nodes ≤ 3\u00a0µs ✔', false)).toBe('5,000 nodes ≤ 3 µs ✔');
    expect(shown('5\u202f000 ≤ 3×10⁻⁷ µs ✔ ░█ “', true)).toBe('5,000 <= 3x10^-7 us + .# ?');
  });
});
