/** Short forms of numbers for progress lines; results are formatted by `reports/format.ts`. */
import { formatCount } from '../reports/format.ts';

/** `12.4k`, `2.1M`, `3.0G`; whole numbers below 1,000. */
export function compact(value: number): string {
  const steps = [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const;
  for (const [scale, letter] of steps) {
    if (value >= scale) return `${(value / scale).toFixed(1)}${letter}`;
  }
  return String(Math.round(value));
}

/** Rounded down, so that 100 % means done. */
export function percent(share: number): string {
  return `${Math.floor(share * 100)}%`;
}

/** `mm:ss`, or `h:mm:ss` from one hour on. */
export function clockTime(seconds: number): string {
  const whole = Math.floor(seconds);
  const pad = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${pad(minutes)}:${pad(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(whole % 60)}`;
}

/** `8s`, `3m20s`, `1h05m`. */
export function shortDuration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  const pad = (value: number) => String(value).padStart(2, '0');
  return minutes < 60
    ? `${minutes}m${pad(whole % 60)}s`
    : `${Math.floor(minutes / 60)}h${pad(minutes % 60)}m`;
}

/** `1 point`, `2,000 points`. */
export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
