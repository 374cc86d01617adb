/**
 * Results documents for tests: plausible shapes with invented numbers, made by arithmetic on the
 * size so that curves cross where a test needs them to. Nothing here was simulated.
 */
import type {
  Estimate,
  Metric,
  Point,
  Results,
  SloResult,
  VerdictWord,
} from '../../core/results.ts';
import type { RunInfo } from '../run-info.ts';

const SIZES = [100, 500, 1000, 3900, 5000];
const STAGES = [
  'kubelet',
  'controllerQueue',
  'controllerWrite',
  'apiserver',
  'fanout',
  'proxyWait',
  'syncBuild',
  'kernel',
];

interface Shape {
  name: string;
  title: string;
  candidate: boolean;
  note?: string;
  /** p99 of network programming at 1,000 nodes and its growth with size. */
  p99: number;
  exponent: number;
  rules: number;
  cpu: number;
  /** Relative half-width of the intervals. */
  spread: number;
}

const SHAPES: readonly Shape[] = [
  {
    name: 'iptables-today',
    title: 'kube-proxy, iptables mode, nft back end',
    candidate: false,
    note: 'what runs today',
    p99: 2.6,
    exponent: 1.25,
    rules: 62,
    cpu: 0.11,
    spread: 0.12,
  },
  {
    name: 'ipvs',
    title: 'kube-proxy, IPVS mode (deprecated since 1.35)',
    candidate: true,
    p99: 2.1,
    exponent: 0.77,
    rules: 9,
    cpu: 0.06,
    spread: 0.13,
  },
  {
    name: 'nftables',
    title: 'kube-proxy, nftables mode',
    candidate: true,
    p99: 1.1,
    exponent: 0.14,
    rules: 14,
    cpu: 0.012,
    spread: 0.05,
  },
  {
    name: 'ebpf',
    title: 'eBPF maps, kube-proxy replaced',
    candidate: true,
    p99: 0.9,
    exponent: 0.06,
    rules: 5,
    cpu: 0.008,
    spread: 0.04,
  },
];

function estimate(value: number, spread: number): Estimate {
  return {
    value,
    low: value * (1 - spread),
    high: value * (1 + spread),
    confidence: 0.95,
    parts: { noise: value * spread },
  };
}

function distribution(p99: number, spread: number, unit = 's', samples = 4_800_000): Metric {
  return {
    unit,
    kind: 'distribution',
    samples,
    effectiveSamples: 6200,
    mean: estimate(p99 * 0.41, spread * 0.5),
    p50: estimate(p99 * 0.36, spread * 0.5),
    p90: estimate(p99 * 0.72, spread * 0.7),
    p99: estimate(p99, spread),
    p999: estimate(p99 * 1.4, spread * 2),
    max: estimate(p99 * 2.1, spread * 3),
  };
}

function gauge(
  value: number,
  spread: number,
  unit: string,
  kind: Metric['kind'] = 'gauge',
): Metric {
  return { unit, kind, samples: 60, effectiveSamples: 60, value: estimate(value, spread) };
}

function exposure(hits: number, trials: number, windows: number): Metric {
  const rate = hits / trials;
  return {
    unit: 'ratio',
    kind: 'ratio',
    samples: trials,
    effectiveSamples: windows,
    value: {
      value: rate,
      low: hits === 0 ? 0 : rate * 0.6,
      high: hits === 0 ? 3 / windows / 400 : rate * 1.6,
      confidence: 0.95,
      parts: { noise: rate * 0.5 },
    },
    exposure: {
      hits,
      trials,
      windows,
      hitWindows: Math.min(hits, Math.round(windows * 0.04)),
      exposedSeconds: windows * 0.8,
    },
  };
}

function stageTable(shape: Shape, total: number, tail: boolean): Record<string, number> {
  const heavy = Math.min(0.6, 0.08 * shape.exponent * (tail ? 6 : 4));
  const shares = [0.09, 0.06, 0.05, 0.02, 0.11, tail ? 0.3 : 0.22, heavy * 0.4, heavy];
  const sum = shares.reduce((a, b) => a + b, 0);
  return Object.fromEntries(STAGES.map((stage, i) => [stage, (total * shares[i]!) / sum]));
}

function verdictOf(low: number, high: number, limit: number): VerdictWord {
  if (high <= limit) return 'holds';
  return low > limit ? 'fails' : 'inconclusive';
}

