/**
 * A set of small integers that answers "which is the k-th smallest member" in O(log n): a Fenwick
 * tree of counts. Used to draw a member uniformly in an order that does not depend on history.
 */
export class OrderedSet {
  /** One longer than `member`, whose length is a power of two. */
  private counts = new Int32Array(1025);
  private member = new Uint8Array(1024);
  private total = 0;

  get size(): number {
    return this.total;
  }

  has(value: number): boolean {
    return value < this.member.length && this.member[value] === 1;
  }

  add(value: number): void {
    while (value >= this.member.length) this.grow();
    if (this.member[value] === 1) return;
    this.member[value] = 1;
    this.total++;
    this.update(value, 1);
  }

  delete(value: number): void {
    if (!this.has(value)) return;
    this.member[value] = 0;
    this.total--;
    this.update(value, -1);
  }

  /** The member with exactly `rank` smaller ones, 0 <= rank < size. */
  at(rank: number): number {
    const counts = this.counts;
    let position = 0;
    let left = rank;
    for (let step = this.member.length; step > 0; step >>= 1) {
      const next = position + step;
      if (next < counts.length && counts[next]! <= left) {
        left -= counts[next]!;
        position = next;
      }
    }
    return position;
  }

  private update(value: number, by: number): void {
    const counts = this.counts;
    for (let i = value + 1; i < counts.length; i += i & -i) counts[i]! += by;
  }

  private grow(): void {
    const members: number[] = [];
    for (let v = 0; v < this.member.length; v++) if (this.member[v] === 1) members.push(v);
    this.member = new Uint8Array(this.member.length * 2);
    this.counts = new Int32Array(this.member.length + 1);
    this.total = 0;
    for (const v of members) {
      this.member[v] = 1;
      this.total++;
      this.update(v, 1);
    }
  }
}
