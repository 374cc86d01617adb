/**
 * What a benchmark is, for those who write one and for those who run them. A benchmark measures one
 * thing in up to three variants; each (benchmark, variant) runs in a process of its own, so that no
 * other has shaped its compiled code or its heap. The list of them is `engine.ts`.
 */

/**
 * `engine`: the thing itself, on one core. `heap`: the same with a 4-ary heap as event list.
 * `parallel`: the same, partitioned over two workers or as the automatic choice decides.
 */
export type Variant = 'engine' | 'heap' | 'parallel';
export const VARIANTS: readonly Variant[] = ['engine', 'heap', 'parallel'];

/** What all measurements of a run have in common. */
export interface Size {
  /** Share of the full number of events; 1 in a real run. */
  readonly scale: number;
  /** Rounds of `mix` (`phold.ts`) in a nanosecond, measured once so that all do the same work. */
  readonly mixingRoundsPerNs: number;
}

export interface Measurement {
  /** What was timed: events, records, windows or samples, and how long it took. */
  readonly units: number;
  readonly seconds: number;
  /** Garbage collections during the timed part; null where garbage is not the question. */
  readonly collections: number | null;
  /** Of everything computed, in order: equal for all variants and rounds of one size. */
  readonly hash: string;
  /** More figures of this benchmark, by the name they get in the results. */
  readonly extras?: Readonly<Record<string, number>>;
}

export interface Benchmark {
  readonly name: string;
  /** What it does, in a line of `--help`. */
  readonly about: string;
  readonly variants: {
    readonly [V in Variant]?: (size: Size) => Measurement | Promise<Measurement>;
  };
  /** Figures measured once, each in a process of its own. */
  readonly once?: Readonly<Partial<Record<OnceFigure, (size: Size) => number | Promise<number>>>>;
}

/**
 * `bytesPerPending`: growth of the process by pending event, where a million are pending.
 * `collections`: of ten million events, instead of those of the timed part.
 */
export type OnceFigure = 'bytesPerPending' | 'collections';
