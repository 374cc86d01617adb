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

/** The amount in the base unit, or undefined. */
export function quantity(found: string | number): number | undefined {
  const text = String(found);
  if (!quantityPattern.test(text)) return undefined;
  if (/[eE]\d/.test(text)) return Number(text);
  const [, amount, suffix] = /^([\d.]+)(.*)$/.exec(text)!;
  return Number(amount) * factors[suffix!]!;
}
