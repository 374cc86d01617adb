/**
 * A whole run as `--partitions auto` runs it when it has two workers to itself, against the same run on
 * one thread: a cluster of sites that are far apart, whose windows pay, and one whose nodes are close to
 * their apiservers, which is to be left whole.
 */

import type { Cell } from '../../core/metrics/cell.ts';
import { plainPorts, trafficToAll } from '../../core/plain-plans.ts';
import type { Plan } from '../../core/plan.ts';
import { simulate } from '../../core/simulate.ts';
import { chooseExecution } from '../../workers/execution.ts';
import { makeGangPool } from '../../workers/gang-pool.ts';
import type { Benchmark, Measurement, Size } from '../benchmark.ts';
import { secondsSince } from '../timed-loop.ts';
import { hashOfCell } from './hash-of-cell.ts';
import { benchmarkPlan } from './plans.ts';

const WORKERS = 2;
const NODES = 600;
const REQUESTS_PER_SECOND = 30_000;
const HORIZON_NS = 90e9;
const ZONES = { far: 12, near: 3 } as const;
const APART_NS = { far: 5e6, near: 500e3 } as const;

/** Share of a run that is run before. */
const WARM_UP = 0.1;

type Distance = keyof typeof APART_NS;

export function automatic(distance: Distance): Benchmark {
  return {
    name: distance === 'far' ? 'automatic' : 'automatic-near',
    about: `a run of ${ZONES[distance]} sites ${APART_NS[distance] / 1e6} ms apart, divided where that pays`,
    variants: {
      engine: async (size) => onOneThread(size, distance),
      parallel: async (size) => asChosen(size, distance),
    },
  };
}

async function onOneThread({ scale }: Size, distance: Distance): Promise<Measurement> {
  simulate(planOf(WARM_UP * scale, distance), 0);
  return measured(async () => simulate(planOf(scale, distance), 1));
}

async function asChosen(size: Size, distance: Distance): Promise<Measurement> {
  const plan = planOf(size.scale, distance);
  const execution = chooseExecution([{ plan, cost: 1 }], WORKERS, 'auto');
  if (execution.partitions === 1) return onOneThread(size, distance);
  const pool = makeGangPool({ execution, wanted: 'auto' });
  const run = async (of: Plan, replication: number): Promise<Cell> => {
    const progress = new SharedArrayBuffer(16);
    const outcome = await pool.run({ plan: of, replication, progress });
    if (outcome.kind === 'bug') throw new Error(outcome.message);
    return outcome.cell;
  };
  try {
    await run(planOf(WARM_UP * size.scale, distance), 0);
    return await measured(() => run(plan, 1));
  } finally {
    await pool.destroy();
  }
}

async function measured(simulated: () => Promise<Cell>): Promise<Measurement> {
  const start = process.hrtime.bigint();
  const cell = await simulated();
  const seconds = secondsSince(start);
  return { units: cell.events, seconds, collections: null, hash: hashOfCell(cell) };
}

function planOf(scale: number, distance: Distance): Plan {
  const plan = benchmarkPlan(NODES, {
    horizonNs: Math.ceil((HORIZON_NS * scale) / 1e9) * 1e9,
    populations: [
      {
        name: 'apps',
        count: 300,
        ports: plainPorts(1),
        endpoints: { kind: 'constant', value: 10 },
      },
    ],
    podChangesPerSecond: 5,
    traffic: [trafficToAll(REQUESTS_PER_SECOND)],
  });
  const { cluster } = plan;
  const topology = {
    ...cluster.topology,
    zones: ZONES[distance],
    regionLatencyNs: APART_NS[distance],
    externalLatencyNs: 1e6,
  };
  return { ...plan, cluster: { ...cluster, topology } };
}
