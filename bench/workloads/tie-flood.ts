/**
 * 100,000 events at one instant, again and again: each schedules one for the next instant. They go
 * to processes in a shuffled order, so that the list sees its keys out of order and has to sort.
 */
import { Streams } from '../../core/engine/stream.ts';
import type { Workload } from '../timed-loop.ts';
import { EventHash, engineOver, type ListName, steps } from './event-lists.ts';

const EVENTS = 100_000;
const INSTANT_NS = 1000;

export function tieFlood(list: ListName): Workload {
  const engine = engineOver(list, EVENTS);
  const target = shuffled(EVENTS);
  const hash = new EventHash();
  for (let process = 0; process < EVENTS; process++) engine.start(process, 0, 0, 0, 0);
  const dispatch = (_kind: number, process: number): void => {
    hash.add(process, engine.nowNs);
    engine.send(target[process]!, INSTANT_NS, 0, 0, 0);
  };
  return steps(engine, INSTANT_NS, dispatch, () => hash.value);
}

/** A permutation of 0 .. n - 1, by Durstenfeld's shuffle. */
function shuffled(n: number): Int32Array {
  const streams = new Streams();
  const stream = streams.add('tie-flood');
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = streams.below(stream, i + 1);
    const moved = order[i]!;
    order[i] = order[j]!;
    order[j] = moved;
  }
  return order;
}
