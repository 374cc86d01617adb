/** A small valid experiment for tests of the machinery around the simulator. */

import type { Experiment, ExperimentPoint } from '../../core/experiment.ts';
import { plainProxy } from '../../core/plain-plans.ts';
import type { Plan } from '../../core/plan.ts';

export function planOf(variant: string, nodes: number): Plan {
  return {
    scenario: 'test',
    variant,
    at: { 'cluster.nodes': nodes },
    seed: 'seed',
    kubernetesVersion: '1.34',
    warmUpNs: 0,
    horizonNs: 1e9,
    drainNs: 0,
    cluster: {
      nodes,
      pools: [
        {
          name: 'default',
          nodes,
          cores: 4,
          memoryBytes: 16 * 2 ** 30,
          podsPerNode: 110,
          agent: null,
        },
      ],
      topology: {
        zones: 1,
        racksPerZone: 1,
        rackLatencyNs: 10_000,
        zoneLatencyNs: 100_000,
        regionLatencyNs: 500_000,
        externalLatencyNs: 1e6,
      },
      podCidrBase: 0x0a00_0000,
      podCidrBits: 11,
      nodeMaskBits: 24,
    },
    controlPlane: {
      apiservers: 1,
      controllerManager: { qps: 20, burst: 30 },
      endpointSlice: { maxEndpoints: 100, batchPeriodNs: 0, concurrentSyncs: 5 },
      fanoutBytesPerSecond: 1.25e9,
      slowWatchers: { share: 0, bytesPerSecond: 1e6 },
      scheduler: { qps: 50, burst: 100 },
      kubelet: { qps: 50, burst: 100 },
    },
    proxy: plainProxy('iptables-nft', { minSyncPeriodNs: 1e9, syncPeriodNs: 30e9 }),
    constants: {},
    populations: [],
    workloads: [],
    services: [],
    podChangesPerSecond: 1,
    traffic: [],
    events: [],
  };
}

/** One point per variant and size; `replications` cells each. */
export function experimentOf(
  variants: readonly string[],
  sizes: readonly number[],
  replications: number,
): Experiment {
  const points: ExperimentPoint[] = variants.flatMap((variant) =>
    sizes.map((nodes) => ({
      variant,
      at: { 'cluster.nodes': nodes },
      plan: planOf(variant, nodes),
      gated: nodes === sizes.at(-1),
    })),
  );
  return {
    name: 'test',
    hash: 'hash',
    document: {},
    seed: 'seed',
    replications,
    variants: variants.map((name) => ({ name, candidate: true, title: name, spec: {} })),
    points,
    slos: [],
    target: null,
    notModelled: [],
    warnings: [],
  };
}
