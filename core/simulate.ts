/**
 * One replication of one point: `plan -> cell`. A pure function of its arguments: no clock, no
 * environment, no other source of randomness than the plan's seed. It runs on one thread, or as one of
 * several partitions that each call `simulatePartition`; the cell is the same.
 */
import { assert } from './assert.ts';
import type { Cell } from './metrics/cell.ts';
import { conductorOf } from './network/conductor.ts';
import { readGauges, snapshot } from './network/gauges.ts';
import { harvest } from './network/harvest.ts';
import { buildWorld, startWorld, type World, type WorldPartition } from './network/world.ts';
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
 * every node and every pod created in it is Ready, or for the plan's drain time; longer only for
 * clients that still send their first packet again, until they give up.
 */
export function simulate(
  plan: Plan,
  replication: number,
  progress?: Float64Array,
  trace?: Trace,
): Cell {
  const world = buildWorld(plan, replication, { trace });
  const cell = run(world, replication, progress);
  trace?.observer?.ended(world.proxies.programmedEverywhere());
  assert(cell !== null, 'a run on one thread has a cell');
  return cell;
}

/**
 * Simulates one partition of a replication, in step with the others. The first partition returns the
 * cell of the whole run, the others null.
 *
 * @throws TablesFullError when the run needs more room than `partition` has
 */
export function simulatePartition(
  plan: Plan,
  replication: number,
  partition: WorldPartition,
  progress?: Float64Array,
): Cell | null {
  return run(buildWorld(plan, replication, { partition }), replication, progress);
}

function run(world: World, replication: number, progress?: Float64Array): Cell | null {
  const { conntrack, engine, plan, proxies, recorder, requests, topology } = world;
  const conductor = conductorOf(world);
  const endNs = recorder.toNs + plan.drainNs;
  const runTo = (untilNs: number) => {
    while (engine.nowNs < untilNs) {
      conductor.runTo(Math.min(untilNs, engine.nowNs + SLICE_NS));
      const executed = conductor.executed();
      if (progress === undefined) continue;
      progress[0] = Math.min(1, engine.nowNs / recorder.toNs);
      progress[1] = executed;
    }
  };
  // What was written last may be received at this very instant.
  const catchUp = () => {
    conductor.meet();
    proxies.advanceAll();
    conntrack.settle((node) => engine.owns(topology.nodeProcess(node)));
  };
  startWorld(world);
  runTo(recorder.fromNs);
  const from = snapshot(world);
  runTo(recorder.toNs);
  catchUp();
  const to = snapshot(world);
  // Gauges read nodes of all partitions: nobody may still be on the way, nobody go on before.
  conductor.meet();
  const gauges = readGauges(world);
  conductor.meet();
  while (engine.nowNs < endNs && !conductor.isSettled()) {
    runTo(Math.min(endNs, engine.nowNs + SLICE_NS));
  }
  while (engine.nowNs < recorder.toNs + requests.patienceNs && !conductor.isAnswered()) {
    runTo(engine.nowNs + SLICE_NS);
  }
  catchUp();
  return conductor.collect() ? harvest(world, replication, from, to, gauges) : null;
}
