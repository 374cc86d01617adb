/**
 * Exceptions of ingress, (class of sources, content, answer) each, kept until there are many of them
 * and then found by class: so that memory does not grow with the number of all there are.
 */

/** 64 MiB, twice while they are sorted by class. */
const MOST = 1 << 22;
const FIELDS = 3;

export class ExceptionBatch {
  private readonly classes: number;
  private entries = new Int32Array(FIELDS * 1024);
  private size = 0;

  /** @param classes numbers of classes are below this */
  constructor(classes: number) {
    this.classes = classes;
  }

  get isEmpty(): boolean {
    return this.size === 0;
  }

  get isFull(): boolean {
    return this.size >= MOST;
  }

  add(peerClass: number, content: number, answer: number): void {
    const at = FIELDS * this.size++;
    if (at === this.entries.length) {
      const grown = new Int32Array(2 * at);
      grown.set(this.entries);
      this.entries = grown;
    }
    this.entries[at] = peerClass;
    this.entries[at + 1] = content;
    this.entries[at + 2] = answer;
  }

  /** Empties the batch; returns a way to visit the exceptions that a class is. */
  take(): (peerClass: number, visit: (content: number, answer: number) => void) => void {
    const { entries } = this;
    const used = FIELDS * this.size;
    const ends = new Int32Array(this.classes + 1);
    for (let at = 0; at < used; at += FIELDS) ends[entries[at]! + 1]!++;
    for (let peerClass = 0; peerClass < this.classes; peerClass++) {
      ends[peerClass + 1]! += ends[peerClass]!;
    }
    const next = ends.slice();
    const sorted = new Int32Array(2 * this.size);
    for (let at = 0; at < used; at += FIELDS) {
      const to = 2 * next[entries[at]!]!++;
      sorted[to] = entries[at + 1]!;
      sorted[to + 1] = entries[at + 2]!;
    }
    this.size = 0;
    return (peerClass, visit) => {
      for (let at = ends[peerClass]!; at < ends[peerClass + 1]!; at++) {
        visit(sorted[2 * at]!, sorted[2 * at + 1]!);
      }
    };
  }
}
