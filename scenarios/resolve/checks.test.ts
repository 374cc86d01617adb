import { describe, expect, it } from 'vitest';
import { codesOf, deployment, experimentOf, loadText, service } from '../testing/load-text.ts';

const texts = (spec: string) =>
  loadText(spec).diagnostics.map(({ code, message, at, help }) =>
    [code, message, at.label, help].filter(Boolean).join(' | '),
  );

const daemonSet = (name: string) => `---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: ${name} }
spec: { template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: a }] } } }
`;

describe('timers that kube-proxy refuses', () => {
  it.each(['iptables', 'ipvs', 'nftables'])('are refused in mode %s, with both places', (mode) => {
    const spec = (periods: string) => `spec: { proxy: { mode: ${mode}, ${periods} } }\n`;
    const { diagnostics } = loadText(spec('minSyncPeriod: 10s, syncPeriod: 5s'));
    expect(diagnostics.map(({ code, also }) => [code, also.length])).toEqual([['E220', 1]]);
    expect(codesOf(spec('minSyncPeriod: 40s'))).toEqual(['E220']);
    expect(codesOf(spec('syncPeriod: 0s'))).toEqual(['E220']);
    expect(codesOf(spec('minSyncPeriod: 30s'))).toEqual([]);
  });

  it('are no matter of eBPF', () => {
    expect(codesOf('spec: { proxy: { mode: ebpf, minSyncPeriod: 40s } }\n')).toEqual([]);
  });

  it('are found at every size of a sweep', () => {
    const sweep = 'sweep: [{ path: proxy.minSyncPeriod, values: [1s, 60s] }]';
    expect(codesOf(`spec: { ${sweep} }\n`)).toEqual(['E220']);
  });
});

describe('a traffic distribution', () => {
  const spec = (version: string, value: string) => `spec:
  cluster: { kubernetesVersion: "${version}" }
  workload: { services: [{ count: 2, endpoints: { constant: 2 }, trafficDistribution: ${value} }] }
`;

  it('is refused in releases that do nothing for it', () => {
    expect(codesOf(spec('1.30', 'PreferClose'))).toEqual(['E224']);
    expect(texts(spec('1.33', 'PreferSameNode'))).toEqual([
      expect.stringContaining('does nothing for PreferSameNode'),
    ]);
    expect(codesOf(spec('1.33', 'PreferClose'))).toEqual([]);
    expect(codesOf(spec('1.34', 'PreferSameNode'))).toEqual([]);
  });
});

describe('pods that do not fit', () => {
  const one = (cluster: string, endpoints: string) =>
    `spec: { cluster: { ${cluster} }, workload: { services: [{ count: 10, endpoints: ${endpoints} }] } }\n`;

  it('into the addresses of the nodes are refused, one in the singular', () => {
    expect(texts(one('nodes: 1, zones: { count: 1 }, nodeMask: 30', '{ constant: 1 }'))).toEqual([
      'E205 | 1 node holds 1 pod, but there are 10 | a /30 per node leaves 1 address | use a smaller nodeMask, such as 28',
    ]);
  });

  it('where chance may draw more than expected are refused', () => {
    const uniform = '{ distribution: uniform, min: 0, max: 20 }';
    const nodes = (count: number) => codesOf(one(`nodes: ${count}, nodeMask: 28`, uniform));
    expect([nodes(8), nodes(20)]).toEqual([['E205'], []]);
  });

  it('of more DaemonSets than the smallest node takes are refused', () => {
    const pools =
      'pools: [{ name: big, share: 0.9, podsPerNode: 100 }, { name: small, share: 0.1, podsPerNode: 1 }]';
    const spec = `spec: { cluster: { nodes: 10, ${pools} } }\n`;
    expect(codesOf(spec + daemonSet('a'))).toEqual([]);
    expect(texts(spec + daemonSet('a') + daemonSet('b'))[0]).toContain(
      'E205 | a node of pool small holds 1 pod, but there are 2 DaemonSets',
    );
  });
});

describe('one mistake is one message:', () => {
  it('a refused population is not missed by its churn', () => {
    const services = 'services: [{ count: -1, endpoints: { constant: 2 } }]';
    expect(
      codesOf(`spec: { workload: { ${services}, churn: { podChangesPerSecond: 1 } } }\n`),
    ).toEqual(['E107']);
  });

  it('a refused DaemonSet is not missed by its Service', () => {
    const broken = daemonSet('web').replace('labels: { app: web }', 'labels: { app: true }');
    expect(codesOf(`spec: {}\n${broken}${service('web')}`)).toEqual(['E140']);
  });
});

describe('messages', () => {
  it('say that an event stands at the end', () => {
    const at = (time: string) =>
      texts(`spec: { run: { duration: 5m }, events: [{ at: ${time}, addNodes: 1 }] }\n`)[0];
    expect(at('5m')).toContain('an event at 5m, where the run ends');
    expect(at('6m')).toContain('an event at 6m comes after the end of the run');
  });

  it.each([
    ['controlPlane: { controllerManager: { qps: 0 } }', 'a number above 0, up to 1000000'],
    ['controlPlane: { watch: { fanoutBandwidth: 0GB/s } }', 'write 1.25GB/s'],
    ['controlPlane: { watch: { fanoutBandwidth: 0 } }', 'write 1.25GB/s'],
    ['run: { replications: 100000000 }', 'out of range'],
    ['run: { replications: 100000000 }', 'a whole number from 1 to 1000'],
    ['traffic: [{ name: a, to: "*", rate: { total: "1,500/min" } }]', 'write 1500/m'],
    ['traffic: [{ name: a, to: "*", rate: { total: 2e3/s } }]', 'write 2000/s'],
    [
      'workload: { services: [{ name: app, count: -1, endpoints: { constant: 2 } }] }',
      'spec.workload.services[app].count is -1',
    ],
    [
      'workload: { services: [{ count: -1, endpoints: { constant: 2 } }] }',
      'spec.workload.services[0].count is -1',
    ],
    ['constants: { walk.hot: 5 }', 'did you mean proxy.iptables-'],
  ])('for %s hold %j', (spec, text) => {
    expect(texts(`spec: { ${spec} }\n`).join('\n')).toContain(text);
  });

  it('point at the key of a constant out of range', () => {
    const { diagnostics } = loadText('spec: { constants: { pod-life.startup.median: -1 } }\n');
    expect(diagnostics.map(({ code, at }) => [code, at.column])).toEqual([['E215', 22]]);
  });
});

it.each(['Pod', 'Job'])('a %s cannot be rolled: nothing would replace its pods', (kind) => {
  const object = `---\napiVersion: ${kind === 'Pod' ? 'v1' : 'batch/v1'}\nkind: ${kind}\nmetadata: { name: a }\nspec: {}\n`;
  const event = `spec: { events: [{ at: 1m, rollingUpdate: ${kind.toLowerCase()}/a }] }\n`;
  expect(codesOf(event + object)).toEqual(['E208']);
});

it('the effective text names the defaults that depend on the mode', () => {
  const effective = loadText(`spec: {}\n${deployment('web')}`).effectiveText!;
  for (const text of ['backend: nft', 'minSyncPeriod: 1s', 'syncPeriod: 30s', 'podsPerNode']) {
    expect(effective).toContain(text);
  }
  expect(loadText('').experiment!.hash).toBe(experimentOf('spec: {}\n').hash);
});
