/** The product from a scenario's text to the results document, with the real simulator. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../core/canonical-json.ts';
import type { Experiment } from '../core/experiment.ts';
import { METRICS } from '../core/metrics/registry.ts';
import { modelsOf, provenanceOf } from '../core/models/provenance.ts';
import type { Estimate, Metric, Results } from '../core/results.ts';
import { simulate } from '../core/simulate.ts';
import { assembleResults } from '../core/stats/index.ts';
import { type LoadOptions, loadExperiment, type ScenarioSource } from '../scenarios/index.ts';
import { cellStore } from '../workers/cell-store.ts';
import { chooseExecution, cutOf } from '../workers/execution.ts';
import { runExperiment } from '../workers/run-experiment.ts';
import { emptyFolder, knetsim } from './testing/knetsim.ts';

/** Processes and threads, on machines that may have other things to do. */
const patience = { timeout: 300_000 };

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function load(source: ScenarioSource, options: LoadOptions = {}): Experiment {
  const { experiment, diagnostics } = loadExperiment(source, options);
  if (!experiment) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return experiment;
}

function document(experiment: Experiment, points: Parameters<typeof assembleResults>[1]): Results {
  const plans = experiment.points.map((point) => point.plan);
  return assembleResults(experiment, points, {
    version: '0.0.0',
    sha256,
    provenance: provenanceOf(plans),
    models: modelsOf(plans),
  });
}

/** In this thread, without a cell on disk. */
function resultsOf(experiment: Experiment): Results {
  const points = experiment.points.map((point) => ({
    point,
    cells: Array.from({ length: experiment.replications }, (_, i) => simulate(point.plan, i)),
  }));
  return document(experiment, points);
}

async function resultsOnWorkers(experiment: Experiment, workers: number): Promise<Results> {
  const outcome = await runExperiment(experiment, {
    workers,
    store: cellStore({
      directory: emptyFolder(),
      version: '0.0.0',
      code: 'test',
      access: 'write-only',
      onWarning: (text) => expect.fail(text),
    }),
    signal: new AbortController().signal,
    observer: {},
  });
  expect(outcome.incomplete).toBeUndefined();
  return document(experiment, outcome.points);
}

/** Two sizes, churn, a rolling update, joining nodes and traffic; variants as given. */
function scenario(variants: readonly string[]): ScenarioSource {
  const text = `apiVersion: knetsim.dev/v1
kind: Scenario
metadata: { name: product }
spec:
  cluster: { nodes: 12, scale: fixed }
  workload:
    services:
      - { name: app, count: 15, endpoints: { constant: 3 } }
    churn: { podChangesPerSecond: 4 }
  traffic:
    - { name: everyone, to: app, rate: { perNode: 2/s } }
  events:
    - { at: 2s, rollingUpdate: deployment/web }
    - { at: 5s, addNodes: 2 }
  run: { duration: 15s, warmup: 3s, replications: 2, seed: product }
  variants:
${variants.map((variant) => `    - ${variant}`).join('\n')}
  sweep:
    - { path: cluster.nodes, values: [6, 12] }
  slos:
    - { name: programming, metric: networkProgramming, quantile: 0.9, max: 5s }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 6
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web }] }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`;
  return { name: 'product.yaml', text, folder: emptyFolder() };
}

const IPTABLES = '{ name: iptables, set: { proxy: { mode: iptables } } }';
const EBPF = '{ name: ebpf, set: { proxy: { mode: ebpf } } }';
const OTHER = '{ name: other, set: { proxy: { mode: ipvs }, controlPlane: { apiservers: 1 } } }';

