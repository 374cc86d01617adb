/**
 * The reference simulation of the control plane and network programming, for the differential test:
 * written from docs/models/network-programming.md alone, every delivery an event of its own. It is
 * slow on purpose and has no data path.
 */
import { lognormalAt } from '../../engine/samplers.ts';
import type { ProxyModel } from '../../models/proxy/proxy-model.ts';
import type {
  EndpointDistribution,
  Plan,
  ScenarioEventPlan,
  ServicePlan,
  ServicePortPlan,
  WorkloadPlan,
} from '../../plan.ts';
import { emptyTrace, type Trace } from '../../trace.ts';
import { NaivePods } from './naive-pods.ts';
import { NaiveProxies } from './naive-proxies.ts';
import { type NaiveService, NaiveSlices } from './naive-slices.ts';
import { emptyTally, type NaiveTally } from './naive-watches.ts';
import { NaiveWorld } from './naive-world.ts';

const SECOND_NS = 1e9;

/** Runs one replication of `plan` to the end of its drain time and returns what happened. */
export function naiveSimulate(
  plan: Plan,
  replication: number,
  modelOf: (id: string) => ProxyModel,
  tally: NaiveTally = emptyTally(),
): Trace {
  const trace = emptyTrace();
  const world = new NaiveWorld(plan, replication);
  const { services, workloads } = expandPopulations(world);
  const pods = new NaivePods(world, workloads);
  pods.startPods();
  const proxies = new NaiveProxies(world, modelOf, services, trace, tally, (pod) =>
    pods.zoneOf(pod),
  );
  const slices = new NaiveSlices(
    world,
    services,
    (workload) => pods.workloads[workload]!.pods,
    (write) => proxies.commit(write),
  );
  pods.onNews = (pod, news, triggerNs) => slices.podNews(pod, news, triggerNs);
  proxies.start(slices.initial());
  pods.startChurn();
  for (const event of plan.events) {
    world.clock.at(plan.warmUpNs + event.atNs, () => happen(event, world, pods, proxies));
  }
  world.clock.run(plan.warmUpNs + plan.horizonNs + plan.drainNs);
  return trace;
}

function happen(
  event: ScenarioEventPlan,
  world: NaiveWorld,
  pods: NaivePods,
  proxies: NaiveProxies,
): void {
  switch (event.kind) {
    case 'rollingUpdate':
    case 'scale':
      pods.scripted(event);
      break;
    case 'addNodes':
      for (let i = 0; i < event.count; i++) proxies.join(world.addNode());
      pods.nodesJoined();
      break;
    case 'restartAgents':
      proxies.restart(event, null);
      break;
    case 'changeAgents':
      proxies.restart(event, event.agent);
      break;
    case 'apiserverOutage':
      proxies.outage(event.apiserver, event.forNs);
      break;
  }
}

/** The plan's Services and workloads, then each population's, one workload a Service. */
function expandPopulations(world: NaiveWorld) {
  const { plan, streams, stream } = world;
  const services: NaiveService[] = plan.services.map((service, index) => ({
    ...service,
    ports: service.ports.length,
    hintsAtZones: hintsAtZones(plan, service.ports),
    bytes: bytesOf(world, service.ports, service.slices),
    index,
  }));
  const workloads: WorkloadPlan[] = [...plan.workloads];
  for (const population of plan.populations) {
    for (let i = 0; i < population.count; i++) {
      const u = streams.uniform(stream.population);
      const replicas = endpointsAt(u, population.endpoints);
      services.push({
        index: services.length,
        ports: population.ports.length,
        headless: false,
        workloads: [workloads.length],
        hintsAtZones: hintsAtZones(plan, population.ports),
        bytes: bytesOf(world, population.ports, null),
      });
      workloads.push({
        namespace: population.name,
        name: `${population.name}-${i}`,
        kind: 'Deployment',
        replicas,
        perNode: false,
        maxSurge: Math.ceil(replicas / 4),
        maxUnavailable: Math.floor(replicas / 4),
        terminationGraceNs: 30 * SECOND_NS,
        preStopNs: 0,
      });
    }
  }
  return { services, workloads };
}

/** PreferClose from 1.31 on, the other values from 1.34 on. */
function hintsAtZones(plan: Plan, [port]: readonly ServicePortPlan[]): boolean {
  const value = port?.trafficDistribution ?? null;
  const minor = Number(plan.kubernetesVersion.slice(2));
  return value !== null && minor >= (value === 'PreferClose' ? 31 : 34);
}

/** The plan's, or those for names of usual length: a hint for a zone takes 16, one for a node 42 more. */
function bytesOf(
  { constants, plan }: NaiveWorld,
  ports: readonly ServicePortPlan[],
  slices: ServicePlan['slices'],
): NaiveService['bytes'] {
  if (slices !== null) return { fixed: slices.bytesFixed, perEndpoint: slices.bytesPerEndpoint };
  const forNode = ports[0]?.trafficDistribution === 'PreferSameNode';
  const hints = hintsAtZones(plan, ports) ? (forNode ? 58 : 16) : 0;
  const { sliceBytesFixed, sliceBytesPerEndpoint } = constants;
  return { fixed: sliceBytesFixed, perEndpoint: sliceBytesPerEndpoint + hints };
}

function endpointsAt(u: number, distribution: EndpointDistribution): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return distribution.min + Math.floor(u * (distribution.max - distribution.min + 1));
    case 'lognormal': {
      const { median, p99, max } = distribution;
      return Math.min(max, Math.max(1, Math.round(lognormalAt(u, median, p99))));
    }
  }
}
