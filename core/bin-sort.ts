/**
 * Sorts times that are spread over their span without many of them in one place, in a time that grows
 * with their number alone: each goes to one of as many bins as there are times, and what is left is
 * nearly sorted. Of times that crowd in a few bins, pairs are compared: correct, but slow. Allocates
 * nothing.
 */
export class BinSort {
  /** The times in ascending order. */
  readonly sorted: Float64Array;
  /** Where each of them was. */
  readonly order: Int32Array;
  /** By bin, how many times are in it or in one before it. */
  private readonly bins: Int32Array;
  private count = 0;
  private least = 0;
  private scale = 0;

  /** @param most times that are sorted at once */
  constructor(most: number) {
    this.sorted = new Float64Array(most);
    this.order = new Int32Array(most);
    this.bins = new Int32Array(most + 1);
  }

  /** How many of the times that were sorted last are before `time`. */
  before(time: number): number {
    const { sorted, count } = this;
    if (time <= sorted[0]!) return 0;
    if (time > sorted[count - 1]!) return count;
    const bin = ((time - this.least) * this.scale) | 0;
    let rank = bin === 0 ? 0 : this.bins[bin - 1]!;
    while (sorted[rank]! < time) rank++;
    return rank;
  }

  /** Sorts the first `count` of `times`. */
  sort(times: Float64Array, count: number): void {
    const { sorted, order } = this;
    this.spread(times, count);
    for (let rank = 0; rank < count; rank++) {
      const from = order[rank]!;
      const time = times[from]!;
      let place = rank;
      for (; place > 0 && sorted[place - 1]! > time; place--) {
        sorted[place] = sorted[place - 1]!;
        order[place] = order[place - 1]!;
      }
      sorted[place] = time;
      order[place] = from;
    }
  }

  /** Enters in `order` the times by bin. */
  private spread(times: Float64Array, count: number): void {
    const { order, bins } = this;
    let least = times[0]!;
    let greatest = least;
    for (let i = 1; i < count; i++) {
      const time = times[i]!;
      if (time < least) least = time;
      else if (time > greatest) greatest = time;
    }
    const scale = (count - 1) / Math.max(1, greatest - least);
    this.count = count;
    this.least = least;
    this.scale = scale;
    bins.fill(0, 0, count + 1);
    for (let i = 0; i < count; i++) bins[(((times[i]! - least) * scale) | 0) + 1]!++;
    for (let bin = 1; bin <= count; bin++) bins[bin]! += bins[bin - 1]!;
    for (let i = 0; i < count; i++) order[bins[((times[i]! - least) * scale) | 0]!++] = i;
  }
}
