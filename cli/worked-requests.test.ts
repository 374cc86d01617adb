/** What requests meet, and what tables hold, against figures worked out on paper. */
import { describe, expect, it } from 'vitest';
import {
  figureOf,
  missed,
  pods,
  pointOf,
  servicePort,
  type WorkedExample,
} from './testing/worked-example.ts';

const traffic = (more = '') => `[{ name: t, to: service/web, rate: { perNode: 10/s }${more} }]`;
const run = (duration: number, warmup: number) =>
  `{ duration: ${duration}s, warmup: ${warmup}s, seed: 2, replications: 1 }`;
const nodes = (more: string) => `{ nodes: 20, zones: { count: 1 }, ${more} }`;
const zones = (more = '') => `{ nodes: 30, zones: { count: 3 }${more} }`;
const toWeb = (replicas: number, more = '', protocol = 'TCP') =>
  pods('web', replicas) + servicePort('web', more, protocol);

const sleep15 = ', lifecycle: { preStop: { sleep: { seconds: 15 } } }';
const shrink = '{ at: 30s, scale: deployment/web, replicas: 2 }';

// The sync for `wb` starts at 1.32 s, so the deletion of a pod of `web` at 1.4 s is in the kernels at
// 11.42 s, while its process ends at 1.51 s.
const slow = '{ mode: iptables, backend: nft, minSyncPeriod: 10s }';
const slowEvents = (left: number) => [
  '{ at: 0s, scale: deployment/wb, replicas: 3 }',
  `{ at: 1400ms, scale: deployment/web, replicas: ${left} }`,
];
const wb = pods('wb', 2) + servicePort('wb');
const slowSpec = { proxy: slow, traffic: traffic() };
const DEAD = 11.42 - 1.51;

// Of 20 nodes at 10 connections a second, each has two entries, or one if the endpoint is local.
const ENTRIES_A_SECOND = 10 * (2 - 1 / 20);

