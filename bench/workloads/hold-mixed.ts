/**
 * The hold model (each event schedules one more, so the number pending is constant) with the delays
 * of a network simulator at once: packets of microseconds, timers of milliseconds, a periodic
 * tick, waits of half a minute. Most events belong to the present and most of those pending to the
 * far future, which is hard on lists that divide time evenly.
 */
import { exponential } from '../../core/engine/samplers.ts';
import { Streams } from '../../core/engine/stream.ts';
import type { Workload } from '../timed-loop.ts';
import { EventHash, engineOver, type ListName, steps } from './event-lists.ts';

const PROCESSES = 1024;
const PENDING = 16 * PROCESSES;
const MILLISECOND_NS = 1e6;
const STEP_NS = 50e6;

export function holdMixed(list: ListName): Workload {
  const engine = engineOver(list, PROCESSES);
  const streams = new Streams();
  const stream = streams.add('hold-mixed');
  const hash = new EventHash();

  const delayNs = (): number => {
    const share = streams.uniform(stream);
    if (share < 0.5) return 1000 + streams.below(stream, 50_000);
    if (share < 0.81) return Math.round(exponential(streams, stream) * MILLISECOND_NS);
    // To the next tick: many at one instant.
    if (share < 0.93) return MILLISECOND_NS - (engine.nowNs % MILLISECOND_NS);
    if (share < 0.99) return Math.floor(streams.uniform(stream) * 30e9);
    return 0;
  };
  for (let i = 0; i < PENDING; i++) {
    engine.start(i % PROCESSES, streams.below(stream, 1e9), 0, 0, 0);
  }
  const dispatch = (_kind: number, process: number): void => {
    hash.add(process, engine.nowNs);
    engine.schedule(delayNs(), 0, 0, 0);
  };
  return steps(engine, STEP_NS, dispatch, () => hash.value);
}
