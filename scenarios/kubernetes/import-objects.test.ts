import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { PLAIN_PORT } from '../../core/plain-plans.ts';
import { loadExperiment } from '../load-experiment.ts';
import {
  codesOf,
  deployment,
  experimentOf,
  head,
  loadText,
  service,
} from '../testing/load-text.ts';

const plan = (documents: string, spec = 'spec: {}\n') =>
  experimentOf(spec + documents).points[0]!.plan;
const unmodelled = (documents: string) =>
  experimentOf(`spec: {}\n${documents}`).notModelled.map(({ what }) => what);

describe('workloads', () => {
  it('of each kind bring their pods', () => {
    const { workloads } = plan(
      fs.readFileSync(path.join(import.meta.dirname, 'fixtures/workloads.yaml'), 'utf8'),
    );
    const summary = workloads.map(({ kind, name, replicas, perNode, maxSurge, maxUnavailable }) => [
      `${kind} ${name}`,
      perNode ? 'per node' : replicas,
      maxSurge,
      maxUnavailable,
    ]);
    expect(summary).toEqual([
      ['Deployment defaults', 1, 1, 0],
      ['Deployment recreate', 4, 0, 4],
      ['StatefulSet db', 3, 0, 1],
      ['DaemonSet agent', 'per node', 0, 10],
      ['ReplicaSet bare', 2, 0, 1],
      ['Job batch', 5, 0, 1],
      ['Pod single', 1, 0, 1],
    ]);
  });

  it('that another object owns, or that have ended, are left to their owner', () => {
    const { workloads } = plan(`${deployment('web')}---
apiVersion: v1
kind: List
items:
  - { apiVersion: apps/v1, kind: ReplicaSet, metadata: { name: web-1, ownerReferences: [{ kind: Deployment, name: web }] }, spec: { replicas: 10 } }
  - { apiVersion: v1, kind: Pod, metadata: { name: web-1-a, ownerReferences: [{ kind: ReplicaSet, name: web-1 }] } }
  - { apiVersion: v1, kind: Pod, metadata: { name: done }, status: { phase: Succeeded } }
`);
    expect(workloads.map(({ name }) => name)).toEqual(['web']);
  });

  it('end as their pods say', () => {
    const pod = (spec: string) =>
      plan(`---\napiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: ${spec}\n`).workloads[0]!;
    const preStop = (text: string) => `{ containers: [{ lifecycle: { preStop: ${text} } }] }`;
    expect(pod('{}').terminationGraceNs).toBe(30e9);
    expect(pod('{ terminationGracePeriodSeconds: 5 }').terminationGraceNs).toBe(5e9);
    expect(pod(preStop('{ sleep: { seconds: 7 } }')).preStopNs).toBe(7e9);
    expect(pod(preStop('{ exec: { command: [/bin/sh, -c, sleep 4] } }')).preStopNs).toBe(4e9);
    expect(pod(preStop('{ exec: { command: [nginx, -s, quit] } }')).preStopNs).toBe(0);
    expect(pod(preStop('{ sleep: { seconds: 90 } }')).preStopNs).toBe(30e9);
  });

  it('list what has no effect', () => {
    const spec =
      '{ hostNetwork: true, affinity: {}, nodeSelector: { disk: ssd }, containers: [{ lifecycle: { preStop: { httpGet: { path: / } } } }] }';
    expect(
      unmodelled(`---\napiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: ${spec}\n`),
    ).toEqual([
      'spec.hostNetwork of Pod default/a',
      'spec.nodeSelector of Pod default/a',
      'spec.affinity of Pod default/a',
      'spec.containers[0].lifecycle.preStop of Pod default/a',
    ]);
  });
});

