import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainPorts, plainProxy } from '../core/plain-plans.ts';
import { type LoadOptions, loadExperiment, MissingFileError, renderDiagnostics } from './index.ts';
import { codesOf, deployment, experimentOf, loadText, service } from './testing/load-text.ts';

const shipped = fs.readdirSync(import.meta.dirname).filter((file) => file.endsWith('.yaml'));
const load = (file: string, options: LoadOptions = {}) =>
  loadExperiment({ path: path.join(import.meta.dirname, file) }, options);

const app = 'workload: { services: [{ name: app, count: 100, endpoints: { constant: 2 } }] }';

describe('shipped scenarios', () => {
  it.each(shipped)('%s loads without a diagnostic', (file) => {
    const { diagnostics, experiment } = load(file);
    expect(diagnostics).toEqual([]);
    expect(experiment?.points.length).toBeGreaterThan(0);
  });

  it('the starter becomes the plan it describes', () => {
    const { plan, gated } = load('starter.yaml').experiment!.points[0]!;
    expect(gated).toBe(true);
    expect(plan).toMatchObject({
      scenario: 'starter',
      variant: 'default',
      at: { 'cluster.nodes': 40 },
      seed: '42',
      warmUpNs: 60e9,
      horizonNs: 600e9,
      proxy: { model: 'iptables-nft', syncPeriodNs: 30e9 },
      workloads: [{ name: 'web', replicas: 30, maxSurge: 8, maxUnavailable: 0 }],
      services: [{ name: 'web', ports: plainPorts(1), headless: false, workloads: [0] }],
      traffic: [{ to: { kind: 'service', index: 0 }, requestsPerSecond: 80 }],
      events: [
        { kind: 'rollingUpdate', atNs: 120e9, workload: 0 },
        { kind: 'scale', atNs: 360e9, workload: 0, replicas: 45 },
      ],
    });
  });

  it('the main job has four variants at five sizes, judged at 5,000 nodes within its calibration', () => {
    const experiment = load('proxy-at-scale.yaml').experiment!;
    expect(experiment.points).toHaveLength(20);
    expect(experiment.points.filter(({ gated }) => gated).map(({ at }) => at)).toEqual(
      Array(4).fill({ 'cluster.nodes': 5000 }),
    );
    const sizes = experiment.points.slice(0, 5).map(({ plan }) => plan);
    expect(sizes.map(({ populations }) => populations[0]!.count)).toEqual([
      98, 490, 980, 1960, 4900,
    ]);
    expect(sizes.map(({ podChangesPerSecond }) => podChangesPerSecond)).toEqual([
      0.3, 1.5, 3, 6, 15,
    ]);
    const beyond = experiment.warnings.filter(
      ({ code, text }) => code === 'W502' && /^iptables/.test(text),
    );
    expect(beyond).toEqual([]);
  });
});

describe('scenarios/envelope.yaml', () => {
  const { points, warnings } = load('envelope.yaml').experiment!;
  const planOf = (name: string) => points.find(({ variant }) => variant === name)!.plan;

  it('has the nodes, pods, Services and pod changes of SIG Scalability in both variants', () => {
    expect(points).toHaveLength(2);
    for (const { plan, gated } of points) {
      expect(gated).toBe(true);
      expect(plan.cluster.nodes).toBe(5000);
      expect(plan.populations).toMatchObject([
        { count: 10_000, ports: plainPorts(1), endpoints: { kind: 'constant', value: 15 } },
      ]);
      expect(plan.podChangesPerSecond).toBe(20);
    }
    expect(planOf('programming')).toMatchObject({ horizonNs: 3600e9, traffic: [] });
  });

  it('asks for more than 30 million packet events in ten minutes, seven a request', () => {
    const { horizonNs, traffic } = planOf('requests');
    expect(horizonNs).toBe(600e9);
    const requests = (traffic[0]!.requestsPerSecond * horizonNs) / 1e9;
    expect(7 * requests).toBeGreaterThan(30e6);
  });

  it('is within the measurements of its proxy mode', () => {
    expect(warnings.filter(({ code }) => code === 'W502')).toEqual([]);
  });
});

