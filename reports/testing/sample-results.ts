/**
 * The sample document of tests: four variants at five sizes, of which one fails, one is
 * inconclusive and two hold. Nothing here was simulated.
 */
import type { Point, Results } from '../../core/results.ts';
import type { RunInfo } from '../run-info.ts';
import type { Shape } from './sample-point.ts';
import { pointOf, SHAPES } from './sample-point.ts';

const SIZES = [100, 500, 1000, 3900, 5000];

const document = {
  apiVersion: 'knetsim.dev/v1',
  kind: 'Scenario',
  metadata: {
    name: 'proxy-at-scale',
    annotations: { 'knetsim.dev/decision': 'Which service proxy for the 3,000-node region?' },
  },
  spec: {
    cluster: { kubernetesVersion: '1.34', nodes: 3000 },
    events: [
      { at: '3m20s', rollingUpdate: 'deployment/checkout', label: 'release' },
      { at: '7m', scale: 'deployment/web', replicas: 45 },
    ],
    run: { duration: '10m', warmup: '2m', seed: 42 },
  },
};

const provenance: Results['provenance'] = [
  [
    'controller.endpointSlice.sync',
    2.1e6,
    'ns',
    'one pass over a Service',
    'measured',
    'endpointslice controller benchmark',
    'kernel 6.12, 4 cores',
  ],
  [
    'apiserver.write',
    4.5e6,
    'ns',
    'one write to etcd, quorum included',
    'published',
    'etcd performance page, v3.5',
  ],
  [
    'kubelet.statusInterval',
    1e9,
    'ns',
    'period of status updates',
    'published',
    'kubelet configuration reference',
  ],
  [
    'proxy.iptables-nft.restore.perRule',
    3100,
    'ns/rule',
    'one rule loaded by a full restore',
    'measured',
    'data/calibration/iptables-nft.json',
    'kernel 6.12',
  ],
  [
    'proxy.ipvs.perDestination',
    4200,
    'ns',
    'one destination added over netlink',
    'assumed',
    'no measurement yet; half of an iptables rule',
  ],
  [
    'proxy.nftables.perElement',
    900,
    'ns',
    'one map element updated',
    'measured',
    'data/calibration/nftables.json',
    'kernel 6.12',
  ],
  [
    'proxy.ebpf.perEntry',
    700,
    'ns',
    'one map entry written',
    'assumed',
    'syscall cost and a hash insert',
  ],
  [
    'fanout.encodePerByte',
    2.4,
    'ns/byte',
    'serialising one watch event',
    'derived',
    'apiserver.write / bytes',
  ],
].map(([id, value, unit, about, kind, ref, setup]) => ({
  id: String(id),
  value: Number(value),
  unit: String(unit),
  range: [Number(value) / 3, Number(value) * 3],
  about: String(about),
  source: {
    kind: String(kind),
    ref: String(ref),
    ...(setup === undefined ? {} : { setup: String(setup) }),
  },
  overridden: id === 'fanout.encodePerByte',
}));

/** Four variants at five sizes: one fails, one is inconclusive, two hold. */
export function sampleResults(): Results {
  const points = SHAPES.flatMap((shape) =>
    SIZES.map((nodes) => pointOf(shape, nodes, { 'cluster.nodes': nodes })),
  );
  return {
    apiVersion: 'knetsim.dev/v1',
    kind: 'Results',
    scenario: { name: 'proxy-at-scale', hash: '3f'.repeat(32), document },
    knetsim: { version: '0.1.0' },
    seed: '42',
    resultHash: 'c4'.repeat(32),
    points,
    scaling: SHAPES.map((shape) => ({
      variant: shape.name,
      metric: 'networkProgramming',
      statistic: 'p99' as const,
      along: 'cluster.nodes',
      exponent: { value: shape.exponent, low: shape.exponent - 0.1, high: shape.exponent + 0.1 },
    })),
    capacity: SHAPES.map((shape) => capacityOf(shape, points)),
    comparisons: SHAPES.slice(1).map((shape) => {
      const value = (shape.p99 - SHAPES[0]!.p99) * 4;
      return {
        baseline: 'iptables-today',
        variant: shape.name,
        metric: 'networkProgramming',
        statistic: 'p99' as const,
        at: { 'cluster.nodes': 3900 },
        difference: { value, low: value - 0.5, high: value + 0.5 },
        significant: true,
        detectable: 0.5,
      };
    }),
    advice: [],
    provenance,
    models: [
      {
        id: 'proxy.ipvs',
        title: 'kube-proxy, IPVS mode',
        models: ['Virtual servers in a hash table'],
        ignores: ['Graceful removal'],
        lifecycle: { since: '1.8', deprecated: '1.35', removed: '1.43' },
      },
    ],
    notModelled: [
      {
        what: 'NetworkPolicy shop/cart',
        why: 'policy engines are not modelled yet',
      },
      { what: 'IPv6 and dual stack', why: 'only one address family is simulated' },
    ],
    warnings: [
      {
        code: 'calibration-range',
        text: 'ipvs: 7,800 Service ports are beyond the 5,000 at which its costs were measured',
      },
    ],
    verdict: {
      word: 'inconclusive',
      sentence:
        'At 3,900 nodes nftables and ebpf hold every gated SLO; the interval of ipvs straddles its limit.',
      exitCode: 5,
    },
    target: { path: 'cluster.nodes', value: 3000, headroom: 1.3, gateAt: 3900 },
    variants: SHAPES.map(({ name, candidate, title, note }) => ({
      name,
      candidate,
      title,
      ...(note === undefined ? {} : { note }),
      spec: { proxy: { mode: name } },
    })),
  };
}

function capacityOf(shape: Shape, points: readonly Point[]): Results['capacity'][number] {
  const own = points.filter((p) => p.variant === shape.name);
  const holds = (p: Point): boolean =>
    p.slos.every((s) => s.gate !== 'gate' || s.verdict === 'holds');
  const stop = own.findIndex((p) => !holds(p));
  const holdsUpTo = (stop < 0 ? own.at(-1) : own[stop - 1])?.workload.nodes ?? null;
  const failing = own.find((p) => p.slos.some((x) => x.gate === 'gate' && x.verdict === 'fails'));
  const gate = own.find((p) => p.workload.nodes === 3900)!;
  const words = gate.slos.filter((s) => s.gate === 'gate').map((s) => s.verdict);
  return {
    variant: shape.name,
    along: 'cluster.nodes',
    holdsUpTo,
    failsFrom: failing?.workload.nodes ?? null,
    low: holdsUpTo,
    high: failing?.workload.nodes ?? null,
    confidence: 0.95,
    verdict: words.includes('fails')
      ? 'fails'
      : words.includes('inconclusive')
        ? 'inconclusive'
        : 'holds',
    limitedBy: stop < 0 ? null : 'networkProgramming',
  };
}

export function sampleRunInfo(): RunInfo {
  return {
    command: 'knetsim run scenarios/proxy-at-scale.yaml --out out',
    startedAt: '2026-11-20T09:30:00.000Z',
    wallSeconds: 41.3,
    workers: 2,
    events: 42_100_000,
    eventsPerSecond: 1_020_000,
    peakMemoryBytes: 612 * 2 ** 20,
    node: 'v20.20.2',
    cells: 100,
    reusedCells: 12,
  };
}
