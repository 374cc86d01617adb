/**
 * A whole run of a small cluster whose pods do little else than talk: 100 nodes, 20,000 requests a
 * second, no churn. All but a few of the events executed are packets and the wake-ups between them.
 */

import { plainPorts, trafficToAll } from '../../core/plain-plans.ts';
import type { Plan } from '../../core/plan.ts';
import { simulate } from '../../core/simulate.ts';
import type { Measurement, Size } from '../benchmark.ts';
import { secondsSince } from '../timed-loop.ts';
import { hashOfCell } from './hash-of-cell.ts';
import { benchmarkPlan } from './plans.ts';

const NODES = 100;
const REQUESTS_PER_SECOND = 20_000;
const HORIZON_NS = 20e9;

export function packetPath({ scale }: Size): Measurement {
  simulate(planOf(0.1 * scale), 0);
  const plan = planOf(scale);
  const start = process.hrtime.bigint();
  const cell = simulate(plan, 1);
  const seconds = secondsSince(start);
  return {
    units: cell.events,
    seconds,
    collections: null,
    hash: hashOfCell(cell),
    extras: { requestsPerSecond: cell.workload.requests / seconds },
  };
}

function planOf(scale: number): Plan {
  return benchmarkPlan(NODES, {
    horizonNs: Math.ceil((HORIZON_NS * scale) / 1e9) * 1e9,
    populations: [
      { name: 'apps', count: 50, ports: plainPorts(1), endpoints: { kind: 'constant', value: 10 } },
    ],
    traffic: [trafficToAll(REQUESTS_PER_SECOND)],
  });
}