describe('Services', () => {
  it('select pods of their own namespace only', () => {
    const other = deployment('web').replace('name: web }', 'name: web, namespace: other }');
    const { workloads, services } = plan(`${deployment('web')}${other}${service('web')}`);
    expect(workloads.map(({ namespace }) => namespace)).toEqual(['default', 'other']);
    expect(services[0]!.workloads).toEqual([0]);
  });

  it('without pods have no endpoints and a warning with the nearest label', () => {
    const { diagnostics, experiment } = loadText(`spec: {}\n${deployment('web')}${service('wob')}`);
    expect(experiment!.points[0]!.plan.services[0]!.workloads).toEqual([]);
    expect(diagnostics.map(({ code, help }) => [code, help])).toEqual([
      ['W301', 'nearest: app=web (deployment/web)'],
    ]);
    expect(experiment!.warnings[0]!.text).toContain('Service default/wob');
  });

  it('without a selector select nothing, silently', () => {
    const text =
      '---\napiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { ports: [{ port: 1 }] }\n';
    expect(codesOf(`spec: {}\n${deployment('web')}${text}`)).toEqual([]);
  });

  it('that are headless have slices and no rules', () => {
    expect(
      plan(`${deployment('web')}${service('web', 'clusterIP: None')}`).services[0]!.headless,
    ).toBe(true);
  });

  it('of other types bring their entries from outside and their policies', () => {
    const portsOf = (more: string) =>
      plan(`${deployment('web')}${service('web', more)}`).services[0]!.ports;
    expect(portsOf('sessionAffinity: None')).toEqual([PLAIN_PORT]);
    const local = 'externalTrafficPolicy: Local, internalTrafficPolicy: Local';
    const policies = { externalPolicy: 'Local', internalPolicy: 'Local' };
    expect(portsOf(`type: NodePort, ${local}`)).toEqual([
      { ...PLAIN_PORT, ...policies, nodePort: true },
    ]);
    const balanced = `type: LoadBalancer, ${local}, loadBalancerSourceRanges: [10.0.0.0/8, 192.0.2.0/24]`;
    const balancer = { loadBalancerIPs: 1, sourceRanges: 2, healthCheckNodePort: true };
    expect(portsOf(balanced)).toEqual([
      { ...PLAIN_PORT, ...policies, ...balancer, nodePort: true },
    ]);
    expect(portsOf('type: LoadBalancer, allocateLoadBalancerNodePorts: false')).toEqual([
      { ...PLAIN_PORT, loadBalancerIPs: 1 },
    ]);
    const timeout = 'sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } }';
    const affinity = portsOf(`externalIPs: [192.0.2.1], sessionAffinity: ClientIP, ${timeout}`);
    expect(affinity).toEqual([{ ...PLAIN_PORT, externalIPs: 1, affinityNs: 60e9 }]);
    expect(portsOf('sessionAffinity: ClientIP')[0]!.affinityNs).toBe(10_800e9);
  });

  it('have the addresses of their load balancer, or one that is assumed and says so', () => {
    const balanced = (status: string) =>
      `${deployment('web')}${service('web', 'type: LoadBalancer')}${status}`;
    const one = 'status: { loadBalancer: { ingress: [{ ip: 192.0.2.1 }, { ip: 192.0.2.2 }] } }\n';
    const byName = 'status: { loadBalancer: { ingress: [{ hostname: lb.example }] } }\n';
    const ips = (text: string) => plan(balanced(text)).services[0]!.ports[0]!.loadBalancerIPs;
    expect([ips(''), ips(one), ips(byName)]).toEqual([1, 2, 0]);
    expect(unmodelled(balanced(''))).toEqual(['status.loadBalancer of Service default/web']);
    expect(unmodelled(balanced(one))).toEqual([]);
  });

  it('that the API server would refuse are refused', () => {
    const codes = (more: string) =>
      codesOf(`spec: {}\n${deployment('web')}${service('web', more)}`);
    expect(codes('externalTrafficPolicy: Local')).toEqual(['E151']);
    expect(codes('sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } }')).toEqual(['E151']);
    expect(codes('externaltrafficpolicy: Local')).toEqual(['E143']);
  });

  it('of another proxy bring nothing', () => {
    const other = service('web').replace(
      'name: web }',
      'name: web, labels: { service.kubernetes.io/service-proxy-name: mine } }',
    );
    expect(plan(`${deployment('web')}${other}`).services).toMatchObject([
      { headless: true, ports: [] },
    ]);
  });

  it('say where their connections go first; hints by an annotation are listed', () => {
    const close = service('web').replace('spec: {', 'spec: { trafficDistribution: PreferClose,');
    expect(plan(`${deployment('web')}${close}`).services[0]!.ports[0]!.trafficDistribution).toBe(
      'PreferClose',
    );
    expect(unmodelled(close)).toEqual([]);
    const mode = 'service.kubernetes.io/topology-mode';
    const annotated = (value: string) =>
      service('web').replace('name: web }', `name: web, annotations: { ${mode}: ${value} } }`);
    expect(unmodelled(annotated('Auto'))).toEqual([
      `metadata.annotations.${mode} of Service default/web`,
    ]);
    expect(unmodelled(annotated('Disabled'))).toEqual([]);
  });

  it('that are aliases are listed', () => {
    const alias =
      '---\napiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { type: ExternalName, externalName: a.example }\n';
    expect(plan(alias).services).toEqual([]);
    expect(unmodelled(alias)).toEqual(['Service default/a']);
  });
});