function slo(
  name: string,
  metric: string,
  reading: Estimate | undefined,
  limit: number,
  unit: string,
  gate: 'gate' | 'warn',
  quantile?: number,
): SloResult {
  const base = { name, metric, limit, unit, gate, basis: ['noise' as const] };
  const named = quantile === undefined ? base : { ...base, quantile };
  if (reading === undefined) return { ...named, verdict: 'inconclusive', reason: 'no samples' };
  const { value, low, high } = reading;
  return { ...named, verdict: verdictOf(low, high, limit), value, low, high };
}

function pointOf(shape: Shape, nodes: number, at: Point['at']): Point {
  const p99 = shape.p99 * (0.3 + 0.7 * (nodes / 1000) ** shape.exponent);
  const programming = distribution(p99, shape.spread);
  const convergence = distribution(p99 * 2.2, shape.spread * 1.5, 's', 6200);
  const hits = Math.round(p99 * nodes * 0.004);
  const misdelivered = exposure(shape.name === 'ebpf' ? 0 : Math.round(hits / 9), 2.4e8, 5200);
  const bins = 60;
  const series = {
    podChanges: Array.from({ length: bins }, (_, i) =>
      Math.round(nodes * (i > 19 && i < 26 ? 0.5 : 0.05)),
    ),
    programmingNs: Array.from({ length: bins }, (_, i) =>
      Math.round(p99 * 40e9 * (0.6 + 0.3 * Math.sin(i) + (i > 19 && i < 27 ? 1.4 : 0))),
    ),
    programmedWrites: Array.from({ length: bins }, () => 40),
    requests: Array.from({ length: bins }, () => nodes * 100),
    failedRequests: Array.from({ length: bins }, () => 0),
  };
  const upTo: number[] = [];
  const share: number[] = [];
  for (let i = 0; i <= 500; i++) {
    upTo.push(p99 * 0.02 * 10 ** (i / 240));
    share.push(1 - Math.exp(-((upTo[i]! / p99) ** 1.5) * 4.6));
  }
  return {
    variant: shape.name,
    at,
    hash: `${shape.name.length}${nodes}`.padStart(64, 'a'),
    replications: 5,
    warmUpSeconds: 120,
    horizonSeconds: 600,
    events: nodes * 812,
    workload: {
      nodes,
      pods: nodes * 30,
      services: nodes * 2,
      endpoints: nodes * 24,
      policies: 0,
      podChangesPerSecond: nodes * 0.004,
      requestsPerSecond: nodes * 10,
    },
    metrics: {
      networkProgramming: programming,
      endpointConvergence: convergence,
      proxySync: distribution(p99 * 0.4, shape.spread),
      'firstPacket.proxy': distribution(1e-6 * shape.rules, 0.02),
      deadEndpoint: exposure(hits, 2.4e8, 5200),
      misdelivered,
      'request.failed': {
        unit: 'ratio',
        kind: 'ratio',
        samples: 0,
        effectiveSamples: 0,
        reason: 'no workload sends requests with a time-out',
      },
      'node.proxyCpu': gauge(shape.cpu * (nodes / 1000) ** shape.exponent, shape.spread, 'cores'),
      kernelRules: gauge(shape.rules * nodes * 2, 0, 'count'),
      'apiserver.egressBytes': gauge(nodes * nodes * 4.1, 0.03, 'bytes/s', 'rate'),
      'apiserver.watchEvents': gauge(nodes * nodes * 0.004, 0.03, '1/s', 'rate'),
      'controller.utilisation': gauge(Math.min(0.9, nodes * 1.1e-4), 0.04, 'ratio'),
    },
    stages: {
      networkProgramming: {
        mean: stageTable(shape, p99 * 0.41, false),
        p99: stageTable(shape, p99, true),
        tail: stageTable(shape, p99 * 1.22, true),
      },
    },
    slos: [
      slo('programming', 'networkProgramming', programming.p99, 5, 's', 'gate', 0.99),
      slo('live-everywhere', 'endpointConvergence', convergence.p99, 30, 's', 'warn', 0.99),
      slo('misdelivery', 'misdelivered', misdelivered.value, 1e-5, 'ratio', 'gate'),
    ],
    audits: [
      { name: 'every endpoint change was programmed, coalesced or is still in flight', ok: true },
      { name: 'stages add up to the latency', ok: true },
    ],
    series: { binSeconds: 10, columns: series },
    histograms: { networkProgramming: { upTo, share } },
  };
}

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
    notModelled: [
      {
        what: 'NetworkPolicy shop/cart',
        why: 'policy engines are not modelled yet',
        where: 'cart.yaml:12:1',
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

/** One point per variant and nothing swept. */
export function unsweptResults(): Results {
  const points = SHAPES.slice(0, 2).map((shape) => pointOf(shape, 1000, {}));
  return {
    ...sampleResults(),
    points,
    scaling: [],
    capacity: [],
    comparisons: [],
    target: null,
    variants: sampleResults().variants.slice(0, 2),
    verdict: { word: 'holds', sentence: 'Every gated SLO holds at 1,000 nodes.', exitCode: 0 },
  };
}

/** One variant along the sizes. */
export function singleVariantResults(): Results {
  const all = sampleResults();
  const only = <T extends { variant: string }>(items: T[]): T[] =>
    items.filter((item) => item.variant === 'nftables');
  return {
    ...all,
    points: only(all.points),
    scaling: only(all.scaling),
    capacity: only(all.capacity),
    comparisons: [],
    variants: all.variants.filter((v) => v.name === 'nftables'),
    warnings: [],
    verdict: { word: 'holds', sentence: 'Every gated SLO holds at 3,900 nodes.', exitCode: 0 },
  };
}

/** No churn: every distribution is there, without samples. */
export function quietResults(): Results {
  const all = sampleResults();
  const reason = 'no change happened in the measured window';
  const points = all.points.map((point) => ({
    ...point,
    metrics: Object.fromEntries(
      Object.entries(point.metrics).map(([id, m]) =>
        m.kind === 'distribution' || m.exposure !== undefined
          ? [id, { unit: m.unit, kind: m.kind, samples: 0, effectiveSamples: 0, reason }]
          : [id, m],
      ),
    ),
    stages: {},
    histograms: {},
    series: { binSeconds: 10, columns: {} },
    slos: point.slos.map(({ value: _v, low: _l, high: _h, ...rest }) => ({
      ...rest,
      verdict: 'inconclusive' as const,
      reason,
    })),
  }));
  return {
    ...all,
    points,
    scaling: [],
    comparisons: [],
    capacity: all.capacity.map((c) => ({
      ...c,
      holdsUpTo: null,
      failsFrom: null,
      low: null,
      high: null,
      verdict: 'inconclusive',
      limitedBy: null,
    })),
    verdict: {
      word: 'inconclusive',
      sentence: 'Nothing changed, so nothing can be judged.',
      exitCode: 5,
    },
  };
}

/** A document without points, as an interrupted run leaves it. */
export function emptyResults(): Results {
  return {
    ...sampleResults(),
    points: [],
    scaling: [],
    capacity: [],
    comparisons: [],
    provenance: [],
    notModelled: [],
    warnings: [],
    variants: [],
    target: null,
    verdict: { word: 'none', sentence: 'No point was simulated.', exitCode: 5 },
  };
}

/** Every text a scenario's author controls tries to break out of its place. */
export function hostileResults(): Results {
  const attack = `</script></style><img src=x onerror=alert(1)>"'&\u0000\u2028`;
  const all = sampleResults();
  const rename = (name: string): string => `${attack}${name}`;
  return {
    ...all,
    scenario: { ...all.scenario, name: attack, hash: attack, document: { [attack]: attack } },
    seed: attack,
    resultHash: attack,
    points: all.points.map((p) => ({
      ...p,
      variant: rename(p.variant),
      slos: p.slos.map((s) => ({ ...s, name: rename(s.name) })),
      metrics: { ...p.metrics, [attack]: p.metrics.proxySync! },
      series: { binSeconds: 10, columns: { [attack]: [1, 2, 3] } },
    })),
    capacity: all.capacity.map((c) => ({ ...c, variant: rename(c.variant), limitedBy: attack })),
    scaling: all.scaling.map((s) => ({ ...s, variant: rename(s.variant) })),
    comparisons: all.comparisons.map((c) => ({ ...c, variant: rename(c.variant) })),
    variants: all.variants.map((v) => ({
      ...v,
      name: rename(v.name),
      title: attack,
      note: attack,
    })),
    provenance: all.provenance.map((p) => ({
      ...p,
      about: attack,
      source: { kind: attack, ref: attack },
    })),
    notModelled: [{ what: attack, why: attack, where: attack }],
    warnings: [{ code: attack, text: attack, where: attack }],
    verdict: { ...all.verdict, sentence: attack },
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
