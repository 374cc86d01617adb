/** Kubernetes quantities: `500m`, `10Gi`, `1e3`. Decimal and binary suffixes, no sign. */

const factors: Readonly<Record<string, number>> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

export const quantityPattern = /^\d{1,15}(\.\d{1,9})?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi|[eE]\d{1,2})?$/;
/** Cores: `8`, `7500m`, `0.5`. */
export const coresPattern = /^\d{1,9}(\.\d{1,3})?m?$/;

/** Memory: `32Gi`, `64G`, `16384Mi`; above 0, with its unit. */
export const bytesPattern = /^(?=[\d.]*[1-9])\d{1,9}(\.\d{1,9})?(M|G|T|Mi|Gi|Ti)$/;

/** The amount in the base unit, or undefined. */
export function quantity(found: string | number): number | undefined {
  const text = String(found);
  if (!quantityPattern.test(text)) return undefined;
  if (/[eE]\d/.test(text)) return Number(text);
  const [, amount, suffix] = /^([\d.]+)(.*)$/.exec(text)!;
  return Number(amount) * factors[suffix!]!;
}

/** What somebody who wrote `32`, `32GB` or `32 gib` as an amount of memory meant. */
export function memoryFix(found: unknown): string {
  const [, amount, prefix] = /^\s*(\d+(?:\.\d+)?)\s*([mgt])?i?b?\s*$/i.exec(String(found)) ?? [];
  if (amount === undefined || Number(amount) === 0) return '32Gi';
  return `${amount}${(prefix ?? 'G').toUpperCase()}i`;
}