describe('the document of an experiment', () => {
  it.each(shipped)('of %s loads again to the same experiment, from anywhere', (file) => {
    const first = load(file, { set: ['cluster.nodes=200'], seed: 'other', replications: 3 })
      .experiment!;
    const text = JSON.stringify(first.document);
    const again = loadExperiment({ name: 'results.json', text, folder: '/nonexistent' })
      .experiment!;
    expect(again).toEqual(first);
  });

  it('of a scenario with objects of every kind loads again', () => {
    const text = `spec:\n  ${app}\n${deployment('web')}${service('web', 'type: NodePort')}`;
    const first = experimentOf(text);
    const again = loadExperiment({ name: 'x', text: JSON.stringify(first.document), folder: '.' });
    expect(again.experiment!.hash).toBe(first.hash);
    expect(again.experiment!.points).toEqual(first.points);
  });

  it('does not depend on comments, order or layout', () => {
    const a = experimentOf('spec: { cluster: { nodes: 7, nodeMask: 25 } }\n');
    const b = experimentOf('spec:\n  cluster: # same\n    nodeMask: 25\n    nodes: 7\n');
    expect(b.hash).toBe(a.hash);
  });

  it.each([
    ['a target beyond the default size', 'target: { value: 50 }'],
    [
      'a sweep over a size nobody wrote',
      'sweep: [{ path: cluster.nodes, values: [50, 100, 200] }]',
    ],
    ['one zone a node and more', 'cluster: { nodes: 2 }'],
    ['fields without effect', 'proxy: { mode: ebpf, syncPeriod: 9s }'],
    ['variants', 'variants: [{ name: a }, { name: b, set: { proxy: { mode: ebpf } } }]'],
  ])('with %s loads again to the same experiment, whatever the file', (_, spec) => {
    const objects = `${deployment('web')}${service('wob')}${service('web', 'type: NodePort')}${service('wib')}`;
    const first = experimentOf(`\n\n  # moved\nspec: { ${spec} }\n${objects}`);
    const text = JSON.stringify(first.document);
    const again = loadExperiment({ name: 'elsewhere.json', text, folder: '.' }).experiment;
    expect(again).toEqual(first);
    expect(JSON.stringify([first.warnings, first.notModelled])).not.toContain('test.yaml');
  });

  it('changes its hash with every field that counts', () => {
    const hashes = ['nodes: 7', 'nodes: 8', 'nodes: 7, nodeMask: 25'].map(
      (cluster) => experimentOf(`spec: { cluster: { ${cluster} } }\n`).hash,
    );
    expect(new Set(hashes).size).toBe(3);
  });
});

describe('variants', () => {
  const variants = `spec:
  proxy: { mode: iptables, backend: legacy, minSyncPeriod: 2s }
  traffic: [{ name: a, to: "*", rate: { total: 5/s } }, { name: b, to: "*", rate: { total: 1/s } }]
  workload: { services: [{ name: app, count: 100, endpoints: { constant: 2 } }], churn: { podChangesPerSecond: 1 } }
  variants:
    - { name: today, candidate: false }
    - { name: ipvs, set: { proxy: { mode: ipvs } } }
    - { name: other, note: why, set: { traffic: [{ name: b, rate: { perNode: 1/s } }], workload: { churn: { podChangesPerNodeHour: 36 } }, proxy: { minSyncPeriod: null } } }
`;

  it('merge maps, merge named lists by name, and null removes', () => {
    const [today, ipvs, other] = experimentOf(variants).points.map(({ plan }) => plan);
    const timers = { minSyncPeriodNs: 2e9, syncPeriodNs: 30e9 };
    expect(today!.proxy).toEqual(plainProxy('iptables-legacy', timers));
    expect(ipvs!.proxy).toMatchObject({ model: 'ipvs', minSyncPeriodNs: 2e9 });
    expect(other!.proxy.minSyncPeriodNs).toBe(1e9);
    expect(other!.traffic.map(({ requestsPerSecond }) => requestsPerSecond)).toEqual([5, 100]);
    expect([today!.podChangesPerSecond, other!.podChangesPerSecond]).toEqual([1, 1]);
  });

  it('keep candidates and notes', () => {
    expect(experimentOf(variants).variants).toMatchObject([
      { name: 'today', candidate: false },
      { name: 'ipvs', candidate: true },
      { name: 'other', candidate: true, note: 'why' },
    ]);
  });

  it('show what they change, an inherited backend that is dropped included', () => {
    const { variantDiffs } = loadText(variants);
    expect(variantDiffs![0]!.changes).toEqual([]);
    expect(variantDiffs![1]!.changes).toEqual([
      { path: 'proxy.mode', from: 'iptables', to: 'ipvs' },
      { path: 'proxy.backend', from: 'legacy' },
    ]);
  });

  it('leave the points of others as they are', () => {
    const alone = experimentOf(variants.split('    - { name: other')[0]!);
    const together = experimentOf(variants);
    expect(together.points.slice(0, 2)).toEqual(alone.points);
  });

  it('cannot change what all points share', () => {
    expect(codesOf('spec: { variants: [{ name: a, set: { run: { seed: 3 } } }] }\n')).toEqual([
      'E211',
    ]);
    expect(codesOf('spec: { variants: [{ name: a, set: { slos: [] } }] }\n')).toEqual(['E211']);
  });
});

