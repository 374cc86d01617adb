/**
 * Other simulators on the same workload, in the same run: PHOLD with 1,024 processes, 16 events
 * each, 10% to another process, delays of 100 ns + Exp(900 ns), written as their manuals write
 * models. None of them is needed: one that is absent is skipped with what to do about it.
 */

/** The benchmark that peers are measured beside. */
export const PEER_BENCHMARK = 'phold-1024-r10';

export interface PeerMeasurement {
  readonly events: number;
  readonly seconds: number;
}

export interface Peer {
  readonly name: string;
  /** Why it cannot be measured and how to install it; null when it is there. */
  absent(): Promise<string | null>;
  /** Runs once, in a process of its own, after a warm-up. */
  measure(): Promise<PeerMeasurement>;
}

/** The parameters of the workload; the programs in other languages repeat them. */
export const PROCESSES = 1024;
export const EVENTS_PER_PROCESS = 16;
export const REMOTE = 0.1;
export const LOOKAHEAD_NS = 100;
export const MEAN_NS = 900;
