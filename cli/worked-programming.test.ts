/** What happens to changes, writes, watch events and rules, against figures worked out on paper. */
import { describe, expect, it } from 'vitest';
import { missed, pods, servicePort, type WorkedExample } from './testing/worked-example.ts';

const web = (replicas: number) => pods('web', replicas) + servicePort('web');
const scale = (at: string, name: string, replicas: number) =>
  `{ at: ${at}, scale: deployment/${name}, replicas: ${replicas} }`;
const up = [scale('0s', 'web', 3)];
const down = [scale('0s', 'web', 2)];
const nodes = (more: string) => `{ nodes: 20, zones: { count: 1 }, ${more} }`;
const release = (version: string) => nodes(`kubernetesVersion: "${version}"`);
const minSync = '{ mode: iptables, backend: nft, minSyncPeriod: 10s }';
const sleep15 = ', lifecycle: { preStop: { sleep: { seconds: 15 } } }';

// Three changes, 0.3 s apart, of three Services.
const three = ['web', 'wb', 'wc'].map((name) => pods(name, 2) + servicePort(name)).join('');
const threeFrom = (seconds: number) =>
  ['web', 'wb', 'wc'].map((name, i) => scale(`${seconds * 1000 + i * 300}ms`, name, 3));
// A sync of a few rules takes 0.042 s. Old runner: the third change finds 0.6 of a token and waits
// for the end of the second sync + 1 s. New: the second waits for the end of the first + 1 s, the
// third goes with it.
const BURST = (0.7 + 0.042) / 3;
const GAP = (1.1 + 2 * 0.042) / 3;

// 40 Services of one Deployment: a burst of 30 writes, in rounds of five workers 2.3 ms apart, then
// one each 50 ms.
const FORTY = (30 * 2.5 * 2.3e-3) / 40 + (0.05 * 55) / 40 + 0.215e-3;

