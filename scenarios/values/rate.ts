/** Rates (`120/s`, `6/h`) and bandwidths (`1.25GB/s`, `10Gbit/s`; decimal). */

const secondsPer: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
export const ratePattern = /^\d{1,12}(\.\d{1,9})?\/(s|m|h)$/;

/** Per second, or undefined. */
export function ratePerSecond(text: string): number | undefined {
  if (!ratePattern.test(text)) return undefined;
  const [amount, unit] = text.split('/');
  return Number(amount) / secondsPer[unit!]!;
}

export function rateFix(found: unknown): string {
  const [, amount] = /(\d+(?:\.\d+)?)/.exec(String(found)) ?? [];
  return `${amount ?? '120'}/s`;
}

const prefixes: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };
export const bandwidthPattern = /^\d{1,9}(\.\d{1,9})?(k|M|G|T)?(B|bit)\/s$/;

/** Bytes per second, or undefined. */
export function bytesPerSecond(text: string): number | undefined {
  const [, amount, prefix, unit] = /^([\d.]+)([kMGT]?)(B|bit)\/s$/.exec(text) ?? [];
  if (amount === undefined || !bandwidthPattern.test(text)) return undefined;
  return (Number(amount) * prefixes[prefix!]!) / (unit === 'bit' ? 8 : 1);
}

export function bandwidthFix(found: unknown): string {
  const [, amount, prefix, rest] =
    /^\s*(\d+(?:\.\d+)?)\s*([kmgt])?(.*)$/i.exec(String(found)) ?? [];
  if (amount === undefined) return '1.25GB/s';
  const letter = (prefix ?? 'G').toUpperCase().replace('K', 'k');
  return `${amount}${letter}${/^b(it|ps)/.test(rest!) ? 'bit' : 'B'}/s`;
}
