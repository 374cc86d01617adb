/**
 * Interners: each distinct thing once, by a dense integer in the order of first sight. What is
 * interned is never given back, so an id means the same thing for as long as its interner lives.
 */
import { PairTable } from './pair-table.ts';

/** Pairs of integers of 0 or more. */
export class PairInterner {
  private readonly ids = new PairTable();
  private readonly firsts: number[] = [];
  private readonly seconds: number[] = [];

  get size(): number {
    return this.firsts.length;
  }

  intern(first: number, second: number): number {
    const known = this.ids.get(first, second);
    if (known >= 0) return known;
    const id = this.firsts.length;
    this.firsts.push(first);
    this.seconds.push(second);
    this.ids.set(first, second, id);
    return id;
  }

  first(id: number): number {
    return this.firsts[id]!;
  }

  second(id: number): number {
    return this.seconds[id]!;
  }
}

/** Sorted lists of distinct integers; the empty list is 0. */
export class ListInterner {
  private readonly ids = new Map<string, number>([['', 0]]);
  private readonly lists: Int32Array[] = [new Int32Array(0)];

  get size(): number {
    return this.lists.length;
  }

  /** @param list in any order, repetitions allowed */
  intern(list: readonly number[]): number {
    if (list.length === 0) return 0;
    const sorted = Int32Array.from(new Set(list)).sort();
    const text = sorted.join();
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    const id = this.lists.length;
    this.lists.push(sorted);
    this.ids.set(text, id);
    return id;
  }

  get(id: number): Int32Array {
    return this.lists[id]!;
  }
}

/** Texts. */
export class TextInterner {
  private readonly ids = new Map<string, number>();

  get size(): number {
    return this.ids.size;
  }

  intern(text: string): number {
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    const id = this.ids.size;
    this.ids.set(text, id);
    return id;
  }

  clear(): void {
    this.ids.clear();
  }
}