describe('the results', patience, () => {
  it('are the same bytes in this thread, on one worker and on two', async () => {
    const experiment = load(scenario([IPTABLES, EBPF]));
    const here = resultsOf(experiment);
    const [one, two] = [
      await resultsOnWorkers(experiment, 1),
      await resultsOnWorkers(experiment, 2),
    ];
    expect(one.resultHash).toBe(here.resultHash);
    expect(two.resultHash).toBe(here.resultHash);
    expect(canonicalJson(two)).toBe(canonicalJson(here));
    const { resultHash, ...rest } = here;
    expect(resultHash).toBe(sha256(canonicalJson(rest)));
  });

  it('keep the hash of every point when an unrelated variant is added', () => {
    const hashes = (variants: readonly string[]) =>
      new Map(
        resultsOf(load(scenario(variants))).points.map(({ variant, at, hash }) => [
          canonicalJson([variant, at]),
          hash,
        ]),
      );
    const before = hashes([IPTABLES, EBPF]);
    const after = hashes([OTHER, IPTABLES, EBPF]);
    expect([before.size, after.size]).toEqual([4, 6]);
    for (const [point, hash] of before) expect(after.get(point), point).toBe(hash);
    expect(new Set(after.values()).size).toBe(6);
  });

  it('hold all that the hash of each point is made of', () => {
    const results = resultsOf(load(scenario([IPTABLES, EBPF])));
    expect(results.points).toHaveLength(4);
    for (const { variant, at, hash, metrics, stages } of results.points) {
      const { spec } = results.variants.find(({ name }) => name === variant)!;
      const text = canonicalJson({ spec, at, seed: results.seed, metrics, stages });
      expect(hash, `${variant} ${canonicalJson(at)}`).toBe(sha256(text));
    }
  });

  it('are the same when their own document is run as a scenario', () => {
    const first = resultsOf(load(scenario([IPTABLES, EBPF])));
    const text = JSON.stringify(first.scenario.document, null, 1);
    const again = resultsOf(load({ name: 'again.json', text, folder: emptyFolder() }));
    expect(again.resultHash).toBe(first.resultHash);
  });

  it('change with the seed', () => {
    const source = scenario([IPTABLES]);
    const hashes = [load(source), load(source, { seed: 'another' })].map(
      (experiment) => resultsOf(experiment).points[0]!.hash,
    );
    expect(hashes[0]).not.toBe(hashes[1]);
  });
});

const STATISTICS = ['mean', 'p50', 'p90', 'p99', 'p999', 'value', 'max'] as const;

function estimatesOf(metric: Metric): readonly (readonly [string, Estimate])[] {
  return STATISTICS.flatMap((name) => {
    const estimate = metric[name];
    return estimate === undefined ? [] : [[name, estimate] as const];
  });
}

