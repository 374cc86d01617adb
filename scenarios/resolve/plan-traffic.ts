/**
 * `spec.traffic` as traffic of a plan. An entry whose target has nothing that its connections could
 * go to is refused: it would only count failures.
 */
import type {
  LifetimeDistribution,
  PopulationPlan,
  ServicePlan,
  ServicePortPlan,
  TrafficPlan,
} from '../../core/plan.ts';
import { durationNs } from '../values/duration.ts';
import { ratePerSecond } from '../values/rate.ts';
import type { Context } from './context.ts';
import { spanOf, writtenAt } from './context.ts';
import { meanEndpoints, podsBehind, podsOf } from './load-shape.ts';
import { trafficTarget } from './references.ts';

type Entry = Context['spec']['traffic'][number];
/** A second: games, voice and streams send far more often, look-ups have no connection. */
const UDP_USED_EVERY_NS = 1e9;

type Targets = Pick<ServicePlan, 'ports'>;

export function trafficOf(
  context: Context,
  populations: readonly PopulationPlan[],
  services: readonly ServicePlan[],
): TrafficPlan[] {
  return context.spec.traffic.flatMap((entry, index): TrafficPlan[] => {
    const to = trafficTarget(context, entry.to, ['traffic', index, 'to']);
    if (to === undefined) return [];
    const targets = targetsOf(to, populations, services);
    const ports = targets.flatMap((target) => target.ports);
    // In an empty cluster every Service is as it should be.
    const any = targets.length === 0;
    const kind = any ? wantedKind(entry, ports) : kindOf(context, entry, index, ports);
    if (kind === undefined) return [];
    const entrance = ports.filter(entrances[kind]);
    const protocol = any ? (entry.protocol ?? 'TCP') : protocolOf(context, entry, index, entrance);
    if (protocol === undefined) return [];
    return [
      {
        name: entry.name,
        to,
        kind,
        protocol,
        requestsPerSecond: rateOf(context, entry, to, populations),
        lifetime: entry.connections === undefined ? null : lifetimeOf(entry.connections.lifetime),
        usedEveryNs: usedEveryOf(entry, protocol),
      },
    ];
  });
}

function targetsOf(
  to: TrafficPlan['to'],
  populations: readonly PopulationPlan[],
  services: readonly ServicePlan[],
): Targets[] {
  if (to.kind === 'service') return [services[to.index]!];
  if (to.kind === 'population') return [populations[to.index]!];
  return [...populations.filter(({ count }) => count > 0), ...services];
}

/** Which ports connections of a kind can come to. */
const entrances = {
  clusterIP: () => true,
  nodePort: (port: ServicePortPlan) => port.nodePort,
  loadBalancer: (port: ServicePortPlan) => port.loadBalancerIPs > 0,
} as const;

const nouns = {
  clusterIP: 'cluster IP',
  nodePort: 'node port',
  loadBalancer: 'address of a load balancer',
} as const;

function wantedKind({ kind }: Entry, ports: readonly ServicePortPlan[]): TrafficPlan['kind'] {
  if (kind === 'service') return 'clusterIP';
  if (kind !== 'external') return kind;
  return ports.some(entrances.loadBalancer) ? 'loadBalancer' : 'nodePort';
}

/** Undefined after a reported error. */
function kindOf(
  context: Context,
  entry: Entry,
  index: number,
  ports: readonly ServicePortPlan[],
): TrafficPlan['kind'] | undefined {
  const kind = wantedKind(entry, ports);
  if (ports.some(entrances[kind])) return kind;
  const every = entry.to === '*';
  const subject = every ? 'no Service' : entry.to;
  const missing = entry.kind === 'external' ? 'entry from outside' : nouns[kind];
  const message = every
    ? `${subject} has ${article(missing)} ${missing}`
    : `${subject} has no ${missing}`;
  const target = spanOf(context, ['traffic', index, 'to']);
  const written = writtenAt(context, ['traffic', index, 'kind']);
  context.problems.error('E225', written ?? target, message, {
    help:
      kind === 'clusterIP'
        ? 'it is headless: DNS names its pods, and nothing is translated; name a Service with a cluster IP'
        : `give it type ${kind === 'nodePort' ? 'NodePort or LoadBalancer' : 'LoadBalancer'}, or write kind: service`,
    ...(written === undefined ? {} : { also: [{ span: target, label: 'the target' }] }),
    once: 'entry',
  });
  return undefined;
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? 'an' : 'a';
}

/** Undefined after a reported error. */
function protocolOf(
  context: Context,
  entry: Entry,
  index: number,
  ports: readonly ServicePortPlan[],
): TrafficPlan['protocol'] | undefined {
  const protocols = [...new Set(ports.map(({ protocol }) => protocol))];
  const usable = protocols.filter((protocol) => protocol !== 'SCTP');
  const wanted = entry.protocol ?? usable[0];
  if (wanted !== undefined && usable.includes(wanted)) return wanted;
  const isWritten = entry.protocol !== undefined;
  context.problems.error(
    'E226',
    spanOf(context, ['traffic', index, isWritten ? 'protocol' : 'to']),
    isWritten
      ? `${entry.to} has no port of ${entry.protocol} that these connections come to`
      : `${entry.to} has ports of ${protocols.join(' and ')} only`,
    {
      help:
        usable.length === 0
          ? 'connections of SCTP are not modelled; name a target with a port of TCP or UDP'
          : `write protocol: ${usable[0]}`,
      once: 'protocol',
    },
  );
  return undefined;
}

function rateOf(
  context: Context,
  { rate }: Entry,
  to: TrafficPlan['to'],
  populations: readonly PopulationPlan[],
): number {
  const { spec, objects } = context;
  const { nodes } = spec.cluster;
  if ('total' in rate) return ratePerSecond(rate.total)!;
  if ('perNode' in rate) return ratePerSecond(rate.perNode)! * nodes;
  const perPod = ratePerSecond(rate.perPod)!;
  if (to.kind === 'all') return perPod * podsOf(populations, objects, nodes);
  if (to.kind === 'service') {
    return perPod * podsBehind(objects.services[to.index]!, objects, nodes);
  }
  const { count, endpoints } = populations[to.index]!;
  return perPod * (count * meanEndpoints(endpoints));
}

/** Clients of UDP send every so often if nothing is said: they hear of no end. */
function usedEveryOf({ connections }: Entry, protocol: 'TCP' | 'UDP'): number | null {
  if (connections === undefined) return null;
  if (connections.usedEvery !== undefined) return durationNs(connections.usedEvery)!;
  return protocol === 'UDP' ? UDP_USED_EVERY_NS : null;
}

function lifetimeOf(lifetime: NonNullable<Entry['connections']>['lifetime']): LifetimeDistribution {
  if (typeof lifetime === 'string') return { kind: 'constant', ns: durationNs(lifetime)! };
  switch (lifetime.distribution) {
    case 'constant':
      return { kind: 'constant', ns: durationNs(lifetime.value)! };
    case 'exponential':
      return { kind: 'exponential', meanNs: durationNs(lifetime.mean)! };
    case 'pareto':
      return {
        kind: 'pareto',
        minNs: durationNs(lifetime.min)!,
        p95Ns: durationNs(lifetime.p95)!,
      };
  }
}