describe('other objects', () => {
  it('are listed unless they do not concern the network', () => {
    const documents = [
      'networking.k8s.io/v1 NetworkPolicy',
      'batch/v1 CronJob',
      'v1 ConfigMap',
      'example.com/v1 Widget',
      'discovery.k8s.io/v1 EndpointSlice',
    ]
      .map(
        (text) =>
          `---\napiVersion: ${text.split(' ')[0]}\nkind: ${text.split(' ')[1]}\nmetadata: { name: a, namespace: shop }\n`,
      )
      .join('');
    const { notModelled } = experimentOf(`spec: {}\n${documents}`);
    expect(notModelled.map(({ what }) => what)).toEqual([
      'NetworkPolicy shop/a',
      'CronJob shop/a',
      'Widget shop/a',
      'EndpointSlice shop/a',
    ]);
  });

  it('leave no secret in the document', () => {
    const secret =
      '---\napiVersion: v1\nkind: Secret\nmetadata: { name: a, annotations: { x: hidden } }\ndata: { password: hidden }\n';
    const env = deployment('web').replace(
      'name: main,',
      'name: main, env: [{ name: A, value: hidden }],',
    );
    expect(JSON.stringify(experimentOf(`spec: {}\n${secret}${env}`).document)).not.toContain(
      'hidden',
    );
  });
});

describe('Node objects', () => {
  const nodes = Array.from(
    { length: 4 },
    (_, i) => `---
apiVersion: v1
kind: Node
metadata: { name: n${i}, labels: { topology.kubernetes.io/zone: z${i % 2} } }
status: { allocatable: { cpu: "${i < 3 ? 4 : 15}", memory: 16000Mi, pods: "58" }${i < 3 ? '' : ', capacity: { memory: 32600000Ki }'} }
`,
  ).join('');

  it('are the default of the cluster', () => {
    const { cluster } = plan(nodes);
    expect(cluster.nodes).toBe(4);
    expect(cluster.topology.zones).toBe(2);
    expect(
      cluster.pools.map(({ nodes: count, cores, podsPerNode, memoryBytes }) => [
        count,
        cores,
        podsPerNode,
        memoryBytes / 2 ** 30,
      ]),
    ).toEqual([
      [3, 4, 58, 16],
      [1, 15, 58, 31],
    ]);
  });

  it('give way to what is written', () => {
    const { cluster } = plan(nodes, 'spec: { cluster: { nodes: 100, zones: { count: 3 } } }\n');
    expect([cluster.nodes, cluster.topology.zones]).toEqual([100, 3]);
    expect(cluster.pools.map(({ nodes: count }) => count)).toEqual([75, 25]);
  });
});

describe('references', () => {
  const both = `${deployment('web')}${deployment('web').replace('name: web }', 'name: web, namespace: shop }')}`;
  const roll = (reference: string) =>
    `spec: { events: [{ at: 1m, rollingUpdate: ${reference} }] }\n${both}`;

  it('need a namespace where two objects fit', () => {
    expect(codesOf(roll('deployment/web'))).toEqual(['E207']);
    expect(experimentOf(roll('shop/deployment/web')).points[0]!.plan.events).toMatchObject([
      { workload: 1 },
    ]);
    expect(experimentOf(roll('default/deploy/web')).points[0]!.plan.events).toMatchObject([
      { workload: 0 },
    ]);
  });
});

// Manifests of real projects, where a checkout has them beside it.
const shared = path.join(import.meta.dirname, '../../../shared/data/manifests');
const present = fs.existsSync(shared);
if (!present) console.info('skipped: no shared manifests beside this checkout');

describe.runIf(present)('real manifests', () => {
  const load = (project: string) =>
    loadExperiment({
      name: 's.yaml',
      text: `${head}spec: { workload: { objects: [${project}] } }\n`,
      folder: shared,
    });

  it('Online Boutique with its policies runs as it is', () => {
    const { experiment, diagnostics } = load('online-boutique');
    expect(diagnostics).toEqual([]);
    const { workloads, services } = experiment!.points[0]!.plan;
    expect([workloads.length, services.length]).toEqual([12, 12]);
    expect(services.every((found) => found.workloads.length === 1)).toBe(true);
    expect(
      experiment!.notModelled.filter(({ what }) => what.startsWith('NetworkPolicy')),
    ).toHaveLength(13);
  });

  it('kube-prometheus runs as it is, with Services nothing stands behind', () => {
    const { experiment, diagnostics } = load('kube-prometheus');
    expect(diagnostics.map(({ code }) => code)).toEqual(['W301', 'W301']);
    const { services, workloads, cluster } = experiment!.points[0]!.plan;
    expect(cluster.nodes).toBe(100);
    expect(workloads.filter(({ perNode }) => perNode).map(({ name }) => name)).toEqual([
      'node-exporter',
    ]);
    expect(
      services
        .filter((found) => found.workloads.length === 0)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['alertmanager-main', 'prometheus-k8s']);
    const listed = experiment!.notModelled.map(({ what }) => what);
    expect(listed).toContain('Prometheus monitoring/k8s');
    expect(listed).toContain('Alertmanager monitoring/main');
    expect(listed.filter((what) => what.startsWith('NetworkPolicy'))).toHaveLength(8);
  });
});
