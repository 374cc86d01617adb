/**
 * The event lists that are compared, and what every workload of the bare engine needs: an engine
 * over one of them whose logical processes are all of one group, and a hash of what it executes.
 */
import { type Dispatch, Engine, type EventList } from '../../core/engine/engine.ts';
import { FutureEventList } from '../../core/engine/future-event-list.ts';
import { HeapEventList } from '../peers/heap-event-list.ts';
import type { Workload } from '../timed-loop.ts';

export type ListName = 'engine' | 'heap';

export function eventList(name: ListName): EventList {
  return name === 'engine' ? new FutureEventList() : new HeapEventList();
}

/** `processes` logical processes between which any latency is legal. */
export function engineOver(list: ListName, processes: number): Engine {
  return new Engine(
    { groupOf: new Int32Array(processes), groups: 1, lookaheadNs: new Float64Array(1) },
    eventList(list),
  );
}

/** A hash of (process, time) of every event, in order; cheap beside an event. */
export class EventHash {
  value = 0;

  add(process: number, nowNs: number): void {
    this.value = (Math.imul(this.value, 31) + process + nowNs) | 0;
  }
}

/** Runs whole steps of `stepNs` until so many events are executed. */
export function steps(
  engine: Engine,
  stepNs: number,
  dispatch: Dispatch,
  hash: () => number,
): Workload {
  return {
    run(events) {
      const from = engine.executed;
      while (engine.executed - from < events) engine.run(engine.nowNs + stepNs, dispatch);
      return engine.executed - from;
    },
    hash,
  };
}
