/**
 * What is accepted and does less than it seems to: timers longer than the run, sizes beyond the
 * measurements, fields and constants that nothing in the run depends on. Facts about the experiment
 * as a whole, each said once for all variants it is true of.
 */

import { eraOf } from '../../core/models/eras.ts';
import { proxyModel, proxyModelIds } from '../../core/models/proxy/registry.ts';
import type { Plan } from '../../core/plan.ts';
import type { Warning } from '../../core/results.ts';
import { counted } from '../counted.ts';
import type { Path } from '../origins.ts';
import { formatDuration } from '../values/duration.ts';
import type { Context } from './context.ts';
import { spanOf } from './context.ts';
import { ruleCountsOf } from './load-shape.ts';
import { followsSyncPeriod, proxyModelOf } from './models.ts';

export interface SizedPlan {
  readonly context: Context;
  readonly plan: Plan;
}

/** Warnings without a place of their own; `points` in the order of variants. */
export function warningsOf(points: readonly SizedPlan[]): Warning[] {
  const variants = byVariant(points);
  return [...timerWarning(points), ...[...variants.values()].flatMap(calibrationWarning)];
}

/** Reports what has no effect where it is written. */
export function warnOfNoEffect(points: readonly SizedPlan[]): void {
  warnOfSyncPeriod(points);
  warnOfConstants(points);
  warnOfZones(points);
}

/** By length of the run and of the timer, the variants whose timer is longer. */
function timerWarning(points: readonly SizedPlan[]): Warning[] {
  const short = points.flatMap(({ context, plan }) => {
    const timerNs = longestTimerNs(context, plan);
    return plan.horizonNs < timerNs ? [{ plan, timerNs }] : [];
  });
  if (short.length === 0) return [];
  const alike = grouped(short, ({ plan, timerNs }) => `${plan.horizonNs} ${timerNs}`);
  const texts = Array.from(alike.values(), (group) => {
    const { plan, timerNs } = group[0]!;
    const share = Number(((100 * plan.horizonNs) / timerNs).toPrecision(2));
    const [run, timer] = [formatDuration(plan.horizonNs), formatDuration(timerNs)];
    return `${namesOf(group)}: the full sync that every node makes each ${timer} falls into the run of ${run} of only about ${share}% of nodes`;
  });
  return [{ code: 'W501', text: texts.join('; ') }];
}

/** 0 for a mode without a timer. */
function longestTimerNs(context: Context, plan: Plan): number {
  const model = proxyModelOf(context.spec.proxy);
  const era = eraOf(plan.kubernetesVersion)!;
  const counts = ruleCountsOf(plan.populations, context.objects, plan.cluster.nodes);
  const { syncPeriodNs } = plan.proxy;
  const timers = [
    model.forcedSyncNs(era, syncPeriodNs),
    model.fullSyncAfterNs(era, counts),
    followsSyncPeriod(model, plan.kubernetesVersion, counts) ? syncPeriodNs : 0,
  ];
  return Math.max(...timers.filter(Number.isFinite));
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
  const at = `${nodes.join(', ')} ${nodes.join() === '1' ? 'node' : 'nodes'}`;
  const text =
    calibrated.servicePorts === 0
      ? `the programming costs of ${title} are assumed: none was measured`
      : `up to ${counted(counts.servicePorts, 'Service port')} and ${counted(counts.endpoints, 'endpoint')}; the programming costs of ${title} were measured up to ${calibrated.servicePorts} and ${calibrated.endpoints}`;
  return [{ code: 'W502', text: `${variant} at ${at}: ${text}` }];
}

function warnOfSyncPeriod(points: readonly SizedPlan[]): void {
  const idle = [...byVariant(points).values()].filter((sizes) =>
    sizes.every(({ context, plan }) => {
      const counts = ruleCountsOf(plan.populations, context.objects, plan.cluster.nodes);
      const model = proxyModelOf(context.spec.proxy);
      const written = context.spec.proxy.syncPeriod !== undefined;
      return written && !followsSyncPeriod(model, plan.kubernetesVersion, counts);
    }),
  );
  const [first] = idle.flat();
  if (first === undefined) return;
  const modes = new Set(idle.flat().map(({ context }) => context.spec.proxy.mode));
  warn(first.context, 'W504', ['proxy', 'syncPeriod'], {
    message: `proxy.syncPeriod has no effect in ${namesOf(idle.flat())}`,
    label: `no timer of mode ${[...modes].join(', ')} follows it at these sizes`,
    help: 'remove it, or set it in the variants whose mode has such a timer, such as ipvs',
  });
}

/** Of constants that belong to proxy modes only. */
function warnOfConstants(points: readonly SizedPlan[]): void {
  const ids = new Set(points.flatMap(({ plan }) => Object.keys(plan.constants)));
  for (const id of [...ids].sort()) {
    const owners = proxyModelIds.filter((model) =>
      proxyModel(model).constants.some((constant) => constant.id === id),
    );
    const overriding = points.filter(({ plan }) => id in plan.constants);
    const runs = overriding.some(({ plan }) => owners.includes(plan.proxy.model));
    if (owners.length === 0 || runs) continue;
    warn(overriding[0]!.context, 'W505', ['constants', id], {
      message: `constant ${id} has no effect in ${namesOf(overriding)}`,
      label: `it belongs to ${owners.join(', ')}, which none of them runs`,
      help: 'remove it, or run that mode',
    });
  }
}

function warnOfZones(points: readonly SizedPlan[]): void {
  const [smallest] = [...points].sort((a, b) => a.plan.cluster.nodes - b.plan.cluster.nodes);
  if (smallest === undefined) return;
  const { nodes, topology } = smallest.plan.cluster;
  if (topology.zones <= nodes) return;
  warn(smallest.context, 'W506', ['cluster', 'zones', 'count'], {
    message: `${counted(topology.zones, 'zone')}, and ${counted(nodes, 'node')}`,
    label: 'zones beyond the nodes stay empty',
    help: `write zones: { count: ${nodes} }`,
  });
}

function warn(
  context: Context,
  code: string,
  path: Path,
  text: { readonly message: string; readonly label: string; readonly help: string },
): void {
  const { message, ...more } = text;
  context.problems.warning(code, spanOf(context, path), message, more);
}

function namesOf(points: readonly { readonly plan: Plan }[]): string {
  return [...new Set(points.map(({ plan }) => plan.variant))].join(', ');
}

function byVariant(points: readonly SizedPlan[]): Map<string, SizedPlan[]> {
  return grouped(points, ({ plan }) => plan.variant);
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}
