/**
 * From the cells of an experiment to its results document. The document is a function of the
 * experiment and of the cells alone: points stand in the experiment's order, replications in
 * theirs, and neither the clock, nor the number of workers, nor who finished first can be seen.
 */
import { canonicalJson } from '../canonical-json.ts';
import type { Experiment, ExperimentPoint, PointCells } from '../experiment.ts';
import type { Capacity, ModelText, Provenance, Results, Scaling, Warning } from '../results.ts';
import type { CapacityFinding } from './capacity.ts';
import { capacityOf } from './capacity.ts';
import { compareVariants } from './compare.ts';
import type { Sweep } from './judged-point.ts';
import { sizePath, sweepsAlong } from './judged-point.ts';
import type { AssembledPoint } from './point.ts';
import { assemblePoint } from './point.ts';
import { scalingOf } from './scaling.ts';
import { decide } from './verdict.ts';
import { warningsOf } from './warnings.ts';

export interface AssembleContext {
  /** Version of knetsim. */
  readonly version: string;
  /** Lower-case hexadecimal sha256 of the UTF-8 text. */
  readonly sha256: (text: string) => string;
  /** The constants behind the run, with the values in force. */
  readonly provenance: readonly Provenance[];
  /** What the models behind the run say of themselves. */
  readonly models: readonly ModelText[];
}

/** What grows with size and is fitted in every results document, beside the metrics of SLOs. */
const SCALED = [
  'networkProgramming',
  'endpointConvergence',
  'proxySync',
  'kernelRules',
  'node.proxyCpu',
  'apiserver.egressBytes',
];

/**
 * Points with some of their replications are present with those; points without any are absent.
 * @throws InvariantError when cells contradict the catalogue or each other.
 */
export function assembleResults(
  experiment: Experiment,
  pointCells: readonly PointCells[],
  context: AssembleContext,
): Results {
  const cellsByPoint = new Map(pointCells.map((one) => [keyOf(one.point), one.cells]));
  const assembled = experiment.points.flatMap((point) => {
    const cells = cellsByPoint.get(keyOf(point)) ?? [];
    return cells.length > 0 ? [assemblePoint(point, cells, experiment, context.sha256)] : [];
  });
  const judged = assembled.map((one) => one.judged);
  const along = sizePath(experiment);
  const sweeps = along === null ? [] : sweepsAlong(judged, along);
  const capacities = sweeps.flatMap((sweep) => capacityOf(sweep, gateSize(sweep)) ?? []);
  const document: Omit<Results, 'resultHash'> = {
    apiVersion: 'knetsim.dev/v1',
    kind: 'Results',
    scenario: { name: experiment.name, hash: experiment.hash, document: experiment.document },
    knetsim: { version: context.version },
    seed: experiment.seed,
    points: assembled.map((one) => one.document),
    scaling: scalings(sweeps, experiment),
    capacity: capacities.map(({ capacity }): Capacity => capacity),
    comparisons: compareVariants(judged, experiment.variants[0]?.name ?? ''),
    advice: [],
    provenance: context.provenance.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    models: [...context.models],
    notModelled: [...experiment.notModelled],
    warnings: allWarnings(experiment, assembled, capacities),
    verdict: decide(experiment, judged),
    target: experiment.target && { ...experiment.target },
    variants: experiment.variants.map((variant) => ({ ...variant })),
  };
  return { ...document, resultHash: context.sha256(canonicalJson(document)) };
}

function keyOf(point: ExperimentPoint): string {
  return canonicalJson([point.variant, point.at]);
}

function gateSize(sweep: Sweep): number | null {
  return sweep.steps.find(({ judged }) => judged.point.gated)?.size ?? null;
}

function scalings(sweeps: readonly Sweep[], experiment: Experiment): Scaling[] {
  const metrics = [...new Set([...SCALED, ...experiment.slos.map((slo) => slo.metric)])];
  return sweeps.flatMap((sweep) => scalingOf(sweep, metrics));
}

function allWarnings(
  experiment: Experiment,
  assembled: readonly AssembledPoint[],
  capacities: readonly CapacityFinding[],
): Warning[] {
  return [
    ...experiment.warnings,
    ...warningsOf(experiment, assembled),
    ...capacities.flatMap((finding) => finding.warnings),
  ];
}
