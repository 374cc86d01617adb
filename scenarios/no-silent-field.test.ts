/** Invariant 3: an accepted field changes the experiment, or is reported, or is refused. */
import { describe, expect, it } from 'vitest';
import { constantById } from '../core/models/index.ts';
import { modesOf, type ProxyMode } from './schema/proxy.ts';
import { allFields, fieldsOf, inner } from './schema/walk.ts';
import { deployment, loadText, service } from './testing/load-text.ts';

const lifetimes = [
  { distribution: 'constant', value: '30s' },
  { distribution: 'exponential', mean: '30s' },
  { distribution: 'pareto', min: '2s', p95: '90s' },
];

const base = {
  cluster: {
    nodes: 20,
    pools: [
      { name: 'a', share: 0.5, cores: 8, podsPerNode: 110 },
      { name: 'b', share: 0.5, cores: 8, podsPerNode: 110 },
    ],
    scale: { services: 'fixed', churn: 'fixed' },
  },
  proxy: { mode: 'iptables' },
  workload: {
    services: [
      {
        name: 'app',
        count: 20,
        endpoints: { constant: 2 },
        type: 'LoadBalancer',
        sessionAffinity: 'ClientIP',
      },
      { name: 'uniform', count: 5, endpoints: { distribution: 'uniform', min: 1, max: 4 } },
      {
        name: 'lognormal',
        count: 5,
        endpoints: { distribution: 'lognormal', median: 2, p99: 9, max: 20 },
      },
    ],
    churn: { podChangesPerSecond: 1 },
  },
  traffic: [
    { name: 'all', to: '*', rate: { total: '10/s' } },
    ...lifetimes.map((lifetime, i) => ({
      name: `long-${i}`,
      to: 'app',
      rate: { total: '10/s' },
      connections: { lifetime },
    })),
  ],
  events: [
    { at: '1m', rollingUpdate: 'deployment/web' },
    { at: '2m', scale: 'deployment/web', replicas: 3 },
    { at: '3m', addNodes: 2 },
    { at: '4m', restartAgents: 'a' },
    { at: '4m', upgradeAgents: 'b', to: { kubernetesVersion: '1.35' } },
    { at: '4m', apiserverOutage: 0, for: '30s' },
  ],
  slos: [{ name: 'p', metric: 'networkProgramming', max: '5s' }],
  target: { value: 30 },
  variants: [{ name: 'v', set: { proxy: { mode: 'ipvs' } } }],
  sweep: [{ path: 'cluster.nodes', values: [20, 40] }],
};

/** Another value for each field of a Service proxy, and a mode that has the field. */
const proxyFields: Readonly<Record<string, readonly [value: unknown, mode: string]>> = {
  mode: ['nftables', 'nftables'],
  backend: ['legacy', 'iptables'],
  minSyncPeriod: ['2s', 'iptables'],
  syncPeriod: ['20s', 'iptables'],
  failedSyncs: ['1%', 'nftables'],
  localhostNodePorts: [false, 'iptables'],
  nodePortAddresses: ['primary', 'iptables'],
  'conntrack.maxPerCore': [1000, 'ipvs'],
  'conntrack.min': [1000, 'iptables'],
  'conntrack.tcpEstablishedTimeout': ['2h', 'iptables'],
  'conntrack.tcpCloseWaitTimeout': ['2m', 'nftables'],
  socketTranslation: [false, 'ebpf'],
  externalReplies: ['dsr', 'ebpf'],
};
const places = ['proxy', 'cluster.pools.0.proxy', 'events.4.to.proxy'];
const ofProxies = Object.entries(proxyFields).flatMap(([name, [value]]) =>
  places.map((place) => [`${place}.${name}`, value] as const),
);