const examples: readonly WorkedExample[] = [
  {
    what: 'a lone new pod: 4 writes, one watch event a node, every stage as on paper',
    events: up,
    objects: web(2),
    figures: [
      ['stage kubelet', 0.1e-3 + 2.05e-3 + 1e-3],
      ['stage controllerQueue', 0],
      ['stage controllerWrite', 0.2e-3 + 3 * 5e-6],
      ['stage apiserver', 2.05e-3],
      ['stage proxyWait', 0],
      ['total apiserver.watchEvents', 20],
      ['total etcd.writes', 4],
      ['value kernelRules', 4 + 5 + 2 + 3 * 3],
      ['mean podStartup', 1.3183, 0.001],
    ],
  },
  {
    what: 'before 1.27 filter has one rule less',
    spec: { cluster: release('1.25') },
    events: up,
    objects: web(2),
    figures: [['value kernelRules', 19]],
  },
  {
    what: 'a batch period delays a lone change by itself',
    spec: { controlPlane: '{ endpointSlice: { batchPeriod: 2s } }' },
    events: up,
    objects: web(2),
    figures: [['stage controllerQueue', 2]],
  },
  {
    what: 'two pods 2 ms apart: the second meets a stale cache and waits a second',
    events: [scale('0s', 'web', 4)],
    objects: web(2),
    figures: [
      ['stage controllerQueue', 0.5002, 0.0005],
      ['total apiserver.watchEvents', 40],
    ],
  },
  {
    what: 'three pods 2 ms apart: the third takes the second along, which waits for it alone',
    events: [scale('0s', 'web', 5)],
    objects: web(2),
    figures: [
      ['stage controllerQueue', 0.001, 0.0001],
      ['total apiserver.watchEvents', 40],
    ],
  },
  {
    what: 'with a batch period all three are one write',
    spec: { controlPlane: '{ endpointSlice: { batchPeriod: 1s } }' },
    events: [scale('0s', 'web', 5)],
    objects: web(2),
    figures: [
      ['stage controllerQueue', 1],
      ['total apiserver.watchEvents', 20],
    ],
  },
  {
    what: 'a deleted pod is two writes; the removal waits for the end of the first sync + 1 s',
    events: down,
    objects: web(3),
    figures: [
      ['total apiserver.watchEvents', 40],
      ['stage kubelet', (1e-3 + 39.15e-3) / 2],
      ['stage proxyWait', (0.8517 + 0.042) / 2, 0.01],
    ],
  },
  {
    what: 'with the runner before 1.34 the removal has a token',
    spec: { cluster: release('1.33') },
    events: down,
    objects: web(3),
    figures: [['stage proxyWait', 0]],
  },
  {
    what: 'a minSyncPeriod of 10 s adds nine',
    spec: { proxy: minSync },
    events: down,
    objects: web(3),
    figures: [['stage proxyWait', (9.8517 + 0.042) / 2, 0.01]],
  },
  {
    what: 'a preStop pause of 15 s keeps both writes apart, and does not count from the removal',
    events: down,
    objects: pods('web', 3, '', sleep15) + servicePort('web'),
    figures: [
      ['stage proxyWait', 0],
      ['stage kubelet', (1e-3 + 39.15e-3) / 2],
    ],
  },
  {
    what: 'three quick changes with a burst of two',
    spec: { cluster: release('1.33') },
    events: threeFrom(0),
    objects: three,
    figures: [['stage proxyWait', BURST, 0.012]],
  },
  {
    what: 'three quick changes with the newer runner',
    events: threeFrom(0),
    objects: three,
    figures: [['stage proxyWait', GAP, 0.012]],
  },
  {
    what: 'half of the nodes of each release: the mean of both',
    spec: {
      cluster: nodes(
        'pools: [{ name: o, share: 50%, kubernetesVersion: "1.33" }, { name: n, share: 50% }]',
      ),
    },
    events: threeFrom(0),
    objects: three,
    figures: [['stage proxyWait', (BURST + GAP) / 2, 0.012]],
  },
  {
    what: 'after an upgrade of all of them: the newer runner',
    spec: { cluster: nodes('pools: [{ name: o, share: 100%, kubernetesVersion: "1.33" }]') },
    events: ['{ at: 0s, upgradeAgents: o, to: { kubernetesVersion: "1.34" } }', ...threeFrom(30)],
    objects: three,
    figures: [
      ['stage proxyWait', GAP, 0.012],
      ['mean agentRestartGap', 3.14, 0.03],
    ],
  },
  {
    what: 'half of the nodes upgraded to ipvs: 4 + 5 + 8 rules, or 1 + 2 servers',
    spec: { cluster: nodes('pools: [{ name: o, share: 100% }]') },
    events: ['{ at: 0s, upgradeAgents: o, to: { proxy: { mode: ipvs } }, share: 50% }'],
    objects: web(2),
    figures: [['value kernelRules', (17 + 3) / 2]],
  },
  {
    what: 'without changes iptables syncs once an hour',
    spec: { run: '{ duration: 2h, warmup: 60s, seed: 1, replications: 1 }' },
    objects: web(2),
    figures: [['samples proxySync', 40]],
  },
  {
    what: 'without changes ipvs syncs each 30 s',
    spec: { proxy: '{ mode: ipvs }' },
    objects: web(2),
    figures: [['samples proxySync', 80]],
  },
  {
    what: 'what changes while a proxy restarts waits for its start, and is not in the SLI',
    spec: { cluster: nodes('pools: [{ name: o, share: 100% }]') },
    events: [scale('30s', 'web', 3), '{ at: 30500ms, restartAgents: o }'],
    objects: web(2),
    figures: [
      ['mean networkProgramming', 33.5 + 0.14 - 31.3183, 0.02],
      ['samples networkProgramming.sli', 0],
    ],
  },
  {
    what: 'failing syncs, one in two, cost one syncPeriod on average',
    spec: {
      cluster: '{ nodes: 1000, zones: { count: 1 } }',
      proxy: '{ mode: iptables, backend: nft, failedSyncs: 50%, syncPeriod: 5s }',
    },
    events: up,
    objects: web(2),
    figures: [
      ['stage proxyWait', 5.04, 0.5],
      ['value proxySync.failed', 0.5, 0.05],
    ],
  },
  {
    what: 'the 26th endpoint goes to the slice of 5, not to the full ones of 10',
    spec: { controlPlane: '{ endpointSlice: { maxEndpoints: 10 } }' },
    events: [scale('0s', 'web', 26)],
    objects: web(25),
    figures: [
      // 425 B and 156 B an endpoint, by the difference of slices of 1 and of 51 endpoints.
      ['total apiserver.egressBytes', 20 * (425 + 6 * 156)],
      ['total apiserver.watchEvents', 20],
    ],
  },
  {
    what: '250 new pods in one batch are three slices',
    spec: { controlPlane: '{ endpointSlice: { batchPeriod: 20s } }' },
    events: [scale('0s', 'web', 250)],
    objects: web(0),
    figures: [
      ['total apiserver.watchEvents', 60],
      ['total etcd.writes', 753],
    ],
  },
  {
    what: 'a rolling update of one pod: the stale cache merges terminating and removal',
    events: ['{ at: 0s, rollingUpdate: deployment/web }'],
    objects:
      pods('web', 1, '', '', 'strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }') +
      servicePort('web'),
    figures: [['total apiserver.watchEvents', 40]],
  },
  {
    what: '40 Services at the default limit of the controller manager',
    events: up,
    objects:
      pods('web', 2) +
      Array.from({ length: 40 }, (_, i) => servicePort(`s${i}`, '', 'TCP', 'web')).join(''),
    figures: [['stage controllerQueue+controllerWrite', FORTY, 0.003]],
  },
  {
    what: 'statuses of one kubelet, limited to one request a second',
    spec: {
      cluster: '{ nodes: 1, zones: { count: 1 } }',
      controlPlane: '{ kubelet: { qps: 1, burst: 1 } }',
    },
    events: [scale('0s', 'web', 5)],
    objects: web(2),
    figures: [['stage kubelet', 3.15e-3 + (0 + 0.998 + 1.996) / 3, 0.003]],
  },
  {
    what: '250 bindings: a burst of 100, then 50 a second',
    spec: {
      cluster: '{ nodes: 50, zones: { count: 1 } }',
      controlPlane: '{ controllerManager: { qps: 1000, burst: 1000 } }',
    },
    events: [scale('0s', 'web', 250)],
    objects: web(0),
    figures: [['mean podStartup', 2.224, 0.02]],
  },
  {
    what: 'writes of slices beyond the limit: 20 a second, to 20 nodes',
    spec: {
      workload:
        '{ services: [{ name: a, count: 400, endpoints: { constant: 4 } }], churn: { podChangesPerSecond: 30 } }',
    },
    figures: [['value apiserver.watchEvents', 400, 8]],
  },
  {
    what: 'the fan-out at 100 kB/s: place by place',
    spec: {
      cluster: '{ nodes: 21, zones: { count: 1 } }',
      controlPlane: '{ apiservers: 1, watch: { fanoutBandwidth: 100kB/s } }',
    },
    events: up,
    objects: web(2),
    figures: [['stage fanout', 0.1e-3 + (11 * (425 + 3 * 156)) / 100e3, 1e-4]],
  },
  {
    what: 'an outage of one apiserver of three: a third of the nodes has the lists of its end',
    spec: { cluster: '{ nodes: 21, zones: { count: 1 } }' },
    events: [...up, '{ at: 500ms, apiserverOutage: 0, for: 10s }'],
    objects: web(2),
    figures: [['stage fanout', 3.2022, 0.001]],
  },
  {
    what: 'an apiserver in one zone of three: two thirds of the nodes are 0.5 ms away',
    spec: {
      cluster: '{ nodes: 30, zones: { count: 3 } }',
      controlPlane: '{ apiservers: 1 }',
    },
    events: up,
    objects: web(2),
    figures: [['stage fanout', (0.1e-3 + 2 * 0.5e-3) / 3 + (15.5 * 893) / 1.25e9, 1e-6]],
  },
  {
    what: 'of two nodes that join in an outage of 10 s, one belongs to the apiserver that is away',
    spec: { cluster: '{ nodes: 21, zones: { count: 1 } }' },
    events: ['{ at: 500ms, apiserverOutage: 0, for: 10s }', '{ at: 1s, addNodes: 2 }'],
    objects: web(2),
    figures: [['mean nodeNetworkReady', 9.5 / 2 + 0.12, 0.03]],
  },
  {
    what: 'proxies that restart ask for a Service and its slice, and see no event again',
    spec: { cluster: nodes('pools: [{ name: o, share: 100% }]') },
    events: ['{ at: 10s, restartAgents: o, over: 60s }'],
    objects: web(2),
    figures: [
      ['samples agentRestartGap', 20],
      ['total apiserver.watchEvents', 0],
      ['total apiserver.egressBytes', 20 * (1000 + 425 + 2 * 156)],
    ],
  },
  {
    what: '100 pods of 250 go: two writes each, and two slices in one batch',
    spec: {
      controlPlane:
        '{ endpointSlice: { batchPeriod: 20s }, controllerManager: { qps: 1000, burst: 1000 } }',
    },
    events: [scale('0s', 'web', 150)],
    objects: web(250),
    figures: [['total etcd.writes', 202]],
  },
  {
    what: 'memory of a kernel and of a proxy: 17 rules, one Service of two endpoints',
    objects: web(2),
    figures: [
      ['value kernelMemory', 17 * 1011],
      ['value node.proxyMemory', 40e6 + 9300 + 2 * 7000 + 17 * 200],
    ],
  },
  {
    what: 'a headless Service is written, and watched by no proxy',
    events: up,
    objects: pods('web', 2) + servicePort('web', ', clusterIP: None'),
    figures: [
      ['total etcd.writes', 4],
      ['total apiserver.watchEvents', 0],
      ['samples networkProgramming', 0],
    ],
  },
];

describe('a change worked out on paper', () => {
  it.each(examples)('$what', (example) => expect(missed(example)).toEqual([]));
});
