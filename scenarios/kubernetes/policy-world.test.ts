import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnosticsOf, inputOf, pod, policy } from '../testing/read-policies.ts';
import { addressText } from '../values/address.ts';
import { readPolicyWorld } from './policy-world.ts';

const shared = path.join(import.meta.dirname, '../../../shared/data/manifests');

const workload = (kind: string, name: string, more = '') => `---
apiVersion: ${kind === 'Job' ? 'batch/v1' : kind === 'ReplicationController' ? 'v1' : 'apps/v1'}
kind: ${kind}
metadata: { name: ${name}, namespace: shop${more} }
spec: { template: { metadata: { labels: { app: ${name} } } } }
`;
const entitiesOf = (text: string) => {
  const { world, sources } = inputOf(text);
  return world.entities.map(({ name }, index) => `${sources[index]!.kind} ${name}`);
};

describe('entities', () => {
  it('are one for each pod that runs, workload and node, nodes last', () => {
    const text = `---
apiVersion: v1
kind: Node
metadata: { name: n1 }
${pod('a')}${pod('done', 'status: { phase: Succeeded }')}${pod('lost', 'status: { phase: Failed }')}
${workload('Deployment', 'web')}${workload('StatefulSet', 'web')}${workload('ReplicationController', 'old')}
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: night }
spec: { jobTemplate: { spec: { template: { metadata: { labels: { app: night } } } } } }
`;
    expect(entitiesOf(text)).toEqual([
      'Pod a',
      'Deployment web',
      'StatefulSet web',
      'ReplicationController old',
      'CronJob night',
      'Node n1',
    ]);
    expect(inputOf(text).world.entities[4]).toMatchObject({ labels: { app: 'night' }, node: null });
  });

  it('keep pods beside the workload that controls them, and no ReplicaSet between', () => {
    const owned = (kind: string, name: string) =>
      `, ownerReferences: [{ kind: ${kind}, name: ${name} }]`;
    const podOf = (name: string, owner: string) =>
      `---\napiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop, labels: { pod-template-hash: 5d69 }${owned('ReplicaSet', owner)} }\n`;
    const text = `${workload('Deployment', 'web')}${workload('ReplicaSet', 'web-1', owned('Deployment', 'web'))}${workload('ReplicaSet', 'alone')}
${podOf('a', 'web-1')}${podOf('b', 'web-5d69')}${podOf('c', 'web-other')}${podOf('d', 'alone')}`;
    const { world, sources } = inputOf(text);
    expect(
      world.entities.map(({ name }, index) => [name, sources[index]!.controller ?? null]),
    ).toEqual([
      ['web', null],
      ['alone', null],
      ['a', 0],
      ['b', 0],
      ['c', null],
      ['d', 1],
    ]);
  });

  it('that own each other end the search', () => {
    const owned = (name: string) => `, ownerReferences: [{ kind: ReplicaSet, name: ${name} }]`;
    const text = workload('ReplicaSet', 'a', owned('b')) + workload('ReplicaSet', 'b', owned('a'));
    expect(() => inputOf(text)).not.toThrow();
  });

  it('have addresses of both families, host-network pods those of their node', () => {
    const { world } = inputOf(`---
apiVersion: v1
kind: Node
metadata: { name: n1 }
status: { addresses: [{ type: InternalIP, address: 192.168.0.1 }, { type: Hostname, address: n1 }, { type: ExternalIP, address: "2001:db8::1" }] }
${pod('a', 'spec: { nodeName: n1 }\nstatus: { podIP: 10.0.0.1, podIPs: [{ ip: 10.0.0.1 }, { ip: "fd00::1" }] }')}
${pod('host', 'spec: { nodeName: n1, hostNetwork: true }\nstatus: { podIP: 192.168.0.1 }')}
${pod('pending', 'status: { podIP: "" }')}
`);
    expect(
      world.entities.map((entity) => [entity.name, entity.addresses.map(addressText)]),
    ).toEqual([
      ['a', ['10.0.0.1', 'fd00::1']],
      ['host', ['192.168.0.1', '2001:db8::1']],
      ['pending', []],
      ['n1', ['192.168.0.1', '2001:db8::1']],
    ]);
    expect(world.entities[1]).toMatchObject({ hostNetwork: true, node: 'n1' });
  });

  it('have the ports of what runs as long as they do', () => {
    const spec = `spec:
  containers: [{ ports: [{ name: http, containerPort: 80 }, { containerPort: 53, protocol: UDP }] }]
  initContainers:
    - { restartPolicy: Always, ports: [{ name: proxy, containerPort: 15001 }] }
    - { ports: [{ name: early, containerPort: 1 }] }`;
    const [entity] = inputOf(pod('a', spec)).world.entities;
    expect(entity).toMatchObject({
      ports: [
        { name: 'http', port: 80, protocol: 'TCP' },
        { name: undefined, port: 53, protocol: 'UDP' },
        { name: 'proxy', port: 15_001, protocol: 'TCP' },
      ],
    });
  });

  it('of Jobs have the labels that the API server adds', () => {
    const [entity] = inputOf(workload('Job', 'once')).world.entities;
    expect(entity).toMatchObject({ labels: { app: 'once', 'job-name': 'once' } });
  });

  it('may have labels named as members of objects are', () => {
    const text = `apiVersion: v1\nkind: Pod\nmetadata: { name: a, labels: { constructor: x, toString: z } }\n`;
    expect(inputOf(text).world.entities[0]).toMatchObject({ labels: { constructor: 'x' } });
    const peer = '{ matchExpressions: [{ key: constructor, operator: Exists }] }';
    const codes = diagnosticsOf(pod('a') + policy(`{ podSelector: ${peer} }`)).map(
      ({ code }) => code,
    );
    expect(codes).toEqual(['W303']);
  });
});

