/**
 * Distinct label selectors, and those that select an object, found without testing all: a selector is
 * kept under the label it requires that fewest others require, or under a key it requires, and only
 * what requires neither is tested on every object. Labels are own properties: `constructor` is a key
 * like any other.
 */
import type { LabelRequirement, LabelSelector, Labels } from './objects.ts';
import { isMet } from './selector.ts';

export class SelectorIndex {
  /** By id. */
  private readonly selectors: (readonly LabelRequirement[])[] = [];
  private readonly ids = new Map<string, number>();
  /** Interned and not yet filed: what is rare is known only when all of a batch are there. */
  private unfiled: number[] = [];
  private readonly byLabel = new Map<string, Map<string, number[]>>();
  private readonly byKey = new Map<string, number[]>();
  private readonly everywhere: number[] = [];
  private readonly uses = new Map<string, Map<string, number>>();
  private readonly keys = new Set<string>();

  get size(): number {
    return this.selectors.length;
  }

  /** One id for selectors that are written alike but for the order. */
  intern(selector: LabelSelector): number {
    const requirements = requirementsOf(selector);
    const text = JSON.stringify(requirements.map(textOf).sort());
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    const id = this.selectors.length;
    this.selectors.push(requirements);
    this.ids.set(text, id);
    this.unfiled.push(id);
    for (const { key } of requirements) this.keys.add(key);
    return id;
  }

  /** A text that is equal only for labels no selector tells apart. */
  relevant(labels: Labels): string {
    let text = '';
    for (const key of Object.keys(labels)) {
      // No label holds a character below the space.
      if (this.keys.has(key)) text += `${key}\n${labels[key]}\n`;
    }
    return text;
  }

  /** Ids of the selectors that select an object of these labels, in no order. */
  find(labels: Labels): number[] {
    if (this.unfiled.length > 0) this.fileAll();
    const found: number[] = [];
    const test = (ids: readonly number[] | undefined) => {
      for (const id of ids ?? []) if (this.selects(id, labels)) found.push(id);
    };
    for (const key of Object.keys(labels)) {
      if (!this.keys.has(key)) continue;
      test(this.byLabel.get(key)?.get(labels[key]!));
      test(this.byKey.get(key));
    }
    test(this.everywhere);
    return found;
  }

  private selects(id: number, labels: Labels): boolean {
    return this.selectors[id]!.every((requirement) => isMet(requirement, labels));
  }

  private fileAll(): void {
    const unfiled = this.unfiled;
    this.unfiled = [];
    for (const id of unfiled) {
      for (const { key, operator, values } of this.selectors[id]!) {
        if (operator !== 'In') continue;
        const uses = entryOf(this.uses, key, () => new Map<string, number>());
        for (const value of values) uses.set(value, (uses.get(value) ?? 0) + 1);
      }
    }
    for (const id of unfiled) this.file(id);
  }

  private file(id: number): void {
    const requirements = this.selectors[id]!;
    let rarest: LabelRequirement | undefined;
    let fewest = Infinity;
    for (const requirement of requirements) {
      if (requirement.operator !== 'In') continue;
      let uses = 0;
      for (const value of requirement.values) uses += this.uses.get(requirement.key)!.get(value)!;
      if (uses >= fewest) continue;
      fewest = uses;
      rarest = requirement;
    }
    if (rarest !== undefined) {
      const byValue = entryOf(this.byLabel, rarest.key, () => new Map<string, number[]>());
      for (const value of rarest.values) entryOf(byValue, value, () => []).push(id);
      return;
    }
    const required = requirements.find(({ operator }) => operator === 'Exists');
    if (required === undefined) this.everywhere.push(id);
    else entryOf(this.byKey, required.key, () => []).push(id);
  }
}

/** `matchLabels` and In are one thing; a value given twice counts once. */
function requirementsOf({ matchLabels, matchExpressions }: LabelSelector): LabelRequirement[] {
  return [
    ...Object.entries(matchLabels).map(([key, value]) => ({
      key,
      operator: 'In' as const,
      values: [value],
    })),
    ...matchExpressions.map(({ key, operator, values }) => ({
      key,
      operator,
      values: [...new Set(values)],
    })),
  ];
}

function textOf({ key, operator, values }: LabelRequirement): string {
  return JSON.stringify([key, operator, ...[...values].sort()]);
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
