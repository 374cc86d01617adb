/** Facts that stand beside the verdict: timers longer than the run, sizes beyond the measurements. */
import { eraOf } from '../../core/models/eras.ts';
import type { Plan } from '../../core/plan.ts';
import type { Warning } from '../../core/results.ts';
import { formatDuration } from '../values/duration.ts';
import type { Context } from './context.ts';
import { ruleCountsOf } from './load-shape.ts';
import { proxyModelOf } from './models.ts';

export interface SizedPlan {
  readonly context: Context;
  readonly plan: Plan;
}

/** Warnings of one variant, over all its sizes. */
export function warningsOf(sizes: readonly SizedPlan[]): Warning[] {
  return [...timerWarning(sizes), ...calibrationWarning(sizes)];
}

function timerWarning(sizes: readonly SizedPlan[]): Warning[] {
  const short = sizes.flatMap(({ context, plan }) => {
    const model = proxyModelOf(context.spec.proxy);
    const era = eraOf(plan.kubernetesVersion)!;
    const { syncPeriodNs } = plan.proxy;
    const counts = ruleCountsOf(plan.populations, context.objects, plan.cluster.nodes);
    const timers = [
      model.forcedSyncNs(era, syncPeriodNs),
      model.fullSyncAfterNs(era, counts),
      syncPeriodNs,
    ];
    const longestNs = Math.max(...timers.filter(Number.isFinite));
    return plan.horizonNs < longestNs ? [{ variant: context.variant, plan, longestNs }] : [];
  });
  const [first] = short;
  if (first === undefined) return [];
  const run = formatDuration(first.plan.horizonNs);
  const timer = formatDuration(Math.max(...short.map(({ longestNs }) => longestNs)));
  return [
    {
      code: 'W501',
      text: `${first.variant}: the run of ${run} is shorter than the longest timer of the proxy (${timer}); how often it fires is left to its random phase`,
    },
  ];
}

function calibrationWarning(sizes: readonly SizedPlan[]): Warning[] {
  const beyond = sizes.flatMap(({ context, plan }) => {
    const { calibrated, title } = proxyModelOf(context.spec.proxy);
    const counts = ruleCountsOf(plan.populations, context.objects, plan.cluster.nodes);
    const inside =
      counts.servicePorts <= calibrated.servicePorts && counts.endpoints <= calibrated.endpoints;
    return inside
      ? []
      : [{ variant: context.variant, nodes: plan.cluster.nodes, counts, calibrated, title }];
  });
  const largest = beyond.at(-1);
  if (largest === undefined) return [];
  const { variant, title, counts, calibrated } = largest;
  const nodes = [...new Set(beyond.map((size) => size.nodes))].sort((a, b) => a - b);
  const text =
    calibrated.servicePorts === 0
      ? `the programming costs of ${title} are assumed: none was measured`
      : `up to ${counts.servicePorts} Service ports and ${counts.endpoints} endpoints; the programming costs of ${title} were measured up to ${calibrated.servicePorts} and ${calibrated.endpoints}`;
  return [{ code: 'W502', text: `${variant} at ${nodes.join(', ')} nodes: ${text}` }];
}
