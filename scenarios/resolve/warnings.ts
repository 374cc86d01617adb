/**
 * What is accepted and does less than it seems to: timers longer than the run, sizes beyond the
 * measurements, fields and constants that nothing in the run depends on. Facts about the experiment
 * as a whole, each said once for all variants it is true of.
 */

import { agentsOfPlan } from '../../core/agents.ts';
import { eraOf } from '../../core/models/eras.ts';
import type { ProxyModel, RuleCounts } from '../../core/models/proxy/proxy-model.ts';
import { proxyModel, proxyModelIds } from '../../core/models/proxy/registry.ts';
import type { Plan, TrafficPlan } from '../../core/plan.ts';
import type { Warning } from '../../core/results.ts';
import { counted } from '../counted.ts';
import type { Path } from '../origins.ts';
import type { Span } from '../source-text.ts';
import { formatDuration } from '../values/duration.ts';
import { runningAgents } from './agents.ts';
import type { Context } from './context.ts';
import { spanOf } from './context.ts';
import { ruleCountsOf } from './load-shape.ts';
import { followsSyncPeriod, proxyModelOf } from './models.ts';
import { fillingWarning } from './table-warnings.ts';

export interface SizedPlan {
  readonly context: Context;
  readonly plan: Plan;
}

/** Warnings without a place of their own; `points` in the order of variants. */
export function warningsOf(points: readonly SizedPlan[]): Warning[] {
  const variants = byVariant(points);
  return [
    ...timerWarning(points),
    ...[...variants.values()].flatMap(calibrationWarning),
    ...fillingWarning(points.map(({ plan }) => plan)),
  ];
}

/** Reports what has no effect where it is written. */
export function warnOfNoEffect(points: readonly SizedPlan[]): void {
  warnOfSyncPeriod(points);
  warnOfCloseWait(points);
  warnOfConstants(points);
  warnOfZones(points);
}

/** By length of the run and of the timer, the variants whose timer is longer. */
function timerWarning(points: readonly SizedPlan[]): Warning[] {
  const short = points.flatMap((point) => {
    const { plan } = point;
    const timerNs = longestTimerNs(point);
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

/** 0 where no proxy has a timer. */
function longestTimerNs(point: SizedPlan): number {
  const counts = countsOf(point);
  const timers = agentsOfPlan(point.plan).flatMap(({ kubernetesVersion, proxy }) => {
    const model = proxyModel(proxy.model);
    const era = eraOf(kubernetesVersion)!;
    return [
      model.forcedSyncNs(era, proxy.syncPeriodNs),
      model.fullSyncAfterNs(era, counts),
      followsSyncPeriod(model, kubernetesVersion, counts) ? proxy.syncPeriodNs : 0,
    ];
  });
  return Math.max(0, ...timers.filter(Number.isFinite));
}

/** By mode that some node runs at some time. */
function calibrationWarning(sizes: readonly SizedPlan[]): Warning[] {
  const models = new Set(sizes.flatMap(({ plan }) => agentsOfPlan(plan).map((a) => a.proxy.model)));
  return [...models].flatMap((id) => {
    const running = ({ plan }: SizedPlan) =>
      agentsOfPlan(plan).some(({ proxy }) => proxy.model === id);
    return calibrationOf(proxyModel(id), sizes.filter(running));
  });
}

function calibrationOf({ calibrated, title }: ProxyModel, sizes: readonly SizedPlan[]): Warning[] {
  const beyond = sizes.flatMap((size) => {
    const counts = countsOf(size);
    const inside =
      counts.servicePorts <= calibrated.servicePorts && counts.endpoints <= calibrated.endpoints;
    return inside ? [] : [{ variant: size.plan.variant, nodes: size.plan.cluster.nodes, counts }];
  });
  const largest = beyond.at(-1);
  if (largest === undefined) return [];
  const { variant, counts } = largest;
  const nodes = [...new Set(beyond.map((size) => size.nodes))].sort((a, b) => a - b);
  const at = `${nodes.join(', ')} ${nodes.join() === '1' ? 'node' : 'nodes'}`;
  const text =
    calibrated.servicePorts === 0
      ? `the programming costs of ${title} are assumed: none was measured`
      : `up to ${counted(counts.servicePorts, 'Service port')} and ${counted(counts.endpoints, 'endpoint')}; the programming costs of ${title} were measured up to ${calibrated.servicePorts} and ${calibrated.endpoints}`;
  return [{ code: 'W502', text: `${variant} at ${at}: ${text}` }];
}

/** A syncPeriod is idle in a variant if none of the proxies that have it follows it at any size. */
function warnOfSyncPeriod(points: readonly SizedPlan[]): void {
  const written = points.flatMap((point) =>
    runningAgents(point.context).flatMap((agent) => {
      const span = agent.written(['proxy', 'syncPeriod']);
      if (span === undefined) return [];
      const { mode } = agent.proxy;
      const model = proxyModelOf(agent.proxy);
      const follows = followsSyncPeriod(model, agent.kubernetesVersion, countsOf(point));
      return [{ ...point, span, mode, follows }];
    }),
  );
  const placeOf = ({ span }: { readonly span: Span }) => `${span.source.name} ${span.start}`;
  for (const ofPlace of grouped(written, placeOf).values()) {
    const idle = [...byVariant(ofPlace).values()].filter((uses) =>
      uses.every(({ follows }) => !follows),
    );
    const [first] = idle.flat();
    if (first === undefined) continue;
    const modes = new Set(idle.flat().map(({ mode }) => mode));
    first.context.problems.warning(
      'W504',
      first.span,
      `proxy.syncPeriod has no effect in ${namesOf(idle.flat())}`,
      {
        label: `no timer of mode ${[...modes].join(', ')} follows it at these sizes`,
        help: 'remove it, or set it in the variants whose mode has such a timer, such as ipvs',
      },
    );
  }
}

/** Half-closed connections are those of clients that look at them only when they use them. */
function warnOfCloseWait(points: readonly SizedPlan[]): void {
  const field = 'tcpCloseWaitTimeout';
  const halfCloses = ({ protocol, usedEveryNs }: TrafficPlan) =>
    protocol === 'TCP' && usedEveryNs !== null;
  if (points.some(({ plan }) => plan.traffic.some(halfCloses))) return;
  for (const { context } of points) {
    for (const agent of runningAgents(context)) {
      const span = agent.written(['proxy', 'conntrack', field]);
      if (span === undefined) continue;
      const message = `proxy.conntrack.${field} has no effect: no client leaves a connection half closed`;
      context.problems.warning('W504', span, message, {
        label: 'no TCP traffic has connections.usedEvery',
        help: 'remove it, or write connections: { lifetime: 10m, usedEvery: 1m } where pools look at a connection only when they use it',
      });
      return;
    }
  }
}

/** Of constants that belong to proxy modes only. */
function warnOfConstants(points: readonly SizedPlan[]): void {
  const ids = new Set(points.flatMap(({ plan }) => Object.keys(plan.constants)));
  for (const id of [...ids].sort()) {
    const owners = proxyModelIds.filter((model) =>
      proxyModel(model).constants.some((constant) => constant.id === id),
    );
    const overriding = points.filter(({ plan }) => id in plan.constants);
    const runs = overriding.some(({ plan }) =>
      agentsOfPlan(plan).some(({ proxy }) => owners.includes(proxy.model)),
    );
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

function countsOf({ context, plan }: SizedPlan): RuleCounts {
  return ruleCountsOf(plan.populations, context.objects, plan.cluster.nodes);
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

function byVariant<T extends SizedPlan>(points: readonly T[]): Map<string, T[]> {
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
