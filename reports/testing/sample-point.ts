/**
 * One point of a sample document: plausible shapes with invented numbers, made by arithmetic on
 * the size so that curves cross where a test needs them to. Nothing here was simulated.
 */
import type { Estimate, Metric, Point, SloResult, VerdictWord } from '../../core/results.ts';

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

export interface Shape {
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

export const SHAPES: readonly Shape[] = [
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

export function pointOf(shape: Shape, nodes: number, at: Point['at']): Point {
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
      kernelMemory: gauge(shape.rules * nodes * 2 * 1011, 0, 'bytes'),
      'node.proxyMemory': gauge(40e6 + 23e3 * nodes * 2, 0, 'bytes'),
      'fleet.proxyCpu': gauge(
        nodes * shape.cpu * (nodes / 1000) ** shape.exponent,
        shape.spread,
        'cores',
      ),
      'fleet.proxyMemory': gauge(nodes * (40e6 + 23e3 * nodes * 2), 0, 'bytes'),
      'fleet.kernelMemory': gauge(nodes * shape.rules * nodes * 2 * 1011, 0, 'bytes'),
      'apiserver.utilisation': gauge(Math.min(1.2, nodes * 2e-4), 0.03, 'ratio'),
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
