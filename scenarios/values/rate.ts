/** Rates (`120/s`, `6/h`) and bandwidths (`1.25GB/s`, `10Gbit/s`; decimal). */

const secondsPer: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
export const ratePattern = /^\d{1,12}(\.\d{1,9})?\/(s|m|h)$/;

/** Per second, or undefined. */
export function ratePerSecond(text: string): number | undefined {
  if (!ratePattern.test(text)) return undefined;
  const [amount, unit] = text.split('/');
  return Number(amount) / secondsPer[unit!]!;
}

/** Keeps the amount and the unit of time where they can be recognised. */
export function rateFix(found: unknown): string {
  const text = String(found).replace(/(?<=\d)[_, ](?=\d)/g, '');
  const [number, rest = ''] = [/\d+(?:\.\d+)?(?:e[+-]?\d+)?/i.exec(text)?.[0], text];
  const unit = /(?:\/|per)\s*(?:\d+\s*)?([smh])/i.exec(rest)?.[1]?.toLowerCase() ?? 's';
  const fix = `${Number(number)}/${unit}`;
  return ratePattern.test(fix) ? fix : '120/s';
}

const prefixes: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };
/** Above 0: through no bandwidth nothing ever arrives. */
export const bandwidthPattern = /^(?=[\d.]*[1-9])\d{1,9}(\.\d{1,9})?(k|M|G|T)?(B|bit)\/s$/;

/** Bytes per second, or undefined. */
export function bytesPerSecond(text: string): number | undefined {
  const [, amount, prefix, unit] = /^([\d.]+)([kMGT]?)(B|bit)\/s$/.exec(text) ?? [];
  if (amount === undefined || !bandwidthPattern.test(text)) return undefined;
  return (Number(amount) * prefixes[prefix!]!) / (unit === 'bit' ? 8 : 1);
}

export function isNoBandwidth(text: string): boolean {
  return /^0+(\.0+)?[kMGT]?(B|bit)\/s$/.test(text);
}

export function bandwidthFix(found: unknown): string {
  const [, amount, prefix, rest] =
    /^\s*(\d+(?:\.\d+)?)\s*([kmgt])?(.*)$/i.exec(String(found)) ?? [];
  if (amount === undefined || Number(amount) === 0) return '1.25GB/s';
  const letter = (prefix ?? 'G').toUpperCase().replace('K', 'k');
  return `${amount}${letter}${/^b(it|ps)/.test(rest!) ? 'bit' : 'B'}/s`;
}