/** Another value for each leaf: by the path in `base`, with lists by index. */
const others: Readonly<Record<string, unknown>> = {
  'cluster.kubernetesVersion': '1.27',
  'cluster.nodes': 21,
  'cluster.zones.count': 2,
  'cluster.podCIDR': '10.0.0.0/9',
  'cluster.nodeMask': 25,
  'cluster.serviceCIDR': '172.16.0.0/29',
  'cluster.ipam.mode': 'calico',
  'cluster.scale': 'proportional',
  'cluster.scale.services': 'proportional',
  'cluster.scale.churn': 'proportional',
  'cluster.pools.0.name': 'c',
  'cluster.pools.0.share': 0.4,
  'cluster.pools.0.cores': 4,
  'cluster.pools.0.podsPerNode': 50,
  'cluster.pools.0.memory': '16Gi',
  'cluster.pools.0.kubernetesVersion': '1.33',
  'cluster.topology.racksPerZone': 5,
  'cluster.topology.latency.rack': '60us',
  'cluster.topology.latency.zone': '110us',
  'cluster.topology.latency.region': '600us',
  'cluster.topology.latency.external': '2ms',
  'controlPlane.watch.slowWatchers': { share: '2%' },
  'controlPlane.watch.slowWatchers.share': 0.1,
  'controlPlane.watch.slowWatchers#': { share: 0.1, bandwidth: '1kB/s' },
  'controlPlane.watch.slowWatchers.bandwidth': '1kB/s',
  'controlPlane.apiservers': 2,
  'controlPlane.controllerManager.qps': 30,
  'controlPlane.controllerManager.burst': 40,
  'controlPlane.endpointSlice.maxEndpoints': 50,
  'controlPlane.endpointSlice.batchPeriod': '1s',
  'controlPlane.endpointSlice.concurrentSyncs': 2,
  'controlPlane.watch.fanoutBandwidth': '1GB/s',
  'controlPlane.scheduler.qps': 20,
  'controlPlane.scheduler.burst': 20,
  'controlPlane.kubelet.qps': 20,
  'controlPlane.kubelet.burst': 20,
  'workload.services.0.name': 'other',
  'workload.services.0.count': 21,
  'workload.services.0.ports': 2,
  'workload.services.0.protocol': 'UDP',
  'workload.services.0.type': 'NodePort',
  'workload.services.0.externalIPs': 1,
  'workload.services.0.loadBalancerSourceRanges': 2,
  'workload.services.0.internalTrafficPolicy': 'Local',
  'workload.services.0.externalTrafficPolicy': 'Local',
  'workload.services.0.sessionAffinity': 'None',
  'workload.services.0.sessionAffinityTimeout': '1h',
  'workload.services.0.trafficDistribution': 'PreferSameNode',
  'workload.services.0.endpoints.constant': 3,
  'workload.services.1.endpoints.distribution': 'normal',
  'workload.services.1.endpoints.min': 2,
  'workload.services.1.endpoints.max': 5,
  'workload.services.2.endpoints.median': 3,
  'workload.services.2.endpoints.p99': 10,
  'workload.services.2.endpoints.max': 30,
  'workload.objects': ['nowhere'],
  'workload.churn.podChangesPerSecond': 2,
  'workload.churn': { podChangesPerNodeHour: 5 },
  'traffic.0.name': 'other',
  'traffic.0.to': 'app',
  'traffic.0.kind': 'external',
  'traffic.0.protocol': 'UDP',
  'traffic.0.connections': { lifetime: '1s' },
  'traffic.1.connections.usedEvery': '5s',
  'traffic.1.connections.lifetime.distribution': 'uniform',
  'traffic.1.connections.lifetime.value': '40s',
  'traffic.2.connections.lifetime.mean': '40s',
  'traffic.3.connections.lifetime.min': '3s',
  'traffic.3.connections.lifetime.p95': '80s',
  'traffic.0.rate.total': '20/s',
  'traffic.0.rate': { perNode: '1/s' },
  'traffic.0.rate#': { perPod: '1/s' },
  'events.0.at': '2m',
  'events.0.rollingUpdate': 'deployment/api',
  'events.1.scale': 'deployment/api',
  'events.1.replicas': 4,
  'events.2.addNodes': 3,
  'events.3.restartAgents': 'b',
  'events.3.share': 0.2,
  'events.3.over': '10s',
  'events.4.upgradeAgents': 'a',
  'events.4.to.kubernetesVersion': '1.33',
  'events.5.apiserverOutage': 1,
  'events.5.for': '40s',
  'events.0.label': 'release',
  'run.duration': '9m',
  'run.warmup': '2m',
  'run.replications': 3,
  'run.replications#': { min: 4 },
  'run.seed': 7,
  'variants.0.name': 'w',
  'variants.0.set': { proxy: { mode: 'ebpf' } },
  'variants.0.candidate': false,
  'variants.0.note': 'why',
  'sweep.0.path': 'controlPlane.apiservers',
  'sweep.0.values': [20, 50],
  'slos.0.name': 'q',
  'slos.0.metric': 'endpointConvergence',
  'slos.0.quantile': 0.9,
  'slos.0.as': 'ratio',
  'slos.0.max': '6s',
  'slos.0.gate': 'warn',
  'target.path': 'controlPlane.apiservers',
  'target.value': 35,
  'target.headroom': 1.2,
  'target.gateAt': 40,
  ...Object.fromEntries(ofProxies),
};

