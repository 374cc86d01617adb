/**
 * What a pending event takes: growth of the resident set when an engine comes to hold a million of
 * them, after it has executed every one of them a few times, by their number. Resident memory is
 * what a machine runs out of; it counts what the list keeps for later and not what it has returned.
 */
import { exponential } from '../../core/engine/samplers.ts';
import { Streams } from '../../core/engine/stream.ts';
import type { Size } from '../benchmark.ts';
import { collectGarbage } from '../timed-loop.ts';
import { engineOver } from './event-lists.ts';

const PROCESSES = 65_536;
const PER_PROCESS = 16;
const MEAN_NS = 1000;
const TURNS = 3;

/** Bytes by pending event, of a list of `PROCESSES * PER_PROCESS * scale`. */
export function bytesPerPending({ scale }: Size): number {
  const processes = Math.ceil(PROCESSES * scale);
  const streams = new Streams();
  const stream = streams.add('pending-memory');
  const delayNs = () => 1 + Math.round(exponential(streams, stream) * MEAN_NS);
  hold(16, delayNs);
  collectGarbage();
  const before = process.memoryUsage().rss;
  const engine = hold(processes, delayNs);
  collectGarbage();
  return (process.memoryUsage().rss - before) / engine.pending;
}

/** An engine in whose every process `PER_PROCESS` events are pending, after a few turns. */
function hold(processes: number, delayNs: () => number) {
  const engine = engineOver('engine', processes);
  for (let process = 0; process < processes; process++) {
    for (let i = 0; i < PER_PROCESS; i++) engine.start(process, delayNs(), 0, 0, 0);
  }
  engine.run(TURNS * MEAN_NS, () => engine.schedule(delayNs(), 0, 0, 0));
  return engine;
}
