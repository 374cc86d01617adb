/**
 * What a traced run writes down about each slice write and each (write, node), for `why`-like
 * questions and for the differential test. A run without a trace pays one comparison a sync.
 */
export interface Trace {
  readonly writes: TracedWrite[];
  readonly samples: TracedSample[];
}

export interface TracedWrite {
  /** Index of the Service: `Plan.services` first, then the populations' in order. */
  readonly service: number;
  readonly triggerNs: number;
  /** The controller knows the oldest change. */
  readonly knownNs: number;
  readonly syncStartNs: number;
  readonly requestNs: number;
  readonly commitNs: number;
  /** Endpoints in the slice after the write, whatever their state. */
  readonly endpoints: number;
}

/** One write at one node. `write` is an index into `writes`. */
export interface TracedSample {
  readonly write: number;
  readonly node: number;
  readonly receivedNs: number;
  readonly syncStartNs: number;
  readonly kernelStartNs: number;
  readonly visibleNs: number;
}