/** Notes for the reader: they stand in the document, and nothing is simulated for them. */
const notes = ['assumptions', 'assumptions[].id', 'assumptions[].text', 'assumptions[].source'];

const declared = (path: string) => path.replace('#', '').replace(/\.\d+/g, '[]');

/** Without what takes the place of `cluster.nodes` and `proxy`. */
const { variants: _variants, sweep: _sweep, target: _target, ...plain } = base;

function withOther(from: object, path: string, value: unknown): unknown {
  const spec = structuredClone(from) as Record<string, unknown>;
  const keys = path.replace('#', '').split('.');
  let container = spec;
  for (const key of keys.slice(0, -1)) {
    container[key] ??= {};
    container = container[key] as Record<string, unknown>;
  }
  container[keys.at(-1)!] = value;
  return spec;
}

/** All that decides what is simulated, how it is judged, and what is said beside it. */
function outcome(spec: unknown): string {
  const { experiment, diagnostics } = loadText(
    `spec: ${JSON.stringify(spec)}\n${deployment('web')}${deployment('api')}${service('web')}`,
  );
  if (experiment === undefined) return JSON.stringify(diagnostics.map(({ code }) => code));
  const { document: _, hash: __, variants, ...rest } = experiment;
  return JSON.stringify([rest, variants.map(({ spec: ___, ...variant }) => variant)]);
}

describe('every field of the format', () => {
  it('has a value to try here', () => {
    const leaves = allFields().flatMap(({ path, schema }) => {
      const name = path.replace(/^spec\./, '');
      const isLeaf = fieldsOf(inner(schema)).size === 0;
      const below = allFields().some((other) => other.path.startsWith(`${path}[].`));
      return path.startsWith('spec.') && isLeaf && !below ? [name] : [];
    });
    const tried = new Set(Object.keys(others).map(declared));
    // The union members of a rate, of churn and of replications are tried by their map.
    const byMap = [
      'workload.churn.podChangesPerNodeHour',
      'traffic[].rate.perNode',
      'traffic[].rate.perPod',
      'run.replications.min',
      'constants',
    ];
    expect(leaves.filter((leaf) => ![...tried, ...byMap, ...notes].includes(leaf))).toEqual([]);
  });

  it.each(Object.entries(others))('%s changes the experiment or is reported', (path, value) => {
    const from = path === 'cluster.nodes' || path.startsWith('proxy.') ? plain : base;
    expect(outcome(withOther(from, path, value))).not.toBe(outcome(from));
  });
});

describe('every field of a Service proxy', () => {
  const plans = (spec: unknown) =>
    loadText(`spec: ${JSON.stringify(spec)}\n${deployment('web')}${deployment('api')}`).experiment
      ?.points[0]?.plan;
  const cases = Object.entries(proxyFields).filter(([name]) => name !== 'mode');

  it.each(cases)(
    '%s reaches the cluster, pools and upgrades of a mode that has it',
    (name, [value, mode]) => {
      const from = withOther(plain, 'proxy.mode', mode);
      for (const place of places) {
        const changed = plans(withOther(from as object, `${place}.${name}`, value));
        expect(changed, place).toBeDefined();
        expect(changed, place).not.toEqual(plans(from));
      }
    },
  );

  it.each(cases)(
    '%s is refused beside a mode that does not have it, and left behind by one',
    (name, [value]) => {
      for (const mode of ['iptables', 'ipvs', 'nftables', 'ebpf']) {
        const field = name.split('.')[0]!;
        const belongs = modesOf(field)?.includes(mode as ProxyMode) ?? true;
        const spec = withOther({ proxy: { mode } }, `proxy.${name}`, value);
        const { diagnostics } = loadText(`spec: ${JSON.stringify(spec)}\n`);
        expect(
          diagnostics.some(({ code }) => code === 'E201'),
          mode,
        ).toBe(!belongs);
        const own = modesOf(field)?.[0] ?? 'iptables';
        const before = withOther({ proxy: { mode: own } }, `proxy.${name}`, value) as object;
        const pools = [{ name: 'a', share: 1, proxy: { mode } }];
        expect(plans({ ...before, cluster: { pools } }), mode).toBeDefined();
      }
    },
  );
});

