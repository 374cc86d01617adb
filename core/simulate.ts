/**
 * One replication of one point: `plan -> cell`. A pure function of its arguments: no clock, no
 * environment, no other source of randomness than the plan's seed.
 */
import type { Cell } from './metrics/cell.ts';
import { dispatcher } from './network/dispatch.ts';
import { harvest, readGauges, snapshot } from './network/harvest.ts';
import { buildWorld, startWorld, type World } from './network/world.ts';
import type { Plan } from './plan.ts';
import type { Trace } from './trace.ts';

/** Simulated time between two looks at whether a run can end, and between progress reports. */
const SLICE_NS = 1e9;

/**
 * Simulates replication `replication` of `plan`. `progress[0]` is set to the simulated share
 * (0 to 1) and `progress[1]` to the events executed, about once per simulated second; `trace` is
 * filled with every write and, for each node, when it was programmed.
 *
 * The run goes on after the measured window until every change triggered in it is programmed on
 * every node and every pod created in it is Ready, or for the plan's drain time.
 */
export function simulate(
  plan: Plan,
  replication: number,
  progress?: Float64Array,
  trace?: Trace,
): Cell {
  const world = buildWorld(plan, replication, trace ?? null);
  startWorld(world);
  const dispatch = dispatcher(world);
  const { engine, recorder } = world;
  const endNs = recorder.toNs + plan.drainNs;
  const runTo = (untilNs: number) => {
    while (engine.nowNs < untilNs) {
      engine.run(Math.min(untilNs, engine.nowNs + SLICE_NS), dispatch);
      if (progress !== undefined) {
        progress[0] = Math.min(1, engine.nowNs / recorder.toNs);
        progress[1] = engine.executed;
      }
    }
  };
  runTo(recorder.fromNs);
  const from = snapshot(world);
  runTo(recorder.toNs);
  world.proxies.advanceAll();
  const to = snapshot(world);
  const gauges = readGauges(world);
  while (engine.nowNs < endNs && !isSettled(world)) {
    runTo(Math.min(endNs, engine.nowNs + SLICE_NS));
  }
  world.proxies.advanceAll();
  return harvest(world, replication, from, to, gauges);
}

/** Nothing that counts is under way any more. */
function isSettled(world: World): boolean {
  const { recorder, pods, proxies, slices, requests } = world;
  const { fromNs, toNs } = recorder;
  return (
    recorder.openTriggers === 0 &&
    proxies.outstanding === 0 &&
    proxies.unready === 0 &&
    slices.owedWrites(fromNs, toNs, () => true) === 0 &&
    pods.starting(fromNs, toNs) === 0 &&
    requests.inFlight() === 0
  );
}
