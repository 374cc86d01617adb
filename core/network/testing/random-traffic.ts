/**
 * Random plans with every kind of traffic: from pods and from outside, TCP and UDP, connections that
 * stay open, policies and affinity, tables of connections and source ports that fill up, pools of
 * different proxies, some of which change. Over the clusters of `random-plan.ts`, and shorter.
 */
import fc from 'fast-check';
import { PLAIN_PORT } from '../../plain-plans.ts';
import type {
  AgentPlan,
  ConntrackPlan,
  LifetimeDistribution,
  Plan,
  ProxyPlan,
  ServicePortPlan,
  TrafficPlan,
} from '../../plan.ts';
import { randomPlan } from './random-plan.ts';

const HORIZON_NS = 8e9;

const policy = fc.constantFrom('Cluster' as const, 'Local' as const);

const port: fc.Arbitrary<ServicePortPlan> = fc
  .record({
    protocol: fc.constantFrom('TCP' as const, 'UDP' as const),
    loadBalancerIPs: fc.constantFrom(0, 1),
    sourceRanges: fc.constantFrom(0, 3),
    affinityNs: fc.constantFrom(0, 2e9),
    internalPolicy: policy,
    externalPolicy: policy,
  })
  .map((changes) => ({ ...PLAIN_PORT, nodePort: true, ...changes }));

/** Both protocols, so that all traffic finds a way in. */
const ports = fc.tuple(port, port).map(([tcp, udp]): ServicePortPlan[] => [
  { ...tcp, protocol: 'TCP' },
  { ...udp, protocol: 'UDP', loadBalancerIPs: 1 },
]);

const lifetime: fc.Arbitrary<LifetimeDistribution | null> = fc.constantFrom<
  (LifetimeDistribution | null)[]
>(
  null,
  { kind: 'constant', ns: 1e9 },
  { kind: 'exponential', meanNs: 3e9 },
  { kind: 'pareto', minNs: 1e8, p95Ns: 9e9 },
);

const traffic: fc.Arbitrary<TrafficPlan[]> = fc
  .array(
    fc.record({
      to: fc.constant({ kind: 'all' as const }),
      kind: fc.constantFrom('clusterIP' as const, 'nodePort' as const, 'loadBalancer' as const),
      protocol: fc.constantFrom('TCP' as const, 'UDP' as const),
      requestsPerSecond: fc.constantFrom(20, 60, 200),
      lifetime,
      usedEveryNs: fc.constantFrom(null, 2e8, 1e9, 40e9),
    }),
    { minLength: 2, maxLength: 4 },
  )
  .map((entries) =>
    entries.map((entry, index) => ({
      ...entry,
      usedEveryNs: entry.usedEveryNs ?? (entry.protocol === 'UDP' ? 1e9 : null),
      name: `traffic ${index}`,
    })),
  );

const conntrack: fc.Arbitrary<ConntrackPlan> = fc.record({
  maxPerCore: fc.constant(1),
  min: fc.constantFrom(8, 50, 131072),
  tcpEstablishedTimeoutNs: fc.constantFrom(2e9, 86400e9),
  tcpCloseWaitTimeoutNs: fc.constantFrom(1e9, 3600e9),
});

const changes = fc.record({
  ports: fc.array(ports, { minLength: 6, maxLength: 6 }),
  conntracks: fc.tuple(conntrack, conntrack),
  externalReplies: fc.constantFrom('snat' as const, 'dsr' as const, 'hybrid' as const),
  socketTranslation: fc.boolean(),
  snatPorts: fc.constantFrom(4, 64512),
  traffic,
});

export const randomTrafficPlan: fc.Arbitrary<Plan> = fc
  .record({ plan: randomPlan, others: changes })
  .map(({ plan, others }) => {
    const { externalReplies, socketTranslation, conntracks } = others;
    const proxyOf = (proxy: ProxyPlan, index: number): ProxyPlan => ({
      ...proxy,
      conntrack: conntracks[index % 2]!,
      externalReplies: proxy.model === 'ebpf' ? externalReplies : 'snat',
      socketTranslation: proxy.model === 'ebpf' && socketTranslation,
    });
    const agentOf = ({ proxy, ...agent }: AgentPlan, index: number): AgentPlan => ({
      ...agent,
      proxy: proxyOf(proxy, index),
    });
    const portsOf = (index: number) => others.ports[index % others.ports.length]!;
    const pools = plan.cluster.pools.map((pool, index) => ({
      ...pool,
      agent: pool.agent === null ? null : agentOf(pool.agent, index),
    }));
    return {
      ...plan,
      warmUpNs: 2e9,
      horizonNs: HORIZON_NS,
      drainNs: 12e9,
      cluster: { ...plan.cluster, pools },
      proxy: proxyOf(plan.proxy, 0),
      constants: { ...plan.constants, 'conntrack.snat.ports': others.snatPorts },
      populations: plan.populations.map((each, index) => ({ ...each, ports: portsOf(index) })),
      services: plan.services.map((each, index) => ({
        ...each,
        ports: each.headless ? [] : portsOf(2 + index),
      })),
      traffic: others.traffic,
      events: plan.events
        .filter(({ atNs }) => atNs < HORIZON_NS)
        .map((event, index) =>
          event.kind === 'changeAgents'
            ? { ...event, agent: agentOf(event.agent, index + 1) }
            : event,
        ),
    };
  });
