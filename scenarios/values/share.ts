/** Shares: a number from 0 to 1, or a percentage such as `25%`. */

export const percentPattern = /^\d{1,3}(\.\d{1,6})?%$/;

/** From 0 to 1, or undefined. */
export function share(found: string | number): number | undefined {
  const value =
    typeof found === 'number'
      ? found
      : percentPattern.test(found)
        ? Number(found.slice(0, -1)) / 100
        : Number.NaN;
  return value >= 0 && value <= 1 ? value : undefined;
}