describe('a field that does nothing is reported:', () => {
  const warnings = (spec: string) =>
    loadText(spec).diagnostics.map(({ code, message }) => `${code} ${message}`);

  it('proxy.syncPeriod where no timer follows it, by variant', () => {
    const variants =
      'variants: [{ name: a, set: { proxy: { mode: ipvs } } }, { name: b, set: { proxy: { mode: ebpf } } }, { name: c, set: { proxy: { mode: nftables } } }]';
    expect(warnings(`spec: { proxy: { syncPeriod: 20s }, ${variants} }\n`)).toEqual([
      'W504 proxy.syncPeriod has no effect in b, c',
    ]);
    expect(warnings(`spec: { ${variants} }\n`)).toEqual([]);
  });

  it('a period that nothing follows lengthens no warm-up', () => {
    const plan = (mode: string) =>
      loadText(`spec: { proxy: { mode: ${mode}, syncPeriod: 5m } }\n`).experiment!.points[0]!.plan;
    expect([plan('ebpf').warmUpNs, plan('ipvs').warmUpNs]).toEqual([30e9, 300e9]);
  });

  it('how long half-closed connections are kept, where none is left half closed', () => {
    const proxy = 'proxy: { conntrack: { tcpCloseWaitTimeout: 20m } }';
    const workload =
      'workload: { services: [{ name: app, count: 2, endpoints: { constant: 2 } }] }';
    const traffic = (connections: string) =>
      `traffic: [{ name: t, to: '*', rate: { perNode: 1/s }, connections: { ${connections} } }]`;
    const of = (connections: string) =>
      warnings(`spec: { ${proxy}, ${workload}, ${traffic(connections)} }\n`);
    expect(of('lifetime: 10m')).toEqual([
      'W504 proxy.conntrack.tcpCloseWaitTimeout has no effect: no client leaves a connection half closed',
    ]);
    expect(of('lifetime: 10m, usedEvery: 1m')).toEqual([]);
  });

  it('a constant of a mode that no variant runs', () => {
    const { id, value } = constantById('proxy.iptables-legacy.walk.hot')!;
    const constants = `constants: { ${id}: ${value} }`;
    const codes = (proxy: string) =>
      warnings(`spec: { ${constants}, proxy: ${proxy} }\n`).map((text) => text.slice(0, 4));
    expect(codes('{ mode: ipvs }')).toEqual(['W505']);
    expect(codes('{ mode: iptables, backend: legacy }')).toEqual([]);
  });

  it('zones beyond the nodes', () => {
    expect(warnings('spec: { cluster: { nodes: 2, zones: { count: 3 } } }\n')).toEqual([
      'W506 3 zones, and 2 nodes',
    ]);
  });

  it('the network card of a pool, as not modelled', () => {
    const pools = 'pools: [{ name: a, share: 1, nic: 25Gbit/s }]';
    expect(warnings(`spec: { cluster: { ${pools} } }\n`)).toEqual([
      'E130 not modelled in this release: spec.cluster.pools[].nic',
    ]);
  });

  it('a run shorter than a timer, once for all variants', () => {
    const spec =
      'spec: { run: { duration: 6m }, variants: [{ name: a }, { name: b, set: { proxy: { mode: ebpf } } }, { name: c, set: { proxy: { mode: nftables } } }] }\n';
    const found = loadText(spec).experiment!.warnings.filter(({ code }) => code === 'W501');
    expect(found.map(({ text }) => text)).toEqual([
      'a, c: the full sync that every node makes each 1h falls into the run of 6m of only about 10% of nodes',
    ]);
  });
});
