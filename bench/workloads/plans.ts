/** The small plans that the benchmarks of the network models simulate, as a scenario would resolve. */
import { plainProxy } from '../../core/plain-plans.ts';
import type { Plan } from '../../core/plan.ts';

const SECOND_NS = 1e9;
const PODS_PER_NODE = 110;

/** A cluster at rest: no churn, no traffic. `overrides` is what the benchmark is about. */
export function benchmarkPlan(nodes: number, overrides: Partial<Plan>): Plan {
  return {
    scenario: 'benchmark',
    variant: 'default',
    at: {},
    seed: 'benchmark',
    kubernetesVersion: '1.34',
    warmUpNs: 2 * SECOND_NS,
    horizonNs: 10 * SECOND_NS,
    drainNs: 60 * SECOND_NS,
    cluster: {
      nodes,
      pools: [
        {
          name: 'default',
          nodes,
          cores: 4,
          memoryBytes: 16 * 2 ** 30,
          podsPerNode: PODS_PER_NODE,
          agent: null,
        },
      ],
      topology: {
        zones: 3,
        racksPerZone: 4,
        rackLatencyNs: 20e3,
        zoneLatencyNs: 100e3,
        regionLatencyNs: 500e3,
        externalLatencyNs: 1e6,
      },
      podCidrBase: 10 * 2 ** 24,
      podCidrBits: 8,
      nodeMaskBits: 24,
    },
    controlPlane: {
      apiservers: 3,
      controllerManager: { qps: 20, burst: 30 },
      endpointSlice: { maxEndpoints: 100, batchPeriodNs: 0, concurrentSyncs: 5 },
      fanoutBytesPerSecond: 1.25e9,
      slowWatchers: { share: 0, bytesPerSecond: 1e6 },
      scheduler: { qps: 50, burst: 100 },
      kubelet: { qps: 50, burst: 100 },
    },
    proxy: plainProxy('iptables-nft', { minSyncPeriodNs: SECOND_NS, syncPeriodNs: 30 * SECOND_NS }),
    constants: {},
    populations: [],
    workloads: [],
    services: [],
    podChangesPerSecond: 0,
    traffic: [],
    events: [],
    ...overrides,
  };
}
