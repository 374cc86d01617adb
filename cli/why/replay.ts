/**
 * Simulates one replication of a results document again, from the scenario that it embeds, and makes
 * sure that it is the same one.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { Cell } from '../../core/metrics/cell.ts';
import type { Plan } from '../../core/plan.ts';
import type { Point, Results } from '../../core/results.ts';
import { simulate } from '../../core/simulate.ts';
import { loadExperiment } from '../../scenarios/index.ts';

export interface Replayed {
  readonly plan: Plan;
  readonly cell: Cell;
}

/** Why results cannot be replayed, and what to do. */
export class NotReplayable extends Error {
  override readonly name = 'NotReplayable';
  readonly help: string;

  constructor(message: string, help = 'run the scenario again with this version of knetsim') {
    super(message);
    this.help = help;
  }
}

/** The replication with the largest mean of a metric: what went wrong is there, if anywhere. */
export function slowestReplication({ cells = [] }: Point, metric: string): number {
  const meanOf = ({ means }: (typeof cells)[number]) => means?.[metric] ?? 0;
  const slowest = cells.reduce<(typeof cells)[number] | undefined>(
    (worst, cell) => (worst === undefined || meanOf(cell) > meanOf(worst) ? cell : worst),
    undefined,
  );
  return slowest?.replication ?? 0;
}

/** @throws NotReplayable when this version does not give what the results hold. */
export function replay(
  results: Results,
  point: Point,
  replication: number,
  version: string,
): Replayed {
  const plan = planOf(results, point, version);
  const { cells = [] } = point;
  const expected = cells.find((cell) => cell.replication === replication);
  if (expected === undefined) {
    const there = cells.map((cell) => cell.replication).join(', ');
    throw new NotReplayable(
      cells.length === 0
        ? 'the results do not say what their replications gave: an older version wrote them'
        : `the results hold no replication ${replication} of this point`,
      cells.length === 0 ? undefined : `give one of --replication ${there}`,
    );
  }
  const cell = simulate(plan, replication);
  const hash = createHash('sha256').update(canonicalJson(cell)).digest('hex');
  if (hash !== expected.hash) {
    throw new NotReplayable(
      `replication ${replication} does not give what the results hold: another build of knetsim wrote them, or they were edited`,
    );
  }
  return { plan, cell };
}

function planOf(results: Results, point: Point, version: string): Plan {
  if (results.knetsim.version !== version) {
    throw new NotReplayable(
      `knetsim ${results.knetsim.version} wrote these results, this is ${version}`,
      `replay them with knetsim ${results.knetsim.version}, or run the scenario again`,
    );
  }
  const text = JSON.stringify(results.scenario.document);
  const { experiment, diagnostics } = loadExperiment({
    name: 'results.json, scenario.document',
    text,
    folder: '.',
  });
  if (experiment === undefined) {
    throw new NotReplayable(`the embedded scenario is not valid: ${diagnostics[0]?.message}`);
  }
  if (experiment.hash !== results.scenario.hash) {
    throw new NotReplayable('the embedded scenario is not the one whose hash the results hold');
  }
  const at = canonicalJson(point.at);
  const found = experiment.points.find(
    (one) => one.variant === point.variant && canonicalJson(one.at) === at,
  );
  if (found === undefined) throw new NotReplayable('the embedded scenario has no such point');
  return found.plan;
}
