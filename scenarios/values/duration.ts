/** Go durations (`time.ParseDuration`), without sign: `200us`, `1m30s`, `1.5h`. Whole nanoseconds. */

const unitNs: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

export const durationPattern = /^(\d{1,15}(\.\d{1,9})?(ns|us|µs|μs|ms|s|m|h))+$/;

/** Whole nanoseconds, or undefined when the text is no duration or exceeds 2^53 ns (104 days). */
export function durationNs(text: string): number | undefined {
  if (!durationPattern.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|μs|ms|s|m|h)/g)) {
    total += Number(amount) * unitNs[unit!]!;
  }
  const rounded = Math.round(total);
  return Number.isSafeInteger(rounded) ? rounded : undefined;
}

/** The shortest exact form: `1m30s`, `250ms`, `0s`. */
export function formatDuration(ns: number): string {
  if (ns === 0) return '0s';
  let rest = ns;
  let text = '';
  for (const unit of ['h', 'm', 's', 'ms', 'us', 'ns']) {
    const amount = Math.floor(rest / unitNs[unit]!);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * unitNs[unit]!;
  }
  return text;
}

/** What somebody who wrote `30 sec` or `30` meant. */
export function durationFix(found: unknown): string {
  if (typeof found === 'number') return `${found}s`;
  const [, amount, word] = /^\s*(\d+(?:\.\d+)?)\s*([a-zµ]*)\s*$/i.exec(String(found)) ?? [];
  if (amount === undefined) return '30s';
  const unit = word!.toLowerCase();
  if (/^d(ays?)?$/.test(unit)) return `${Number(amount) * 24}h`;
  if (/^(ms|msecs?|milli.*)$/.test(unit)) return `${amount}ms`;
  if (/^(us|µs|usecs?|micro.*)$/.test(unit)) return `${amount}us`;
  if (/^(m|mins?|minutes?)$/.test(unit)) return `${amount}m`;
  if (/^(h|hrs?|hours?)$/.test(unit)) return `${amount}h`;
  return `${amount}s`;
}