describe('the results document', patience, () => {
  const results = resultsOf(load(scenario([IPTABLES, EBPF])));

  it('has the keys of the contract', () => {
    expect(results).toMatchObject({
      apiVersion: 'knetsim.dev/v1',
      kind: 'Results',
      scenario: { name: 'product', hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      knetsim: { version: expect.any(String) },
      seed: 'product',
      resultHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    for (const key of [
      'scaling',
      'capacity',
      'comparisons',
      'advice',
      'provenance',
      'notModelled',
      'warnings',
    ] as const) {
      expect(Array.isArray(results[key]), key).toBe(true);
    }
    expect(results.points.map(({ variant, at }) => [variant, at['cluster.nodes']])).toEqual([
      ['iptables', 6],
      ['iptables', 12],
      ['ebpf', 6],
      ['ebpf', 12],
    ]);
    for (const point of results.points) {
      expect(point).toMatchObject({
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        replications: 2,
        warmUpSeconds: 3,
        horizonSeconds: 15,
        events: expect.any(Number),
        workload: { nodes: point.at['cluster.nodes'], policies: 0, services: 16 },
      });
      expect(Object.keys(point.workload)).toEqual(
        expect.arrayContaining(['pods', 'endpoints', 'podChangesPerSecond', 'requestsPerSecond']),
      );
      expect(point.audits.filter(({ ok }) => !ok)).toEqual([]);
      expect(point.audits.length).toBeGreaterThan(3);
      expect(point.slos).toMatchObject([
        {
          name: 'programming',
          metric: 'networkProgramming',
          quantile: 0.9,
          limit: 5,
          verdict: expect.stringMatching(/^(holds|fails|inconclusive)$/),
          basis: expect.any(Array),
        },
      ]);
    }
    for (const one of results.provenance) {
      expect(one.source.ref.length, one.id).toBeGreaterThan(5);
      expect(one.range[0], one.id).toBeLessThanOrEqual(one.value);
    }
  });

  it('has every metric of the catalogue, with values in their intervals or a reason', () => {
    const required = METRICS.filter((metric) => !('optional' in metric)).map(({ id }) => id);
    for (const { metrics } of results.points) {
      expect(Object.keys(metrics)).toEqual(expect.arrayContaining(required));
      for (const [id, metric] of Object.entries(metrics)) {
        const estimates = estimatesOf(metric);
        if (estimates.length === 0) expect(metric.reason, id).toBeTruthy();
        if (metric.samples === 0) expect(metric.reason, id).toBeTruthy();
        for (const [name, { value, low, high }] of estimates) {
          expect(low, `${id}.${name}`).toBeLessThanOrEqual(value);
          expect(high, `${id}.${name}`).toBeGreaterThanOrEqual(value);
        }
      }
    }
  });

  it('has stages that add up to the mean of networkProgramming', () => {
    for (const { stages, metrics } of results.points) {
      const { mean } = stages['networkProgramming']!;
      expect(Object.keys(mean)).toEqual([
        'kubelet',
        'controllerQueue',
        'controllerWrite',
        'apiserver',
        'fanout',
        'proxyWait',
        'syncBuild',
        'kernel',
      ]);
      const sum = Object.values(mean).reduce((total, seconds) => total + seconds, 0);
      expect(sum).toBeCloseTo(metrics['networkProgramming']!.mean!.value, 9);
    }
  });
});

describe('scenarios/starter.yaml', patience, () => {
  it('ends in a verdict that holds, as it is shipped', () => {
    const path = fileURLToPath(new URL('../scenarios/starter.yaml', import.meta.url));
    const { verdict, points } = resultsOf(load({ path }));
    expect(verdict).toMatchObject({ word: 'holds', exitCode: 0 });
    expect(points[0]!.slos.map(({ name, gate }) => [name, gate])).toEqual([
      ['programming', 'gate'],
      ['misdelivery', 'warn'],
    ]);
  });
});

describe('scenarios/small-subnet.yaml', patience, () => {
  const path = fileURLToPath(new URL('../scenarios/small-subnet.yaml', import.meta.url));
  const set = ['run.duration=40s', 'run.warmup=30s', 'run.replications=2'];
  const full = load({ path }, { set });
  // The variant in question alone, with a tenth of the requests.
  const points = full.points
    .filter(({ variant }) => variant === 'late')
    .map((point) => ({
      ...point,
      plan: {
        ...point.plan,
        traffic: point.plan.traffic.map((one) => ({
          ...one,
          requestsPerSecond: one.requestsPerSecond / 10,
        })),
      },
    }));
  const { metrics } = resultsOf({ ...full, points }).points[0]!;

  it('reuses addresses, after some time', () => {
    const ages = metrics['ipReuseAge']!;
    expect(ages.samples).toBeGreaterThan(100);
    expect(ages.p50!.value).toBeGreaterThan(1);
    expect(metrics['ipPoolUsed']!.value!.value).toBeGreaterThan(0.5);
  });

  it('bounds from above what reached the wrong pod or none, whatever was counted', () => {
    for (const id of ['misdelivered', 'deadEndpoint']) {
      const { exposure, value } = metrics[id]!;
      expect(exposure!.trials, id).toBeGreaterThan(5000);
      expect(exposure!.windows, id).toBeGreaterThan(50);
      expect(value!.high, id).toBeGreaterThan(value!.value);
      expect(value!.high, id).toBeGreaterThan(exposure!.hits / exposure!.trials);
    }
  });
});

describe('scenarios/stretched.yaml', patience, () => {
  const path = fileURLToPath(new URL('../scenarios/stretched.yaml', import.meta.url));
  const small = [
    'cluster.nodes=60',
    'workload.churn.podChangesPerSecond=200',
    'run.duration=15s',
    'run.replications=2',
  ];

  it('makes requests cross the distance four times, and little else slower', () => {
    const [far, near] = resultsOf(load({ path }, { set: small })).points;
    const crossNode = (point: typeof far) => point!.metrics['request.crossNode']!.p50!.value;
    expect(crossNode(far)).toBeGreaterThan(20e-3);
    expect(crossNode(far) - crossNode(near)).toBeCloseTo(4 * (5e-3 - 0.5e-3), 3);
    const programming = (point: typeof far) => point!.metrics['networkProgramming']!.p99!.value;
    expect(programming(far) / programming(near)).toBeLessThan(1.05);
  });

  it('has windows as long as the links between sites, so that one run alone is divided', () => {
    const plans = load({ path }).points.map(({ plan }) => plan);
    expect(plans.map((plan) => cutOf(plan, 2, 'auto').lookaheadNs)).toEqual([5e6, Infinity]);
    const alone = chooseExecution([{ plan: plans[0]!, cost: 1 }], 2, 'auto');
    expect(alone).toMatchObject({ lanes: 1, partitions: 2 });
  });
});

describe('scenarios/envelope.yaml, at a fiftieth of its size', patience, () => {
  const path = fileURLToPath(new URL('../scenarios/envelope.yaml', import.meta.url));
  const set = ['cluster.nodes=100', 'run.duration=1m', 'run.warmup=20s'];
  const { points } = load({ path }, { set });
  const [programming, requests] = points.map(({ plan }) => simulate(plan, 0));

  it('has the same share of everything', () => {
    for (const { workload } of [programming!, requests!]) {
      expect(workload).toMatchObject({ nodes: 100, pods: 3000, services: 200, endpoints: 3000 });
      // 0.4 a second for a minute.
      expect(workload.podChanges).toBeGreaterThan(10);
      expect(workload.podChanges).toBeLessThan(40);
    }
    expect(programming!.workload.requests).toBe(0);
    expect(requests!.workload.requests / (100 * 60)).toBeCloseTo(1.5, 1);
  });

  it('runs seven packet events for each request, and nothing else differs between its variants', () => {
    expect(requests!.workload.podChanges).toBe(programming!.workload.podChanges);
    const started = requests!.workload.requests * (80 / 60);
    const packets = requests!.events - programming!.events;
    expect(packets / started).toBeGreaterThan(6.9);
    expect(packets / started).toBeLessThan(7.1);
  });
});

/** Manifests of two public projects; they are not part of the repository. */
const manifests = fileURLToPath(new URL('../../shared/data/manifests/', import.meta.url));
const absent = !existsSync(manifests);
if (absent) console.warn('no manifests of public projects here: their tests are skipped');

/** Runs a project's manifests, unchanged, on a few nodes for a few seconds. */
async function runManifests(project: string, events = ''): Promise<Results> {
  const folder = emptyFolder();
  mkdirSync(join(folder, 'objects'));
  cpSync(join(manifests, project), join(folder, 'objects'), { recursive: true });
  const file = join(folder, 'scenario.yaml');
  writeFileSync(
    file,
    `apiVersion: knetsim.dev/v1
kind: Scenario
metadata: { name: ${project} }
spec:
  cluster: { nodes: 6 }
  workload:
    objects: [objects]
    churn: { podChangesPerSecond: 1 }
  traffic:
    - { name: all, to: "*", rate: { perNode: 2/s } }
${events}
  slos:
    - { name: programming, metric: networkProgramming, quantile: 0.99, max: 5s }
  run: { duration: 30s, warmup: 5s, replications: 2, seed: 1 }
`,
  );
  const out = join(folder, 'out');
  const { code, stderr } = await knetsim(['run', file, '-o', out, '--gate', 'none']);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('NetworkPolicy');
  return JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as Results;
}

/** How many objects of a kind the results call not modelled. */
const notModelled = (results: Results, kind: string) =>
  results.notModelled.filter(({ what }) => what.startsWith(`${kind} `)).length;

describe.skipIf(absent)('manifests of public projects', patience, () => {
  it('Online Boutique runs end to end, its NetworkPolicies told as not modelled', async () => {
    const update = '  events:\n    - { at: 5s, rollingUpdate: deployment/frontend }\n';
    const results = await runManifests('online-boutique', update);
    expect(results.points[0]!.workload).toMatchObject({ nodes: 6, pods: 12, services: 12 });
    expect(results.points[0]!.metrics['networkProgramming']!.samples).toBeGreaterThan(50);
    expect(results.points[0]!.audits.filter(({ ok }) => !ok)).toEqual([]);
    expect(notModelled(results, 'NetworkPolicy')).toBeGreaterThan(10);
    for (const { why } of results.notModelled) expect(why.length).toBeGreaterThan(5);
  });

  it('kube-prometheus runs end to end, its custom resources told as not modelled', async () => {
    const results = await runManifests('kube-prometheus');
    expect(notModelled(results, 'NetworkPolicy')).toBe(8);
    expect(notModelled(results, 'Prometheus')).toBe(1);
    expect(notModelled(results, 'Alertmanager')).toBe(1);
    expect(results.points[0]!.workload.services).toBe(8);
    // One node-exporter a node, and the replicas of five Deployments.
    expect(results.points[0]!.workload.pods).toBeGreaterThan(6 + 5);
  });
});
