/** Equality selectors of Services: an empty or absent one selects nothing. */

export type Labels = Readonly<Record<string, string>>;

/** Whether every label of the selector is there with its value. */
export function matches(selector: Labels, labels: Labels): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

export function formatLabels(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
