/**
 * The traffic of a plan against its Services: which of them each entry reaches, through which port, and
 * what the port's policies and affinity ask of a node. An entry reaches a Service through the first of
 * its ports that has the protocol and the kind of address; Services without one are left out.
 */
import type {
  LifetimeDistribution,
  Plan,
  ServicePlan,
  ServicePortPlan,
  TrafficPlan,
} from '../plan.ts';
import type { Inventory } from './inventory.ts';

export const TrafficKind = { ClusterIP: 0, NodePort: 1, LoadBalancer: 2 } as const;
export type TrafficKind = (typeof TrafficKind)[keyof typeof TrafficKind];

const KINDS = {
  clusterIP: TrafficKind.ClusterIP,
  nodePort: TrafficKind.NodePort,
  loadBalancer: TrafficKind.LoadBalancer,
} as const;

/** What a traffic entry reaches and how often each node starts a request. */
export interface TrafficEntry {
  readonly kind: TrafficKind;
  readonly isUdp: boolean;
  readonly services: Int32Array;
  /** Of `services`, by place: only endpoints of the node itself are used. */
  readonly isLocal: Uint8Array;
  /** Of `services`, by place: how long a client keeps its endpoint; 0 without affinity. */
  readonly affinityNs: Float64Array;
  /** Of `services`, by place: source ranges that a load balancer's address is guarded by. */
  readonly sourceRanges: Int32Array;
  readonly gapNs: number;
  readonly lifetime: LifetimeDistribution | null;
  /** How often a client uses a connection that stays open; 0: it only notices when it ends. */
  readonly usedEveryNs: number;
}

/** What kube-proxy writes into the chains that first packets walk, all Services together. */
export interface FrontEnds {
  /** Rules of KUBE-SERVICES: cluster IPs, external IPs and those of load balancers. */
  readonly addresses: number;
  readonly nodePorts: number;
}

export function frontEnds(services: readonly ServicePlan[]): FrontEnds {
  let addresses = 0;
  let nodePorts = 0;
  for (const { headless, ports } of services) {
    if (headless) continue;
    for (const port of ports) {
      addresses += 1 + port.externalIPs + port.loadBalancerIPs;
      if (port.nodePort) nodePorts++;
    }
  }
  return { addresses, nodePorts };
}

/** The traffic of a plan, in its order. */
export function trafficEntries(plan: Plan, inventory: Inventory): TrafficEntry[] {
  return plan.traffic.map((traffic) => {
    const reached = traffic.requestsPerSecond > 0 ? servicesOf(traffic, plan, inventory) : [];
    const ports: ServicePortPlan[] = [];
    const services = reached.filter((index) => {
      const service = inventory.services[index]!;
      const port = service.headless ? undefined : service.ports.find((one) => fits(traffic, one));
      if (port !== undefined) ports.push(port);
      return port !== undefined;
    });
    const isInternal = traffic.kind === 'clusterIP';
    return {
      kind: KINDS[traffic.kind],
      isUdp: traffic.protocol === 'UDP',
      services: Int32Array.from(services),
      isLocal: Uint8Array.from(ports, (port) =>
        (isInternal ? port.internalPolicy : port.externalPolicy) === 'Local' ? 1 : 0,
      ),
      affinityNs: Float64Array.from(ports, (port) => port.affinityNs),
      sourceRanges: Int32Array.from(ports, (port) =>
        traffic.kind === 'loadBalancer' ? port.sourceRanges : 0,
      ),
      gapNs: (1e9 * plan.cluster.nodes) / traffic.requestsPerSecond,
      lifetime: traffic.lifetime,
      usedEveryNs: traffic.usedEveryNs ?? 0,
    };
  });
}

function fits(traffic: TrafficPlan, port: ServicePortPlan): boolean {
  if (port.protocol !== traffic.protocol) return false;
  if (traffic.kind === 'nodePort') return port.nodePort;
  return traffic.kind === 'clusterIP' || port.loadBalancerIPs > 0;
}

function servicesOf({ to }: TrafficPlan, plan: Plan, inventory: Inventory): number[] {
  if (to.kind === 'service') return [to.index];
  if (to.kind === 'all') return inventory.services.map((_, index) => index);
  const start = inventory.populationStart[to.index]!;
  return Array.from({ length: plan.populations[to.index]!.count }, (_, i) => start + i);
}
