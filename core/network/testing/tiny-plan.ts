/** A small plan with round numbers, and a proxy model of constant costs, for tests by hand. */

import { type ProxyModel, Visibility } from '../../models/proxy/proxy-model.ts';
import { plainPorts, plainProxy } from '../../plain-plans.ts';
import type { Plan, ServicePlan, WorkloadPlan } from '../../plan.ts';

export const SECOND_NS = 1e9;

/**
 * One node, one zone, no client limits, a fan-out bounded by 1.25 GB/s, no batching. A pod starts
 * in exactly one second. Nothing happens.
 */
export const tinyPlan: Plan = {
  scenario: 'tiny',
  variant: 'default',
  at: {},
  seed: 'tiny',
  kubernetesVersion: '1.34',
  warmUpNs: 10 * SECOND_NS,
  horizonNs: 60 * SECOND_NS,
  drainNs: 60 * SECOND_NS,
  cluster: {
    nodes: 1,
    pools: [
      { name: 'all', nodes: 1, cores: 4, memoryBytes: 16 * 2 ** 30, podsPerNode: 110, agent: null },
    ],
    topology: {
      zones: 1,
      racksPerZone: 1,
      rackLatencyNs: 20_000,
      zoneLatencyNs: 50_000,
      regionLatencyNs: 400_000,
      externalLatencyNs: 1e6,
    },
    podCidrBase: 10 * 2 ** 24,
    podCidrBits: 8,
    nodeMaskBits: 24,
  },
  controlPlane: {
    apiservers: 1,
    controllerManager: { qps: 0, burst: 0 },
    endpointSlice: { maxEndpoints: 100, batchPeriodNs: 0, concurrentSyncs: 5 },
    fanoutBytesPerSecond: 1.25e9,
    slowWatchers: { share: 0, bytesPerSecond: 1e6 },
    scheduler: { qps: 0, burst: 0 },
    kubelet: { qps: 0, burst: 0 },
  },
  proxy: plainProxy('iptables-nft', { minSyncPeriodNs: 0, syncPeriodNs: 30 * SECOND_NS }),
  constants: {
    'control-plane.apiserver.processing': 1e6,
    'control-plane.etcd.service': 357e3,
    'control-plane.etcd.latency': 693e3,
    'control-plane.watch.delivery': 1e6,
    'control-plane.slice.bytes-fixed': 500,
    'control-plane.slice.bytes-per-endpoint': 174,
    'control-plane.fanout.per-watcher': 3260,
    'control-plane.fanout.per-byte': 0.67,
    'control-plane.fanout.cores': 16,
    'control-plane.endpoint-slice.sync-fixed': 200e3,
    'control-plane.endpoint-slice.sync-per-pod': 5000,
    'control-plane.endpoint-slice.backoff': 1e9,
    'control-plane.scheduler.service': 2e6,
    'pod-life.kubelet.watch': 10e6,
    'pod-life.sandbox': 300e6,
    'pod-life.startup.median': 1e9,
    'pod-life.startup.p99': 1e9,
    'pod-life.exit-delay': 100e6,
    'pod-life.cni-del': 36e6,
  },
  populations: [],
  workloads: [],
  services: [],
  podChangesPerSecond: 0,
  traffic: [],
  events: [],
};

export function tinyWorkload(replicas: number, others: Partial<WorkloadPlan> = {}): WorkloadPlan {
  return {
    namespace: 'default',
    name: 'web',
    kind: 'Deployment',
    replicas,
    perNode: false,
    maxSurge: 1,
    maxUnavailable: 0,
    terminationGraceNs: 30 * SECOND_NS,
    preStopNs: 0,
    ...others,
  };
}

export function tinyService(
  workloads: readonly number[],
  others: Partial<ServicePlan> = {},
): ServicePlan {
  return {
    namespace: 'default',
    name: 'web',
    ports: plainPorts(1),
    headless: false,
    slices: null,
    workloads,
    ...others,
  };
}

export const BUILD_NS = 700;
export const KERNEL_NS = 1000;

/** Each sync takes `BUILD_NS` and `KERNEL_NS`; none is forced, none but the first of a node full. */
export function constantCostModel(visibility: Visibility = Visibility.Commit): ProxyModel {
  return {
    title: 'constant',
    models: [],
    ignores: [],
    lifecycle: { since: '1.0' },
    minimumKernel: '1.0',
    constants: [],
    kernel: 'iptables',
    visibility,
    calibrated: { servicePorts: 1, endpoints: 1 },
    defaults: { minSyncPeriodNs: 0, syncPeriodNs: 30 * SECOND_NS },
    forcedSyncNs: () => 0,
    fullSyncAfterNs: () => Number.POSITIVE_INFINITY,
    listsAfterNs: () => Infinity,
    kernelRules: () => 0,
    kernelMemory: () => 0,
    proxyMemory: () => 0,
    compile: () => {
      const curve = { knots: [0], hotNs: [0], coldNs: [0] };
      const cost = { hotNs: 0, coldNs: 0 };
      return {
        newFlow: cost,
        established: cost,
        walk: curve,
        walks: false,
        select: curve,
        selectsLinearly: false,
        pick: 'random',
        affinity: cost,
        external: cost,
        masquerade: { newFlow: cost, established: cost, remoteOnly: false },
        connect: null,
      };
    },
    programmingTime: () => (_work, cost) => {
      cost.buildNs = BUILD_NS;
      cost.kernelNs = KERNEL_NS;
      cost.cpuNs = BUILD_NS + KERNEL_NS;
    },
  };
}