describe('sizes and gates', () => {
  const gates = (spec: string, options: LoadOptions = {}) => {
    const { points, target } = experimentOf(spec, options);
    return {
      sizes: points.map(({ at }) => at['cluster.nodes']),
      gated: points.filter(({ gated }) => gated).map(({ at }) => at['cluster.nodes']),
      gateAt: target?.gateAt,
    };
  };

  it('add the target with its headroom to the sizes', () => {
    const spec =
      'spec: { sweep: [{ path: cluster.nodes, values: [100, 500] }], target: { value: 250, headroom: 1.3 } }\n';
    expect(gates(spec)).toEqual({ sizes: [100, 325, 500], gated: [325], gateAt: 325 });
  });

  it('make a sweep of a target without one', () => {
    expect(gates('spec: { cluster: { nodes: 40 }, target: { value: 50 } }\n')).toEqual({
      sizes: [40, 50],
      gated: [50],
      gateAt: 50,
    });
  });

  it('judge at the written size without a target, else at the largest', () => {
    const sweep = 'sweep: [{ path: cluster.nodes, values: [200, 100] }]';
    expect(gates(`spec: { cluster: { nodes: 100 }, ${sweep} }\n`).gated).toEqual([100]);
    expect(gates(`spec: { ${sweep} }\n`).gated).toEqual([200]);
  });

  it('multiply several sweeps', () => {
    const spec = `spec: { sweep: [{ path: cluster.nodes, values: [10, 20] }, { path: proxy.minSyncPeriod, values: [1s, 2s] }] }\n`;
    const { points } = experimentOf(spec);
    expect(points.map(({ at }) => [at['cluster.nodes'], at['proxy.minSyncPeriod']])).toEqual([
      [10, '1s'],
      [10, '2s'],
      [20, '1s'],
      [20, '2s'],
    ]);
    expect(points[3]!.plan.proxy.minSyncPeriodNs).toBe(2e9);
  });

  it('grow populations and churn with the nodes, from the target or the unswept size', () => {
    const at = (scale: string) => {
      const spec = `spec:
  cluster: { nodes: 100, scale: ${scale} }
  workload: { services: [{ name: app, count: 100, endpoints: { constant: 2 } }], churn: { podChangesPerSecond: 8 } }
  sweep: [{ path: cluster.nodes, values: [25, 100, 400] }]
`;
      return experimentOf(spec).points.map(({ plan }) => [
        plan.populations[0]!.count,
        plan.podChangesPerSecond,
      ]);
    };
    expect(at('proportional')).toEqual([
      [25, 2],
      [100, 8],
      [400, 32],
    ]);
    expect(at('fixed')).toEqual([
      [100, 8],
      [100, 8],
      [100, 8],
    ]);
    expect(at('{ services: sqrt, churn: fixed }')).toEqual([
      [50, 8],
      [100, 8],
      [200, 8],
    ]);
  });

  it('count podChangesPerNodeHour per node', () => {
    const spec = `spec:
  ${app.replace('] }', '], churn: { podChangesPerNodeHour: 6 } }')}
  sweep: [{ path: cluster.nodes, values: [60, 600] }]
`;
    const [small, large] = experimentOf(spec).points.map(({ plan }) => plan.podChangesPerSecond);
    expect(small).toBeCloseTo(0.1, 12);
    expect(large).toBeCloseTo(1, 12);
  });
});

