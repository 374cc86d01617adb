/**
 * Examples whose answers were worked out on paper: a scenario, and figures of the results document.
 * Pods take exactly one second to become Ready, so most stages are exact. Not from paper: how long a
 * sync of a few rules takes (0.042 s), a start-up without its wait (1.3183 s) and the bytes of a slice
 * with these short names were read from runs.
 */
import { createHash } from 'node:crypto';
import { modelsOf, provenanceOf } from '../../core/models/provenance.ts';
import type { Point } from '../../core/results.ts';
import { simulate } from '../../core/simulate.ts';
import { assembleResults } from '../../core/stats/index.ts';
import { experimentOf } from '../../scenarios/testing/load-text.ts';

/** Name of a figure, what it must be, and how far off it may be (a nanosecond if absent). */
export type Figure = readonly [name: string, expected: number, within?: number];

export interface WorkedExample {
  readonly what: string;
  /** Fields of the spec, in flow style; written over the defaults below. */
  readonly spec?: Readonly<Record<string, string>>;
  /** Scenario events. */
  readonly events?: readonly string[];
  readonly objects?: string;
  readonly figures: readonly Figure[];
}

const DEFAULTS: Readonly<Record<string, string>> = {
  cluster: '{ nodes: 20, zones: { count: 1 } }',
  proxy: '{ mode: iptables, backend: nft }',
  constants: '{ pod-life.startup.median: 1000000000, pod-life.startup.p99: 1000000001 }',
  run: '{ duration: 2m, warmup: 60s, seed: 1, replications: 1 }',
};

/** The only point of an example's scenario, simulated once. */
export function pointOf({ spec, events = [], objects = '' }: WorkedExample): Point {
  const fields = Object.entries({ ...DEFAULTS, ...spec }).map(
    ([key, value]) => `  ${key}: ${value}`,
  );
  const list = events.length === 0 ? [] : ['  events:', ...events.map((event) => `  - ${event}`)];
  const experiment = experimentOf(`spec:\n${[...fields, ...list].join('\n')}\n${objects}`);
  const [point] = experiment.points;
  const cells = [simulate(point!.plan, 0)];
  const results = assembleResults(experiment, [{ point: point!, cells }], {
    version: '0.0.0',
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    provenance: provenanceOf([point!.plan]),
    models: modelsOf([point!.plan]),
  });
  return results.points[0]!;
}

/**
 * `stage NAME` (several with `+`) and `mean METRIC` in seconds, `max METRIC`, `samples METRIC`, `value METRIC` of rates,
 * ratios and gauges, `total METRIC` of rates over the measured window.
 */
export function figureOf(point: Point, name: string): number {
  const [kind, of] = name.split(' ') as [string, string];
  if (kind === 'stage') {
    const { mean } = point.stages['networkProgramming']!;
    return of.split('+').reduce((sum, stage) => sum + mean[stage]!, 0);
  }
  const metric = point.metrics[of]!;
  if (kind === 'samples') return metric.samples;
  const value = (kind === 'mean' || kind === 'max' ? metric[kind] : metric.value)?.value;
  if (value === undefined) throw new Error(`${name} has no value`);
  return kind === 'total' ? value * point.horizonSeconds : value;
}

/** A workload whose pods serve port 8080; `pod` and `container` are further fields. */
export function pods(
  name: string,
  replicas: number,
  pod = '',
  container = '',
  strategy = '',
): string {
  return `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: ${replicas}
  ${strategy}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      ${pod}
      containers: [{ name: m, ports: [{ containerPort: 8080 }]${container} }]
`;
}

export function servicePort(name: string, more = '', protocol = 'TCP', app = name): string {
  return `---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { selector: { app: ${app} }, ports: [{ port: 80, targetPort: 8080, protocol: ${protocol} }]${more} }
`;
}

/** The figures of an example that are further off than they may be. */
export function missed(example: WorkedExample): string[] {
  const point = pointOf(example);
  return example.figures
    .map(([name, expected, within = 1e-9]) => ({
      off: Math.abs(figureOf(point, name) - expected) > within,
      text: `${name}: ${figureOf(point, name)}, not ${expected} within ${within}`,
    }))
    .filter(({ off }) => off)
    .map(({ text }) => text);
}
