/**
 * Equality selectors of Services, of which an empty or absent one selects nothing, and the selectors
 * of policies, of which an empty one selects everything.
 */
import type { LabelSelector, Labels } from '../../core/policy/objects.ts';
import { labelValue, selects } from '../../core/policy/selector.ts';

export type { Labels };

/** Whether every label of the selector is there with its value. */
export function matches(selector: Labels, labels: Labels): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labelValue(labels, key) === value);
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

/**
 * Finds what a selector matches without looking at everything: only at what is in the namespace, or
 * has a label that the selector requires, whichever is less.
 */
export class LabelIndex {
  readonly #items: readonly Labelled[];
  readonly #byNamespace = new Map<string, number[]>();
  readonly #byKey = new Map<string, number[]>();
  readonly #byLabel = new Map<string, Map<string, number[]>>();

  constructor(items: readonly Labelled[]) {
    this.#items = items;
    for (const [index, { namespace, labels }] of items.entries()) {
      add(this.#byNamespace, namespace, index);
      for (const [key, value] of Object.entries(labels)) {
        add(this.#byKey, key, index);
        const byValue = this.#byLabel.get(key) ?? new Map<string, number[]>();
        this.#byLabel.set(key, byValue);
        add(byValue, value, index);
      }
    }
  }

  /** Indices of the items in the namespace that the selector of a Service matches, in order. */
  matching(namespace: string, selector: Labels): number[] {
    if (Object.keys(selector).length === 0) return [];
    return [...this.selected(namespace, { matchLabels: selector, matchExpressions: [] })];
  }

  /** Indices of the items in the namespace, or in any of several, that a policy's selector selects. */
  *selected(namespaces: string | ReadonlySet<string>, selector: LabelSelector): Generator<number> {
    const isOne = typeof namespaces === 'string';
    const having = this.#having(selector);
    const within =
      isOne || having.length === 0 ? [this.#within(isOne ? [namespaces] : namespaces)] : [];
    for (const index of shortest([...within, ...having])) {
      const { namespace, labels } = this.#items[index]!;
      const isInside = isOne ? namespace === namespaces : namespaces.has(namespace);
      if (isInside && selects(selector, labels)) yield index;
    }
  }

  #within(namespaces: Iterable<string>): Lists {
    return Array.from(namespaces, (name) => this.#byNamespace.get(name) ?? []);
  }

  /** For each requirement that only a label meets: whoever has such a label, each once. */
  #having({ matchLabels, matchExpressions }: LabelSelector): Lists[] {
    const labelled = (key: string, values: Iterable<string>): Lists =>
      Array.from(values, (value) => this.#byLabel.get(key)?.get(value) ?? []);
    return [
      ...Object.entries(matchLabels).map(([key, value]) => labelled(key, [value])),
      ...matchExpressions.flatMap(({ key, operator, values }) => {
        if (operator === 'In') return [labelled(key, new Set(values))];
        return operator === 'Exists' ? [[this.#byKey.get(key) ?? []]] : [];
      }),
    ];
  }
}

/** Read one after the other. */
type Lists = readonly (readonly number[])[];

function* shortest(choices: readonly Lists[]): Generator<number> {
  let fewest = Infinity;
  let best: Lists = [];
  for (const lists of choices) {
    const size = lists.reduce((sum, { length }) => sum + length, 0);
    if (size >= fewest) continue;
    fewest = size;
    best = lists;
  }
  for (const list of best) yield* list;
}

function add<K>(lists: Map<K, number[]>, key: K, index: number): void {
  const found = lists.get(key);
  if (found === undefined) lists.set(key, [index]);
  else found.push(index);
}