describe('namespaces', () => {
  it('are made up where nobody declares them, with the label nobody can change', () => {
    const { world } = inputOf(`---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { team: a, kubernetes.io/metadata.name: other } }
${pod('a')}
---
apiVersion: v1
kind: Pod
metadata: { name: b }
`);
    expect(world.namespaces).toEqual([
      { name: 'shop', labels: { team: 'a', 'kubernetes.io/metadata.name': 'shop' } },
      { name: 'default', labels: { 'kubernetes.io/metadata.name': 'default' } },
    ]);
    expect(world.entities[1]).toMatchObject({ namespace: 'default' });
  });
});

describe('Services', () => {
  it('lead to the pods they select and the ports behind theirs', () => {
    const service = (name: string, spec: string) =>
      `---\napiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: shop }\nspec: ${spec}\n`;
    const { services } = inputOf(
      pod('b') +
        pod('a') +
        workload('Deployment', 'a') +
        service(
          'a',
          '{ selector: { app: a }, ports: [{ port: 80, targetPort: http }, { name: dns, port: 53, protocol: UDP }] }',
        ) +
        service('all', '{ ports: [{ port: 80, targetPort: 8080 }] }') +
        service('heads', '{ clusterIP: None, selector: { app: b } }') +
        service('out', '{ type: ExternalName, externalName: example.com }'),
    );
    expect(services.map(({ name, entities }) => [name, entities])).toEqual([
      ['a', [1, 2]],
      ['all', []],
      ['heads', [0]],
      ['out', []],
    ]);
    expect(services[0]!.ports).toEqual([
      { name: undefined, protocol: 'TCP', port: 80, targetPort: 'http' },
      { name: 'dns', protocol: 'UDP', port: 53, targetPort: 53 },
    ]);
    expect(services.map(({ headless }) => headless)).toEqual([false, false, true, false]);
    expect(services[3]).toMatchObject({ type: 'ExternalName', externalName: 'example.com' });
  });
});

