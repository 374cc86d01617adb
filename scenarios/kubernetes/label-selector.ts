/**
 * Equality selectors of Services, of which an empty or absent one selects nothing, and the selectors
 * of policies, of which an empty one selects everything.
 */
import type { LabelRequirement, LabelSelector, Labels } from '../../core/policy/objects.ts';

export type { Labels };

/** Whether every label of the selector is there with its value. */
export function matches(selector: Labels, labels: Labels): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

/** Whether all of a policy's selector holds. */
export function selects({ matchLabels, matchExpressions }: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((requirement) => holds(requirement, labels))
  );
}

function holds({ key, operator, values }: LabelRequirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

/** As kubectl writes selectors. */
export function formatSelector({ matchLabels, matchExpressions }: LabelSelector): string {
  const equal = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  const others = matchExpressions.map(({ key, operator, values }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
  });
  return [...equal, ...others].join(',');
}

export function formatLabels(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

interface Labelled {
  readonly namespace: string;
  readonly labels: Labels;
}

/** Finds what a selector matches without looking at everything: by namespace and one label. */
export class LabelIndex {
  readonly #items: readonly Labelled[];
  readonly #byLabel = new Map<string, number[]>();

  constructor(items: readonly Labelled[]) {
    this.#items = items;
    for (const [index, { namespace, labels }] of items.entries()) {
      for (const label of Object.entries(labels)) {
        const key = keyOf(namespace, label);
        const found = this.#byLabel.get(key);
        if (found === undefined) this.#byLabel.set(key, [index]);
        else found.push(index);
      }
    }
  }

  /** Indices of the items, in order. Starts from the label that the fewest items have. */
  matching(namespace: string, selector: Labels): number[] {
    const lists = Object.entries(selector).map((label) =>
      this.#byLabel.get(keyOf(namespace, label)),
    );
    if (lists.length === 0) return [];
    const shortest = lists.reduce((a = [], b = []) => (b.length < a.length ? b : a)) ?? [];
    return shortest.filter((index) => matches(selector, this.#items[index]!.labels));
  }
}

function keyOf(namespace: string, [key, value]: readonly [string, string]): string {
  return JSON.stringify([namespace, key, value]);
}
