/**
 * Which address blocks hold an address. CIDRs are nested or disjoint, so the distinct ones form a
 * forest: the innermost that holds an address is found by bisection, all others are its ancestors.
 * A block is an id that some CIDRs include and others (its `except`) exclude again. Memory is linear
 * in the CIDRs; what the ancestors of one add up to is computed once.
 */
import type { Address, AddressRange } from './objects.ts';

/** IPv4 addresses are numbers, which compare faster. */
type Bound = number | bigint;

interface Cidr {
  readonly first: Bound;
  readonly last: Bound;
  readonly includes: number[];
  readonly excludes: number[];
}

interface Tree {
  readonly byText: Map<string, Cidr>;
  /** By first address, the wider first; built when asked. */
  sorted: Cidr[] | undefined;
  parents: number[];
  /** Blocks that hold an address of which the CIDR is the innermost, by place; undefined: not yet asked. */
  blocks: (readonly number[] | undefined)[];
}

const NONE: readonly number[] = [];

export class AddressForest {
  private readonly trees: Readonly<Record<4 | 6, Tree>> = { 4: emptyTree(), 6: emptyTree() };

  /** Block `id` is the addresses in any of `ranges` and in none of `except`. */
  add(id: number, ranges: readonly AddressRange[], except: readonly AddressRange[]): void {
    for (const range of ranges) this.cidr(range).includes.push(id);
    for (const range of except) this.cidr(range).excludes.push(id);
  }

  /** Ids of the blocks that hold the address, in no order. */
  find({ family, value }: Address): readonly number[] {
    const tree = this.trees[family];
    if (tree.byText.size === 0) return NONE;
    tree.sorted ?? build(tree);
    const at = innermost(tree, family === 4 ? Number(value) : value);
    if (at < 0) return NONE;
    const known = tree.blocks[at];
    if (known !== undefined) return known;
    const blocks = blocksAt(tree, at);
    tree.blocks[at] = blocks;
    return blocks;
  }

  private cidr({ family, first, last }: AddressRange): Cidr {
    const tree = this.trees[family];
    tree.sorted = undefined;
    const text = `${first}-${last}`;
    const known = tree.byText.get(text);
    if (known !== undefined) return known;
    const cidr: Cidr = {
      first: family === 4 ? Number(first) : first,
      last: family === 4 ? Number(last) : last,
      includes: [],
      excludes: [],
    };
    tree.byText.set(text, cidr);
    return cidr;
  }
}

function emptyTree(): Tree {
  return { byText: new Map(), sorted: undefined, parents: [], blocks: [] };
}

function build(tree: Tree): void {
  const sorted = [...tree.byText.values()].sort((a, b) =>
    a.first === b.first ? compare(b.last, a.last) : compare(a.first, b.first),
  );
  const parents: number[] = [];
  for (const [at, { first }] of sorted.entries()) {
    let parent = at - 1;
    while (parent >= 0 && sorted[parent]!.last < first) parent = parents[parent]!;
    parents.push(parent);
  }
  tree.sorted = sorted;
  tree.parents = parents;
  tree.blocks = new Array<undefined>(sorted.length).fill(undefined);
}

/** -1 if no CIDR holds the address. */
function innermost({ sorted = [], parents }: Tree, address: Bound): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]!.first <= address) low = middle + 1;
    else high = middle;
  }
  let at = low - 1;
  while (at >= 0 && sorted[at]!.last < address) at = parents[at]!;
  return at;
}

function blocksAt({ sorted = [], parents }: Tree, innermostCidr: number): number[] {
  const included = new Set<number>();
  const excluded = new Set<number>();
  for (let at = innermostCidr; at >= 0; at = parents[at]!) {
    for (const id of sorted[at]!.includes) included.add(id);
    for (const id of sorted[at]!.excludes) excluded.add(id);
  }
  return [...included].filter((id) => !excluded.has(id));
}

function compare(a: Bound, b: Bound): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
