/**
 * Random small plans for the differential test: every mechanism of the control plane, with limits
 * tight enough to bind, and in about half of the plans interruptions (`random-interruptions.ts`), fast
 * enough for a run of half a minute. Latencies are odd numbers, so that events of different causes hardly ever
 * meet in one nanosecond, where the order would be a matter of taste.
 */

import fc from 'fast-check';
import { plainPorts } from '../../plain-plans.ts';
import type {
  ClientLimit,
  EndpointDistribution,
  Plan,
  PopulationPlan,
  ScenarioEventPlan,
  ServicePlan,
  WorkloadPlan,
} from '../../plan.ts';
import { oddNs, quiet, randomAgent, randomInterruptions } from './random-interruptions.ts';
import { SECOND_NS, tinyPlan, tinyWorkload } from './tiny-plan.ts';

const int = (min: number, max: number) => fc.integer({ min, max });

const limit: fc.Arbitrary<ClientLimit> = fc.oneof(
  fc.constant({ qps: 0, burst: 1 }),
  fc.record({ qps: int(3, 60), burst: int(1, 30) }),
);

const distribution: fc.Arbitrary<EndpointDistribution> = fc.oneof(
  int(1, 6).map((value) => ({ kind: 'constant' as const, value })),
  fc.tuple(int(1, 4), int(0, 5)).map(([min, more]) => ({
    kind: 'uniform' as const,
    min,
    max: min + more,
  })),
  fc.constant({ kind: 'lognormal' as const, median: 2, p99: 7, max: 9 }),
);

const ports = fc
  .record({
    count: int(1, 3),
    trafficDistribution: fc.constantFrom(
      null,
      null,
      'PreferClose' as const,
      'PreferSameZone' as const,
      'PreferSameNode' as const,
    ),
  })
  .map(({ count, trafficDistribution }) =>
    plainPorts(count).map((port) => ({ ...port, trafficDistribution })),
  );

const population: fc.Arbitrary<PopulationPlan> = fc.record({
  name: fc.constantFrom('web', 'api'),
  count: int(1, 6),
  ports,
  endpoints: distribution,
});

const workload: fc.Arbitrary<WorkloadPlan> = fc
  .record({
    kind: fc.constantFrom('Deployment', 'Deployment', 'StatefulSet', 'Job', 'Pod'),
    replicas: int(0, 12),
    maxSurge: int(0, 4),
    maxUnavailable: int(0, 3),
    terminationGraceNs: fc.oneof(fc.constant(0), oddNs(2, 20e9)),
    preStopNs: fc.oneof(fc.constant(0), oddNs(2, 20e9)),
  })
  .map(({ replicas, ...others }) => tinyWorkload(replicas, others))
  .filter((plan) => plan.maxSurge + plan.maxUnavailable > 0);

const daemonSet = tinyWorkload(0, {
  kind: 'DaemonSet',
  perNode: true,
  maxSurge: 0,
  maxUnavailable: 1,
});

const service = (workloads: number): fc.Arbitrary<ServicePlan> =>
  fc.record({
    namespace: fc.constant('default'),
    name: fc.constant('service'),
    ports,
    headless: fc.boolean(),
    slices: fc.constantFrom(null, { bytesFixed: 733, bytesPerEndpoint: 151 }),
    workloads: fc.uniqueArray(int(0, workloads - 1), { maxLength: 2 }).map((all) => all.sort()),
  });

function event(workloads: readonly WorkloadPlan[]): fc.Arbitrary<ScenarioEventPlan> {
  const atNs = fc.oneof(fc.constant(SECOND_NS), oddNs(2, 25e9));
  const label = fc.constant('event');
  const anyWorkload = int(0, workloads.length - 1);
  return fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        atNs,
        label,
        kind: fc.constant('rollingUpdate' as const),
        workload: anyWorkload,
      }),
    },
    {
      weight: 3,
      arbitrary: fc
        .record({
          atNs,
          label,
          kind: fc.constant('scale' as const),
          workload: anyWorkload,
          replicas: fc.oneof(fc.constant(0), int(0, 15)),
        })
        .filter((scale) => !workloads[scale.workload]!.perNode),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        atNs,
        label,
        kind: fc.constant('addNodes' as const),
        count: int(1, 3),
      }),
    },
  );
}

const constants = fc.record({
  'control-plane.watch.delivery': fc.oneof(int(2e5, 5e6), int(20e6, 90e6)),
  'control-plane.endpoint-slice.backoff': int(5e6, 2e9),
  'control-plane.etcd.service': int(3e5, 2e6),
  'control-plane.etcd.latency': int(3e5, 2e6),
  'control-plane.scheduler.service': int(1e6, 9e6),
  'pod-life.kubelet.watch': int(1e6, 40e6),
  'pod-life.startup.median': int(1e8, 2e9),
  'pod-life.startup.p99': int(2e9, 6e9),
  'pod-life.exit-delay': fc.oneof(fc.constant(0), int(1e6, 9e9)),
  'pod-life.ip-retry': int(1e9, 5e9),
});