const examples: readonly WorkedExample[] = [
  {
    what: 'UDP requests leave entries of 30 s',
    spec: { traffic: traffic(', protocol: UDP'), run: run(30, 200) },
    objects: toWeb(2, '', 'UDP'),
    figures: [['value conntrackEntries', ENTRIES_A_SECOND * 30, 18]],
  },
  {
    what: 'TCP requests leave entries of 120 s',
    spec: { traffic: traffic(), run: run(30, 240) },
    objects: toWeb(2),
    figures: [['value conntrackEntries', ENTRIES_A_SECOND * 120, 40]],
  },
  {
    what: 'TCP connections of 10 s: 10 s more',
    spec: { traffic: traffic(', connections: { lifetime: 10s }'), run: run(30, 240) },
    objects: toWeb(2),
    figures: [['value conntrackEntries', ENTRIES_A_SECOND * 130, 40]],
  },
  {
    what: 'a full table lets in what expires: 1,000 in 120 s at each endpoint, of 100/s',
    spec: {
      cluster: nodes('pools: [{ name: o, share: 100%, cores: 4 }]'),
      proxy: '{ mode: iptables, backend: nft, conntrack: { maxPerCore: 100, min: 1000 } }',
      traffic: traffic(),
      run: run(480, 240),
    },
    objects: toWeb(2),
    figures: [
      ['max conntrackLargest', 1000],
      ['value request.failed', 1 - 1000 / 120 / 100, 0.02],
    ],
  },
  {
    what: 'without endpoints every request fails for that',
    spec: { traffic: traffic(), run: run(30, 60) },
    objects: toWeb(0),
    figures: [
      ['value request.failed', 1],
      ['value request.failed.noEndpoints', 1],
    ],
  },
  {
    what: 'node ports under the Local policy: 18 of 20 nodes drop, and addresses are kept',
    spec: { traffic: traffic(', kind: nodePort') },
    objects: toWeb(2, ', type: NodePort, externalTrafficPolicy: Local'),
    figures: [
      ['value request.failed', 0.9, 0.01],
      ['value request.clientAddressKept', 1],
    ],
  },
  {
    what: 'a load balancer under the Local policy knows which nodes to use',
    spec: { traffic: traffic(', kind: loadBalancer') },
    objects: toWeb(2, ', type: LoadBalancer, externalTrafficPolicy: Local'),
    figures: [
      ['value request.failed', 0],
      ['value request.clientAddressKept', 1],
    ],
  },
  {
    what: 'kube-proxy masquerades all that comes from outside under the Cluster policy',
    spec: { traffic: traffic(', kind: nodePort') },
    objects: toWeb(2, ', type: NodePort'),
    figures: [['value request.clientAddressKept', 0]],
  },
  {
    what: 'eBPF masquerades towards other nodes: one in 20 keeps its address',
    spec: { proxy: '{ mode: ebpf, externalReplies: snat }', traffic: traffic(', kind: nodePort') },
    objects: toWeb(2, ', type: NodePort'),
    figures: [['value request.clientAddressKept', 0.05, 0.006]],
  },
  {
    what: 'internalTrafficPolicy Local: clients of 18 of 20 nodes find nobody',
    spec: { traffic: traffic() },
    objects: toWeb(2, ', internalTrafficPolicy: Local'),
    figures: [['value request.failed', 0.9, 0.005]],
  },
  {
    what: 'three zones: two thirds of the requests leave theirs',
    spec: { cluster: zones(), traffic: traffic() },
    objects: toWeb(60),
    figures: [['value request.crossZone', 2 / 3, 0.02]],
  },
  {
    what: 'none does with PreferClose',
    spec: { cluster: zones(), traffic: traffic() },
    objects: toWeb(60, ', trafficDistribution: PreferClose'),
    figures: [['value request.crossZone', 0]],
  },
  {
    what: 'all do as before where the release does not know PreferClose',
    spec: { cluster: zones(', kubernetesVersion: "1.30"'), traffic: traffic() },
    objects: toWeb(60, ', trafficDistribution: PreferClose'),
    figures: [['value request.crossZone', 2 / 3, 0.02]],
  },
  {
    what: 'a pod on every node with PreferSameNode: no request leaves its node',
    spec: { cluster: zones(), traffic: traffic() },
    objects: toWeb(0, ', trafficDistribution: PreferSameNode')
      .replace('Deployment', 'DaemonSet')
      .replace('  replicas: 0\n', ''),
    figures: [
      ['value request.failed', 0],
      ['samples request.crossNode', 0],
    ],
  },
  {
    what: 'proxies of 1.33 follow the zone of these hints only',
    spec: {
      cluster: zones(', pools: [{ name: o, share: 100%, kubernetesVersion: "1.33" }]'),
      traffic: traffic(),
    },
    objects: toWeb(0, ', trafficDistribution: PreferSameNode')
      .replace('Deployment', 'DaemonSet')
      .replace('  replicas: 0\n', ''),
    figures: [['value request.crossZone', 0]],
  },
  {
    what: 'a lone deletion is programmed before the process ends',
    spec: { traffic: traffic() },
    events: [shrink],
    objects: toWeb(3),
    figures: [['value request.failed', 0]],
  },
  {
    what: 'with a minSyncPeriod of 10 s, a third of the requests of 9.9 s',
    spec: slowSpec,
    events: slowEvents(2),
    objects: wb + toWeb(3),
    figures: [['value request.failed.deadEndpoint', DEAD / 3 / 120, 0.0025]],
  },
  {
    what: 'a pause longer than that: none',
    spec: slowSpec,
    events: slowEvents(2),
    objects: wb + pods('web', 3, '', sleep15) + servicePort('web'),
    figures: [['value request.failed', 0]],
  },
  {
    what: 'a grace period of 5 s cuts the pause of 15 s',
    spec: slowSpec,
    events: slowEvents(2),
    objects: wb + pods('web', 3, 'terminationGracePeriodSeconds: 5', sleep15) + servicePort('web'),
    figures: [['value request.failed', (11.42 - 6.41) / 3 / 120, 0.0016]],
  },
  {
    what: 'a load balancer under the Local policy: half of the requests of 9.9 s',
    spec: { proxy: slow, traffic: traffic(', kind: loadBalancer') },
    events: slowEvents(1),
    objects: wb + toWeb(2, ', type: LoadBalancer, externalTrafficPolicy: Local'),
    figures: [['value request.failed', DEAD / 2 / 120, 0.004]],
  },
  {
    what: 'the last pod serves while it terminates, from 30 s to 45.1 s',
    spec: { traffic: traffic() },
    events: ['{ at: 30s, scale: deployment/web, replicas: 0 }'],
    objects: pods('web', 1, '', sleep15) + servicePort('web'),
    figures: [['value request.failed', (120 - 45.11) / 120, 0.006]],
  },
  {
    what: 'but not with proxies of 1.25',
    spec: { cluster: nodes('kubernetesVersion: "1.25"'), traffic: traffic() },
    events: ['{ at: 30s, scale: deployment/web, replicas: 0 }'],
    objects: pods('web', 1, '', sleep15) + servicePort('web'),
    figures: [['value request.failed', (120 - 30.05) / 120, 0.006]],
  },
  {
    what: 'connections of 10 s: those to the pod that ends are reset',
    spec: { traffic: traffic(', connections: { lifetime: 10s }') },
    events: [shrink],
    objects: toWeb(3),
    figures: [['value request.failed', 10 / 3 / 120, 0.0025]],
  },
  {
    what: 'used after 7 s: a connection older than that never notices',
    spec: { traffic: traffic(', connections: { lifetime: 10s, usedEvery: 7s }') },
    events: [shrink],
    objects: toWeb(3),
    figures: [['value request.failed', 7 / 3 / 120, 0.0025]],
  },
  {
    what: 'used every 5 s: the use at 10 s comes just before the close, so all notice',
    spec: { traffic: traffic(', connections: { lifetime: 10s, usedEvery: 5s }') },
    events: [shrink],
    objects: toWeb(3),
    figures: [['value request.failed', 10 / 3 / 120, 0.0025]],
  },
  {
    what: 'UDP flows of 10 s: lost where a packet falls between the end and the clean-up, 0.975 s',
    spec: { traffic: traffic(', protocol: UDP, connections: { lifetime: 10s, usedEvery: 1s }') },
    events: [shrink],
    objects: toWeb(3, '', 'UDP'),
    figures: [['value request.failed', (0.975 * 10) / 3 / 120, 0.0025]],
  },
];

