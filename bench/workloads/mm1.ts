/** A station with one server at load 0.8, Poisson arrivals: an event a customer, two draws, a visit. */
import { exponential } from '../../core/engine/samplers.ts';
import { visit } from '../../core/engine/station.ts';
import { Streams } from '../../core/engine/stream.ts';
import type { Workload } from '../timed-loop.ts';
import { EventHash, engineOver, type ListName, steps } from './event-lists.ts';

const MEAN_GAP_NS = 1000;
const MEAN_SERVICE_NS = 800;
const STEP_NS = 1e6;

export function mm1(list: ListName): Workload {
  const engine = engineOver(list, 1);
  const streams = new Streams();
  const stream = streams.add('mm1');
  const departures = new Float64Array(1);
  const hash = new EventHash();
  engine.start(0, 0, 0, 0, 0);
  const dispatch = (): void => {
    const serviceNs = Math.round(exponential(streams, stream) * MEAN_SERVICE_NS);
    hash.add(0, visit(departures, 0, engine.nowNs, serviceNs));
    engine.schedule(Math.round(exponential(streams, stream) * MEAN_GAP_NS), 0, 0, 0);
  };
  return steps(engine, STEP_NS, dispatch, () => hash.value);
}
