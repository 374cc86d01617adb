/**
 * The Service proxies of one variant: the cluster's, those of pools that have one of their own, and
 * what upgrades make of them. Each is merged by the rules of variants over the one before it, and
 * knows where each of its fields was written.
 */
import { canonicalJson } from '../../core/canonical-json.ts';
import { DEFAULT_CONNTRACK, plainProxy } from '../../core/plain-plans.ts';
import type { AgentPlan, ConntrackPlan, ProxyPlan } from '../../core/plan.ts';
import { merge } from '../merge.ts';
import { at, type Path } from '../origins.ts';
import { type ProxySpec, proxySchema } from '../schema/proxy.ts';
import type { Span } from '../source-text.ts';
import { durationNs } from '../values/duration.ts';
import { share } from '../values/share.ts';
import { type Context, spanOf } from './context.ts';
import { proxyModelId, proxyModelOf } from './models.ts';

export interface Agent {
  readonly kubernetesVersion: string;
  readonly proxy: ProxySpec;
  /** Where a field was written, such as `['proxy', 'mode']`; the nearest around it for a default. */
  readonly place: (path: Path) => Span;
  /** Undefined for a default. */
  readonly written: (path: Path) => Span | undefined;
  readonly raw: Readonly<Record<string, unknown>>;
}

export interface Upgrade {
  /** Index in `spec.events`. */
  readonly event: number;
  readonly from: readonly Agent[];
  /** By pool that it is for; one for all if nothing went wrong. */
  readonly to: readonly Agent[];
}

export interface Agents {
  readonly cluster: Agent;
  /** As `spec.cluster.pools`; null for pools that have the cluster's. */
  readonly pools: readonly (Agent | null)[];
  readonly upgrades: readonly Upgrade[];
}

/** Upgrades are taken in order of time, each over the earlier ones of its pools. */
export function agentsOf(context: Context): Agents {
  const { spec, raw, origins } = context;
  const own: Record<string, unknown> = {};
  const cluster = at(raw, ['spec', 'cluster']);
  for (const [from, key] of [
    [cluster, 'kubernetesVersion'],
    [at(raw, ['spec']), 'proxy'],
  ] as const) {
    const value = at(from, [key]);
    if (value === undefined) continue;
    own[key] = value;
    origins.copy(from as object, key, own, key);
  }
  const base = agentOf(context, own, spanOf(context, ['proxy']), spec.cluster.kubernetesVersion);
  const pools = spec.cluster.pools.map((_, index) =>
    changed(context, base, ['cluster', 'pools', index]),
  );
  const now = pools.length === 0 ? [base] : pools.map((agent) => agent ?? base);
  const upgrades = inOrderOfTime(spec.events).flatMap((event): Upgrade[] => {
    const written = spec.events[event]!;
    if (!('upgradeAgents' in written)) return [];
    const targets = poolsNamed(context, written.upgradeAgents);
    const from = targets.map((pool) => now[pool]!);
    const to = from.map((agent) => changed(context, agent, ['events', event, 'to']) ?? agent);
    for (const [index, pool] of targets.entries()) now[pool] = to[index]!;
    return [{ event, from, to }];
  });
  return { cluster: base, pools, upgrades };
}

/** All that are written down: the cluster's, of pools and of upgrades. */
export function everyAgent(context: Context): Agent[] {
  const { cluster, pools, upgrades } = agentsOf(context);
  return [cluster, ...pools.flatMap((agent) => agent ?? []), ...upgrades.flatMap(({ to }) => to)];
}

/** As `everyAgent`, without the cluster's where every pool has one of its own. */
export function runningAgents(context: Context): Agent[] {
  const { pools } = agentsOf(context);
  const ofCluster = pools.length === 0 || pools.includes(null);
  return everyAgent(context).slice(ofCluster ? 0 : 1);
}

/** Indices of the pools a reference means; without pools there is one, of all nodes. */
export function poolsNamed({ spec }: Context, name: string): number[] {
  const { pools } = spec.cluster;
  if (name === '*') return pools.length === 0 ? [0] : pools.map((_, index) => index);
  const found = pools.findIndex((pool) => pool.name === name);
  return found < 0 ? [] : [found];
}

function inOrderOfTime(events: Context['spec']['events']): number[] {
  const timeOf = (event: number) => durationNs(events[event]!.at)!;
  return events.map((_, event) => event).sort((a, b) => timeOf(a) - timeOf(b) || a - b);
}

/** Null where the map at a path below spec changes nothing of an agent. */
function changed(context: Context, agent: Agent, path: Path): Agent | null {
  const { raw, origins } = context;
  const container = at(raw, ['spec', ...path]) as Record<string, unknown> | undefined;
  const change: Record<string, unknown> = {};
  for (const key of ['kubernetesVersion', 'proxy']) {
    if (container?.[key] === undefined) continue;
    change[key] = container[key];
    origins.copy(container, key, change, key);
  }
  if (Object.keys(change).length === 0) return null;
  const merged = merge(agent.raw, change, origins, ['spec']) as Record<string, unknown>;
  return agentOf(context, merged, spanOf(context, path), agent.kubernetesVersion);
}

function agentOf(
  { origins }: Context,
  raw: Readonly<Record<string, unknown>>,
  around: Span,
  defaultVersion: string,
): Agent {
  return {
    kubernetesVersion: (raw.kubernetesVersion as string | undefined) ?? defaultVersion,
    proxy: proxySchema.parse(raw.proxy ?? {}),
    place: (path) => origins.value(raw, path, around),
    written: (path) => origins.written(raw, path),
    raw,
  };
}

/** Every default filled in. */
export function agentPlanOf({ kubernetesVersion, proxy }: Agent): AgentPlan {
  return { kubernetesVersion, proxy: proxyPlanOf(proxy) };
}

/** Whether two agents do the same, whatever of it is written. */
export function sameAgent(a: Agent, b: Agent): boolean {
  return canonicalJson(agentPlanOf(a)) === canonicalJson(agentPlanOf(b));
}

function proxyPlanOf(proxy: ProxySpec): ProxyPlan {
  const { defaults } = proxyModelOf(proxy);
  const plain = plainProxy(proxyModelId(proxy), {
    minSyncPeriodNs: nsOr(proxy.minSyncPeriod, defaults.minSyncPeriodNs),
    syncPeriodNs: nsOr(proxy.syncPeriod, defaults.syncPeriodNs),
  });
  return {
    ...plain,
    failedSyncs: proxy.failedSyncs === undefined ? plain.failedSyncs : share(proxy.failedSyncs)!,
    localhostNodePorts: proxy.localhostNodePorts ?? plain.localhostNodePorts,
    nodePortAddresses: proxy.nodePortAddresses ?? plain.nodePortAddresses,
    conntrack: conntrackOf(proxy.conntrack ?? {}),
    socketTranslation: proxy.socketTranslation ?? plain.socketTranslation,
    externalReplies: proxy.externalReplies ?? plain.externalReplies,
  };
}

function conntrackOf(written: NonNullable<ProxySpec['conntrack']>): ConntrackPlan {
  const otherwise = DEFAULT_CONNTRACK;
  return {
    maxPerCore: written.maxPerCore ?? otherwise.maxPerCore,
    min: written.min ?? otherwise.min,
    tcpEstablishedTimeoutNs: nsOr(written.tcpEstablishedTimeout, otherwise.tcpEstablishedTimeoutNs),
    tcpCloseWaitTimeoutNs: nsOr(written.tcpCloseWaitTimeout, otherwise.tcpCloseWaitTimeoutNs),
  };
}

function nsOr(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : durationNs(text)!;
}