const workloadsAndServices = fc
  .record({
    hasDaemonSet: fc.boolean(),
    others: fc.array(workload, { minLength: 1, maxLength: 4 }),
  })
  // A DaemonSet comes first: its pods must find addresses at the start.
  .map(({ hasDaemonSet, others }) => (hasDaemonSet ? [daemonSet, ...others] : others))
  .chain((workloads) =>
    fc.record({
      workloads: fc.constant(workloads),
      services: fc.array(service(workloads.length), { maxLength: 5 }),
      events: fc.array(event(workloads), { maxLength: 6 }),
    }),
  );

/** Pods the plan starts with at most, DaemonSets left out. */
function podsAtStart(plan: Pick<Plan, 'populations' | 'workloads'>): number {
  const largest = ({ endpoints }: PopulationPlan) =>
    endpoints.kind === 'constant' ? endpoints.value : endpoints.max;
  return (
    plan.populations.reduce((sum, each) => sum + each.count * largest(each), 0) +
    plan.workloads.reduce((sum, each) => sum + each.replicas, 0)
  );
}

function poolSize(random: { secondPool: boolean; nodes: number }): number {
  return random.secondPool ? Math.floor(random.nodes / 3) : 0;
}

export const randomPlan: fc.Arbitrary<Plan> = fc
  .record({
    seed: fc.string({ maxLength: 8 }),
    agent: randomAgent,
    nodes: int(2, 30),
    secondPool: fc.boolean(),
    zones: int(1, 4),
    racksPerZone: int(1, 3),
    zoneLatencyNs: oddNs(40e3, 400e3),
    // The long ones let writes overtake the lists of a joining node.
    regionLatencyNs: fc.oneof(oddNs(400e3, 3e6), oddNs(20e6, 60e6)),
    apiservers: int(1, 3),
    controllerManager: limit,
    scheduler: limit,
    kubelet: limit,
    maxEndpoints: fc.oneof(int(3, 10), fc.constant(100)),
    batchPeriodNs: fc.oneof(fc.constant(0), oddNs(2e7, 4e9)),
    concurrentSyncs: int(1, 5),
    fanoutBytesPerSecond: fc.constantFrom(3e4, 1e6, 1.25e9),
    constants,
    populations: fc.array(population, { maxLength: 2 }),
    rest: workloadsAndServices,
    podChangesPerSecond: fc.oneof(fc.constant(0), int(1, 25), fc.constant(0.5)),
    spareAddresses: int(0, 3),
    sparePods: fc.oneof(fc.constant(0), int(0, 12)),
  })
  .chain((random) => {
    const sizes = [random.nodes - poolSize(random), poolSize(random)];
    const interruptions = randomInterruptions(sizes, random.apiservers, random.agent);
    return fc.tuple(fc.constant(random), fc.oneof(fc.constant(quiet), interruptions));
  })
  .map(([random, interruptions]) => {
    const { rest, populations, nodes } = random;
    const perNode =
      Math.ceil(podsAtStart({ populations, workloads: rest.workloads }) / nodes) +
      (rest.workloads[0]!.perNode ? 1 : 0);
    const nodeMaskBits = [30, 29, 28, 27, 26, 25, 24, 23].find(
      (bits) => 2 ** (32 - bits) - 3 >= perNode + random.spareAddresses,
    )!;
    const pool = (name: string, index: number, count: number, podsPerNode: number) => ({
      ...tinyPlan.cluster.pools[0]!,
      name,
      nodes: count,
      memoryBytes: 16 * 2 ** 30,
      podsPerNode,
      agent: interruptions.agents[index] ?? null,
    });
    const least = perNode + random.sparePods;
    const secondPool = poolSize(random);
    return {
      ...tinyPlan,
      seed: random.seed,
      ...random.agent,
      warmUpNs: 3 * SECOND_NS,
      horizonNs: 30 * SECOND_NS,
      drainNs: 60 * SECOND_NS,
      cluster: {
        ...tinyPlan.cluster,
        nodes,
        pools: [
          pool('first', 0, nodes - secondPool, least),
          pool('second', 1, secondPool, least + 5),
        ],
        topology: {
          zones: random.zones,
          racksPerZone: random.racksPerZone,
          rackLatencyNs: 20_001,
          zoneLatencyNs: random.zoneLatencyNs,
          regionLatencyNs: random.regionLatencyNs,
          externalLatencyNs: 1e6,
        },
        nodeMaskBits,
      },
      controlPlane: {
        apiservers: random.apiservers,
        controllerManager: random.controllerManager,
        endpointSlice: {
          maxEndpoints: random.maxEndpoints,
          batchPeriodNs: random.batchPeriodNs,
          concurrentSyncs: random.concurrentSyncs,
        },
        fanoutBytesPerSecond: random.fanoutBytesPerSecond,
        slowWatchers: interruptions.slowWatchers,
        scheduler: random.scheduler,
        kubelet: random.kubelet,
      },
      constants: { ...random.constants, ...interruptions.constants },
      populations,
      workloads: rest.workloads,
      services: rest.services,
      podChangesPerSecond: random.podChangesPerSecond,
      events: [...rest.events, ...interruptions.events],
    };
  });
