/**
 * Everything a policy can ask of an entity, each distinct question once: is it a pod of these
 * namespaces and labels, a node of these labels, an address of this block. The same predicate serves
 * as the subject of one policy and as a peer of another. What an entity satisfies is interned as a
 * list, so entities that no policy tells apart share it; namespaces are reduced in the same way, to
 * the terms they meet. Ids are never taken back.
 */
import { AddressForest } from './address-forest.ts';
import { ListInterner, TextInterner } from './interners.ts';
import type { Address, AddressRange, LabelSelector, Labels } from './objects.ts';
import { PairTable } from './pair-table.ts';
import { SelectorIndex } from './selector-index.ts';

/** Of a predicate that does not look at a namespace. */
export const NO_TERM = -1;

/** A way to choose namespaces, by name or by selector, and the predicates on pods inside. */
interface Term {
  /** Predicate by pod selector. */
  readonly pods: Map<number, number>;
  /** Predicate on host-network pods; undefined if no policy asks. */
  hostPods: number | undefined;
}

export class Predicates {
  /** By predicate: its namespace term. */
  private readonly terms: number[] = [];
  private readonly namespaceTerms: Term[] = [];
  private readonly termByName = new Map<string, number>();
  private readonly termBySelector = new Map<number, number>();
  private readonly namespaceSelectors = new SelectorIndex();
  private readonly podSelectors = new SelectorIndex();
  private readonly nodeSelectors = new SelectorIndex();
  private readonly nodePredicates = new Map<number, number>();
  private readonly blocks = new AddressForest();
  private readonly blockPredicates = new Map<string, number>();
  private readonly lists = new ListInterner();

  /** What pods were found to satisfy: selectors by relevant labels, lists by these and namespace class. */
  private readonly labelTexts = new TextInterner();
  private selectedByText: ReadonlySet<number>[] = [];
  private readonly listByClassAndText = new PairTable();

  get size(): number {
    return this.terms.length;
  }

  /** Pods of one namespace, or of those selected, that the pod selector selects. */
  pods(namespaces: string | LabelSelector, podSelector: LabelSelector): number {
    const term = this.term(namespaces);
    const { pods } = this.namespaceTerms[term]!;
    return orElse(pods, this.podSelectors.intern(podSelector), () => this.add(term));
  }

  /** Host-network pods of the namespaces selected. */
  hostPods(namespaces: LabelSelector): number {
    const term = this.term(namespaces);
    const ofTerm = this.namespaceTerms[term]!;
    ofTerm.hostPods ??= this.add(term);
    return ofTerm.hostPods;
  }

  nodes(selector: LabelSelector): number {
    const of = this.nodeSelectors.intern(selector);
    return orElse(this.nodePredicates, of, () => this.add(NO_TERM));
  }

  /** Addresses in any of the ranges and in none of `except`. */
  block(ranges: readonly AddressRange[], except: readonly AddressRange[]): number {
    const text = [ranges, except].map((list) => list.map(rangeText).sort().join()).join(' except ');
    return orElse(this.blockPredicates, text, () => {
      const predicate = this.add(NO_TERM);
      this.blocks.add(predicate, ranges, except);
      return predicate;
    });
  }

  /** The namespace term of a predicate, or NO_TERM. */
  termOf(predicate: number): number {
    return this.terms[predicate]!;
  }

  /** The list of terms that a namespace of this name and these labels meets. */
  namespaceClass(name: string, labels: Labels): number {
    const met: number[] = this.namespaceSelectors
      .find(labels)
      .map((selector) => this.termBySelector.get(selector)!);
    const own = this.termByName.get(name);
    return this.lists.intern(own === undefined ? met : [own, ...met]);
  }

  /** The list of predicates that a pod of these labels satisfies, in a namespace of that class. */
  ofPod(namespaceClass: number, labels: Labels): number {
    const text = this.labelTexts.intern(this.podSelectors.relevant(labels));
    const known = this.listByClassAndText.get(namespaceClass, text);
    if (known >= 0) return known;
    this.selectedByText[text] ??= new Set(this.podSelectors.find(labels));
    const list = this.lists.intern(this.inTerms(namespaceClass, this.selectedByText[text]!));
    this.listByClassAndText.set(namespaceClass, text, list);
    return list;
  }

  /** The same for a host-network pod, which is also found as the node it runs on. */
  ofHostPod(namespaceClass: number, nodeLabels: Labels | undefined): number {
    const satisfied: number[] = [];
    for (const term of this.lists.get(namespaceClass)) {
      const predicate = this.namespaceTerms[term]!.hostPods;
      if (predicate !== undefined) satisfied.push(predicate);
    }
    return this.lists.intern([...satisfied, ...this.onNodes(nodeLabels)]);
  }

  ofNode(labels: Labels): number {
    return this.lists.intern(this.onNodes(labels));
  }

  /** The list of predicates on addresses that hold for any of these. */
  ofAddresses(addresses: readonly Address[]): number {
    if (this.blockPredicates.size === 0 || addresses.length === 0) return 0;
    if (addresses.length === 1) return this.lists.intern(this.blocks.find(addresses[0]!));
    return this.lists.intern(addresses.flatMap((address) => this.blocks.find(address)));
  }

  /** The terms, or the predicates, of a list. */
  list(id: number): Int32Array {
    return this.lists.get(id);
  }

  /** To be called after new predicates: what pods satisfy is found anew. */
  forgetPods(): void {
    this.labelTexts.clear();
    this.selectedByText = [];
    this.listByClassAndText.clear();
  }

  private inTerms(namespaceClass: number, selected: ReadonlySet<number>): number[] {
    const satisfied: number[] = [];
    for (const term of this.lists.get(namespaceClass)) {
      const { pods } = this.namespaceTerms[term]!;
      if (pods.size <= selected.size) {
        for (const [selector, predicate] of pods) {
          if (selected.has(selector)) satisfied.push(predicate);
        }
        continue;
      }
      for (const selector of selected) {
        const predicate = pods.get(selector);
        if (predicate !== undefined) satisfied.push(predicate);
      }
    }
    return satisfied;
  }

  private onNodes(labels: Labels | undefined): number[] {
    if (labels === undefined) return [];
    return this.nodeSelectors.find(labels).map((selector) => this.nodePredicates.get(selector)!);
  }

  private term(namespaces: string | LabelSelector): number {
    return typeof namespaces === 'string'
      ? orElse(this.termByName, namespaces, () => this.addTerm())
      : orElse(this.termBySelector, this.namespaceSelectors.intern(namespaces), () =>
          this.addTerm(),
        );
  }

  private addTerm(): number {
    return this.namespaceTerms.push({ pods: new Map(), hostPods: undefined }) - 1;
  }

  private add(term: number): number {
    return this.terms.push(term) - 1;
  }
}

function rangeText({ family, first, last }: AddressRange): string {
  return `${family}:${first}-${last}`;
}

function orElse<K>(map: Map<K, number>, key: K, make: () => number): number {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