describe('NetworkPolicies', () => {
  it('keep what is absent apart from what is empty', () => {
    const read = (spec: string) => inputOf(pod('web') + policy(spec)).world.networkPolicies[0]!;
    const everything = { matchLabels: {}, matchExpressions: [] };
    expect(read('{}')).toMatchObject({ podSelector: everything, policyTypes: [], ingress: [] });
    expect(read('{ ingress: [{}] }').ingress).toEqual([{ peers: [], ports: [] }]);
    expect(read('{ ingress: [{ from: [{ namespaceSelector: {} }] }] }').ingress[0]!.peers).toEqual([
      { podSelector: undefined, namespaceSelector: everything, ipBlock: undefined },
    ]);
    expect(read('{ ingress: [{ from: null, ports: [{}] }], egress: null }')).toMatchObject({
      ingress: [{ peers: [], ports: [{ protocol: 'TCP', port: undefined, endPort: undefined }] }],
      egress: [],
    });
  });

  it('take ranges with host bits for the range they are in', () => {
    const { ingress } = inputOf(
      policy(
        '{ ingress: [{ from: [{ ipBlock: { cidr: 10.10.1.12/24, except: [10.10.1.0/25] } }] }] }',
      ),
    ).world.networkPolicies[0]!;
    expect(ingress[0]!.peers[0]!.ipBlock!.range).toEqual({
      family: 4,
      first: 0x0a0a0100n,
      last: 0x0a0a01ffn,
      text: '10.10.1.12/24',
    });
  });

  it('are found again by the place of each rule, in YAML and in JSON', () => {
    const yaml = policy('\n  egress:\n    - {}\n    - ports: []');
    const one = inputOf(yaml);
    const [first] = one.world.networkPolicies;
    expect(one.places.policy(first!)).toEqual({ file: 'test.yaml', line: 4, column: 19 });
    expect(one.places.rule(first!, 'egress', 1)).toMatchObject({ line: 8, column: 7 });
    const object = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'a' },
      spec: { egress: [{}, { ports: [] }] },
    };
    const two = inputOf(
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [object] }, null, 1),
    );
    const [second] = two.world.networkPolicies;
    expect(two.places.rule(second!, 'egress', 1)).toEqual({
      file: 'test.yaml',
      line: 14,
      column: 6,
    });
    expect(() => one.places.policy(second!)).toThrow(/not a policy of this input/);
  });
});

describe('what is not used', () => {
  it('is counted by kind, and other policies are said to be missing', () => {
    const { notUsed, input } = readPolicyWorld([
      {
        name: 'a.yaml',
        text: 'apiVersion: v1\nkind: Secret\n---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\n---\napiVersion: v1\nkind: Secret\n',
      },
    ]);
    expect(input?.world.networkPolicies).toEqual([]);
    expect(notUsed).toMatchObject([
      { kind: 'Secret', count: 2, why: 'no verdict depends on it' },
      { kind: 'CiliumNetworkPolicy', count: 1, why: expect.stringContaining('not evaluated') },
    ]);
  });
});

describe.runIf(fs.existsSync(shared))('the shared manifests (only where ../shared is)', () => {
  it('Online Boutique needs no warning', () => {
    const { input, diagnostics } = readPolicyWorld([path.join(shared, 'online-boutique')]);
    expect(diagnostics).toEqual([]);
    expect(input!.world.entities).toHaveLength(12);
    expect(input!.world.networkPolicies).toHaveLength(13);
    expect(input!.services.filter(({ entities }) => entities.length === 0)).toEqual([]);
  });

  it('kube-prometheus is told what its operator creates, and what is on the host', () => {
    const { diagnostics } = readPolicyWorld([path.join(shared, 'kube-prometheus')]);
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'W303 NetworkPolicy monitoring/alertmanager-main selects no pod of the input',
      'W303 NetworkPolicy monitoring/node-exporter selects no pod of the input',
      'W303 NetworkPolicy monitoring/prometheus-k8s selects no pod of the input',
      expect.stringMatching(/^W304 .*blackbox-exporter .*; the same in 3 other rules$/),
    ]);
  });
});
