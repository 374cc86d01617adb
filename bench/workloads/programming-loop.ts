/**
 * The loop over (write, node) pairs that a run of a large cluster spends its time in: 5,000 nodes
 * under 20 pod changes a second, without traffic. Every `ZoneAdvance` event lets the nodes of one
 * zone catch up with the log of writes; these events alone are timed, and every sample they add to
 * the histogram of programming times counts, its eight stages included.
 */

import { dispatcher } from '../../core/network/dispatch.ts';
import { EventKind } from '../../core/network/event-kind.ts';
import { buildWorld, startWorld } from '../../core/network/world.ts';
import { plainPorts } from '../../core/plain-plans.ts';
import type { Plan } from '../../core/plan.ts';
import type { Measurement, Size } from '../benchmark.ts';
import { collectGarbage, hex, secondsSince, watchCollections } from '../timed-loop.ts';
import { benchmarkPlan } from './plans.ts';

const NODES = 5000;
const WARM_UP_NS = 120e9;
const HORIZON_NS = 720e9;

export async function programmingLoop({ scale }: Size): Promise<Measurement> {
  const plan = planOf(scale);
  const world = buildWorld(plan, 0);
  startWorld(world);
  const dispatch = dispatcher(world);
  let catchingUp = 0;
  const timed = (kind: number, process: number, a: number, b: number): void => {
    if (kind !== EventKind.ZoneAdvance) return dispatch(kind, process, a, b);
    const start = performance.now();
    dispatch(kind, process, a, b);
    catchingUp += performance.now() - start;
  };
  const { engine, recorder } = world;
  engine.run(plan.warmUpNs, timed);
  collectGarbage();
  const watch = watchCollections();
  catchingUp = 0;
  const start = process.hrtime.bigint();
  engine.run(plan.warmUpNs + plan.horizonNs, timed);
  const wholeSeconds = secondsSince(start);
  const collections = await watch.inTheLast(wholeSeconds);
  world.proxies.advanceAll();
  const { lines, stride } = recorder.networkProgramming;
  let samples = 0;
  let hash = 0;
  for (let at = 0; at < lines.length; at += stride) {
    samples += lines[at]!;
    for (let i = at; i < at + stride; i++) hash = (Math.imul(hash, 31) + lines[i]!) | 0;
  }
  return {
    units: samples,
    seconds: catchingUp / 1e3,
    collections,
    hash: hex(hash),
    extras: { wholeRunSamplesPerSecond: samples / wholeSeconds },
  };
}

function planOf(scale: number): Plan {
  const nodes = Math.ceil(NODES * Math.sqrt(scale));
  return benchmarkPlan(nodes, {
    warmUpNs: WARM_UP_NS,
    horizonNs: Math.ceil((HORIZON_NS * Math.sqrt(scale)) / 1e9) * 1e9,
    populations: [
      {
        name: 'apps',
        count: 200,
        ports: plainPorts(1),
        endpoints: { kind: 'constant', value: 20 },
      },
    ],
    podChangesPerSecond: 20,
  });
}
