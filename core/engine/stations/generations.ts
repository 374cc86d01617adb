/**
 * Failure without removal: what an entity has scheduled carries the generation in which it was
 * scheduled, and a failure begins the next one. An event of an older generation is popped in its turn
 * and ignored, or counted as lost: that is where conservation is kept, since a station does not know
 * who waits at it. The station itself is emptied by its `voidStation` (of `visit`: by setting its last
 * departure to the time of the failure). Both are O(1) in the number of events.
 */
export class Generations {
  private readonly generation: Int32Array;

  constructor(entities: number) {
    this.generation = new Int32Array(entities);
  }

  /** The generation of what entity `at` schedules now. */
  of(at: number): number {
    return this.generation[at]!;
  }

  /** Voids all that entity `at` has scheduled so far. */
  advance(at: number): void {
    this.generation[at]!++;
  }
}
