import { describe, expect, it } from 'vitest';
import { diagnosticsOf, inputOf, pod, policy } from '../testing/read-policies.ts';

const said = (text: string) =>
  diagnosticsOf(text).map(({ code, help }) =>
    `${code} ${/^did you mean `(.*)`/.exec(help ?? '')?.[1] ?? ''}`.trim(),
  );
const deployment = (spec: string, metadata = '') => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop ${metadata} }
spec: ${spec}
`;
const template = (podSpec: string) =>
  deployment(`{ template: { metadata: { labels: { app: web } }, spec: ${podSpec} } }`);

describe('metadata', () => {
  it.each([
    ['networking.k8s.io/v1', 'NetworkPolicy'],
    ['v1', 'Namespace'],
    ['v1', 'Pod'],
    ['v1', 'Node'],
    ['v1', 'Service'],
    ['apps/v1', 'StatefulSet'],
  ])('has no field that nobody knows: %s %s', (apiVersion, kind) => {
    const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: a, namepsace: shop }\n`;
    expect(said(text)).toContain('E143 namespace');
    expect(said(text.replace('namepsace', 'label'))).toContain('E143 labels');
  });

  it('of templates is held to the same', () => {
    const text = deployment('{ template: { metadata: { label: { app: web } } } }');
    expect(said(text)).toEqual(['E143 labels']);
    const job =
      'apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: a }\nspec: { jobTemplate: { metadata: { lables: {} }, spec: { template: { metadata: { lables: {} } } } } }';
    expect(said(job)).toEqual(['E143 labels', 'E143 labels']);
  });

  it('may have every field of ObjectMeta', () => {
    const all =
      '{ name: web, generateName: w-, namespace: shop, selfLink: /a, uid: u, resourceVersion: "1", generation: 1, creationTimestamp: null, deletionTimestamp: null, deletionGracePeriodSeconds: 1, labels: {}, annotations: { Example.COM/a: x }, ownerReferences: [], finalizers: [], managedFields: [{}] }';
    expect(diagnosticsOf(`apiVersion: v1\nkind: Pod\nmetadata: ${all}`)).toEqual([]);
  });

  it.each([
    'labels: { app: a b }',
    'labels: { "-a": b }',
    'annotations: { "a b": c }',
    'annotations: { a/b/c: d }',
  ])('of a policy has no %s', (field) => {
    const text = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: a, ${field} }\nspec: {}`;
    expect(said(`${pod('a')}---\n${text}`)).toContain('E147');
  });

  it.each(['annotations: { a: 1 }', 'labels: { a: true }'])(
    'has no values but texts: %s',
    (field) => {
      expect(said(deployment('{}', `, ${field}`))).toEqual(['E140']);
    },
  );
});

describe('a field that is nearly one that decides', () => {
  it.each([
    ['{ hostNetwrok: true }', 'hostNetwork'],
    ['{ hostnetwork: true }', 'hostNetwork'],
    ['{ nodename: n1 }', 'nodeName'],
    ['{ container: [] }', 'containers'],
    ['{ containers: [{ port: [] }] }', 'ports'],
    ['{ initContainers: [{ Ports: [] }] }', 'ports'],
    ['{ containers: [{ ports: [{ containerPort: 80, protocl: UDP }] }] }', 'protocol'],
    ['{ containers: [{ ports: [{ containerPort: 80, nmae: http }] }] }', 'name'],
  ])('is warned of: %s', (spec, meant) => {
    expect(said(pod('a', `spec: ${spec}`))).toEqual([`W308 ${meant}`]);
    expect(said(template(spec))).toEqual([`W308 ${meant}`]);
  });

  it('is warned of around the pod and in Services', () => {
    expect(said(pod('a', 'sepc: {}'))).toEqual(['W308 spec']);
    expect(said(deployment('{ tempalte: {} }'))).toEqual(['W308 template']);
    const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { selectors: {} }';
    expect(said(service)).toEqual(['W308 selector']);
  });

  it('is none where it is a field of its own', () => {
    const podFields =
      'activeDeadlineSeconds affinity automountServiceAccountToken containers dnsConfig dnsPolicy enableServiceLinks ephemeralContainers hostAliases hostIPC hostNetwork hostPID hostUsers hostname hostnameOverride imagePullSecrets initContainers nodeName nodeSelector os overhead preemptionPolicy priority priorityClassName readinessGates resourceClaims resources restartPolicy runtimeClassName schedulerName schedulingGates securityContext serviceAccount serviceAccountName setHostnameAsFQDN shareProcessNamespace subdomain terminationGracePeriodSeconds tolerations topologySpreadConstraints volumes';
    const containerFields =
      'args command env envFrom image imagePullPolicy lifecycle livenessProbe name ports readinessProbe resizePolicy resources restartPolicy restartPolicyRules securityContext startupProbe stdin stdinOnce terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts workingDir';
    const serviceFields =
      'allocateLoadBalancerNodePorts clusterIP clusterIPs externalIPs externalName externalTrafficPolicy healthCheckNodePort internalTrafficPolicy ipFamilies ipFamilyPolicy loadBalancerClass loadBalancerIP loadBalancerSourceRanges ports publishNotReadyAddresses selector sessionAffinity sessionAffinityConfig trafficDistribution type';
    const workloadFields =
      'replicas selector template volumeClaimTemplates serviceName strategy updateStrategy minReadySeconds revisionHistoryLimit paused progressDeadlineSeconds podManagementPolicy ordinals parallelism completions backoffLimit manualSelector ttlSecondsAfterFinished suspend schedule timeZone concurrencyPolicy';
    const nulls = (fields: string) =>
      fields
        .split(' ')
        .map((field) => `${field}: null`)
        .join(', ');
    const port = '{ containerPort: 80, hostIP: x, hostPort: 80, name: http, protocol: TCP }';
    const container = `{ ${nulls(containerFields).replace('ports: null', `ports: [${port}]`)} }`;
    const spec = nulls(podFields).replace('containers: null', `containers: [${container}]`);
    expect(said(pod('a', `spec: { ${spec} }`))).toEqual([]);
    expect(said(deployment(`{ ${nulls(workloadFields)} }`))).toEqual([]);
    const service = `apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { ${nulls(serviceFields)} }`;
    expect(said(service)).toEqual([]);
  });
});

describe('what the API server refuses between fields', () => {
  it.each([
    ['{ matchLabels: { app: wep } }', ['E140']],
    ['{ matchExpressions: [{ key: tier, operator: Exists }] }', ['E140']],
    ['{ matchLabel: { app: web } }', ['E143 matchLabels']],
    ['{ matchLabels: { app: web } }', []],
    ['{ matchExpressions: [{ key: app, operator: In, values: [web] }] }', []],
  ])('a Deployment finds the pods of its template: %s', (selector, expected) => {
    const spec = `{ selector: ${selector}, template: { metadata: { labels: { app: web } } } }`;
    expect(said(deployment(spec))).toEqual(expected);
  });

  it('so does a ReplicationController, whose selector is plain labels', () => {
    const controller = (selector: string) =>
      `apiVersion: v1\nkind: ReplicationController\nmetadata: { name: a }\nspec: { selector: ${selector}, template: { metadata: { labels: { app: web } } } }`;
    expect(said(controller('{ app: web }'))).toEqual([]);
    expect(said(controller('{ app: wep }'))).toEqual(['E140']);
  });

  it('ports of one container have names of their own; those of two may share one', () => {
    const port = '{ name: http, containerPort: 80 }';
    expect(said(template(`{ containers: [{ ports: [${port}, ${port}] }] }`))).toEqual(['E140']);
    const two = `{ containers: [{ ports: [${port}] }, { ports: [${port}] }] }`;
    expect(said(template(two))).toEqual([]);
  });
});

describe('an entry that is null', () => {
  it.each([
    ['{ ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8, except: [null] } }] }] }', 'E145'],
    ['{ ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8, except: [""] } }] }] }', 'E145'],
    ['{ podSelector: { matchLabels: { app: null } } }', 'E147'],
    ['{ podSelector: { matchExpressions: [{ key: app, operator: In, values: [null] }] } }', 'E147'],
    ['{ podSelector: { matchExpressions: [null] } }', 'E140'],
    ['{ policyTypes: [null] }', 'E148'],
    ['{ policyTypes: [""] }', 'E148'],
    ['{ ingress: [null] }', 'E140'],
    ['{ ingress: [{ from: [null] }] }', 'E140'],
    ['{ ingress: [{ ports: [null] }] }', 'E140'],
    ['{ ingress: [{ ports: [{ port: "" }] }] }', 'E146'],
  ])('of a list or of labels is refused: %s', (spec, code) => {
    expect(said(pod('web') + policy(spec))).toEqual([code]);
  });

  it('of a field is the field left out', () => {
    const spec = '{ podSelector: null, policyTypes: null, ingress: null, egress: null }';
    expect(inputOf(pod('web') + policy(spec)).world.networkPolicies[0]).toMatchObject({
      policyTypes: [],
      ingress: [],
    });
  });
});