describe('requests worked out on paper', () => {
  it.each(examples)('$what', (example) => expect(missed(example)).toEqual([]));

  it('walk half of KUBE-SERVICES, 4.1 ns a rule in legacy and 9 ns in nft, none in the other modes', () => {
    const hot = {
      cluster: '{ nodes: 400, zones: { count: 1 } }',
      traffic: '[{ name: t, to: service/web, rate: { perNode: 25/s } }]',
      constants: '{ dataplane.touch-rate: 1000000 }',
      run: run(2, 2),
    };
    const many = '{ services: [{ name: a, count: 2000, endpoints: { constant: 2 } }] }';
    const grown = (proxy: string) => {
      const mean = (spec: Readonly<Record<string, string>>) =>
        figureOf(
          pointOf({ what: '', spec, objects: toWeb(2), figures: [] }),
          'mean firstPacket.proxy',
        );
      return mean({ ...hot, proxy, workload: many }) - mean({ ...hot, proxy });
    };
    const legacy = grown('{ mode: iptables, backend: legacy }');
    const nft = grown('{ mode: iptables, backend: nft }');
    expect(Math.abs(legacy / 4.1e-6 - 1)).toBeLessThan(0.15);
    expect(Math.abs(nft / 9e-6 - 1)).toBeLessThan(0.15);
    for (const mode of ['nftables', 'ipvs', 'ebpf'])
      expect(grown(`{ mode: ${mode} }`), mode).toBe(0);
  });

  it('between nodes are 2 x 92.5 us quicker when replies go straight to the client', () => {
    const mean = (externalReplies: string) =>
      figureOf(
        pointOf({
          what: '',
          spec: {
            proxy: `{ mode: ebpf, externalReplies: ${externalReplies} }`,
            traffic: traffic(', kind: nodePort'),
          },
          objects: toWeb(2, ', type: NodePort'),
          figures: [],
        }),
        'mean request.nodePort',
      );
    // SYN-ACK and reply save a hop to one of 19 other nodes, 1 at 50 us and 18 at 100 us.
    const saved = (2 * (19 / 20) * (50e-6 + 18 * 100e-6)) / 19;
    expect(Math.abs(mean('snat') - mean('dsr') - saved)).toBeLessThan(10e-6);
  });
});