describe('--set', () => {
  const spec = `spec:
  cluster: { nodes: 100 }
  ${app}
  traffic: [{ name: a, to: app, rate: { perPod: 1/s } }]
  variants: [{ name: slow, set: { proxy: { minSyncPeriod: 10s } } }, { name: plain }]
  sweep: [{ path: cluster.nodes, values: [100, 200] }]
  target: { value: 200 }
`;
  const plans = (...set: string[]) => experimentOf(spec, { set }).points.map(({ plan }) => plan);

  it('applies after variants', () => {
    expect(plans('proxy.minSyncPeriod=5s').map(({ proxy }) => proxy.minSyncPeriodNs)).toEqual(
      Array(4).fill(5e9),
    );
  });

  it('replaces a sweep of the same path, and the gate is judged there', () => {
    const experiment = experimentOf(spec, { set: ['cluster.nodes=50'] });
    expect(experiment.points.map(({ at, gated }) => [at, gated])).toEqual(
      Array(2).fill([{ 'cluster.nodes': 50 }, true]),
    );
    expect(experiment.target).toEqual({
      path: 'cluster.nodes',
      value: 200,
      headroom: 1,
      gateAt: 50,
    });
    expect(experiment.points[0]!.plan.populations[0]!.count).toBe(25);
    expect(experiment.warnings.map(({ code }) => code)).toContain('W503');
  });

  it('on a map around a swept path replaces the sweep by the value inside', () => {
    const experiment = experimentOf(spec, { set: ['cluster={nodes: 8}'] });
    expect(experiment.points.map(({ at, gated }) => [at, gated])).toEqual(
      Array(2).fill([{ 'cluster.nodes': 8 }, true]),
    );
    expect(experimentOf(spec, { set: ['cluster={nodeMask: 25}'] }).points).toHaveLength(4);
  });

  it('beside the option for the same field is refused', () => {
    const options = { seed: '42', replications: 2 };
    for (const set of ['run.seed=7', 'run={seed: 7}', 'run.replications=3']) {
      expect(codesOf(spec, { ...options, set: [set] }), set).toEqual(['E119']);
    }
    expect(codesOf(spec, { ...options, set: ['run.duration=5m'] })).toEqual([]);
  });

  it('reaches entries of lists by name, and drops the alternative that was there', () => {
    expect(plans('traffic[a].rate.total=7/s')[0]!.traffic[0]!.requestsPerSecond).toBe(7);
  });

  it('takes constants by id', () => {
    expect(plans('constants.pod-life.startup.median=2000000000')[0]!.constants).toEqual({
      'pod-life.startup.median': 2e9,
    });
  });

  it.each([
    ['cluster.node=5', 'E119', 2],
    ['traffic[b].rate.total=7/s', 'E119', 1],
    ['cluster.nodes', 'E119', 1],
    ['cluster.nodes=', 'E119', 1],
    ['cluster.nodes=5OO', 'E106', 15],
    ['proxy.mode=iptable', 'E108', 12],
    ['a b=1', 'E119', 1],
    ['cluster.nodes={', 'E101', 1],
  ])('%s is refused with its place', (text, code) => {
    const { diagnostics } = loadText(spec, { set: [text] });
    expect(diagnostics.map((diagnostic) => [diagnostic.code, diagnostic.at.file])).toEqual([
      [code, '--set'],
    ]);
  });
});

describe('what a point depends on', () => {
  const specsOf = (spec: string) =>
    experimentOf(`spec: { cluster: { nodes: 9 }, ${spec} }\n${deployment('web')}`).variants.map(
      (variant) => JSON.stringify(variant.spec),
    );

  it('is no other variant, size or objective', () => {
    const [alone] = specsOf('variants: [{ name: a }]');
    const more =
      'variants: [{ name: a, note: n }, { name: b, set: { proxy: { mode: ipvs } } }], sweep: [{ path: cluster.nodes, values: [9, 18] }], slos: [{ name: p, metric: networkProgramming, max: 5s }]';
    expect(specsOf(more)[0]).toBe(alone);
    expect(specsOf(more)[1]).not.toBe(alone);
  });

  it('is the objects, but for those that nothing simulates', () => {
    const variant = (documents: string) =>
      JSON.stringify(experimentOf(`spec: {}\n${documents}`).variants[0]!.spec);
    const policy =
      '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: a }\n';
    expect(variant(deployment('web') + policy)).toBe(variant(deployment('web')));
    expect(variant(deployment('web'))).not.toBe(variant(deployment('web', 'replicas: 11')));
  });
});

describe('a scenario that cannot be read', () => {
  it('is a usage error when it is not there', () => {
    expect(() => loadExperiment({ path: 'no/such.yaml' })).toThrow(MissingFileError);
  });

  it('is a diagnostic when it is a folder', () => {
    const { diagnostics, experiment } = loadExperiment({ path: import.meta.dirname });
    expect(experiment).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(['E122']);
    expect(renderDiagnostics(diagnostics, { format: 'text', color: false })).not.toMatch(
      /\d \| *$/m,
    );
  });
});

it('an experiment is there exactly if no diagnostic is an error', () => {
  for (const file of fs.readdirSync(path.join(import.meta.dirname, 'gallery'))) {
    if (!file.endsWith('.yaml')) continue;
    const { diagnostics, experiment } = load(`gallery/${file}`);
    expect(experiment === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
  }
});
