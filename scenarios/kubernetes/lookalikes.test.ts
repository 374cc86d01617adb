import { describe, expect, it } from 'vitest';
import { diagnosticsOf } from '../testing/read-policies.ts';

const object = (apiVersion: string, kind: string) => `---
apiVersion: ${apiVersion}
kind: ${kind}
metadata: { name: a }
`;
const said = (text: string) => diagnosticsOf(text).map(({ code, help }) => [code, help]);

describe('objects of kinds that are not read', () => {
  it.each([
    ['networking.k8s.io', 'NetworkPolicy', 'networking.k8s.io/v1'],
    ['v1', 'NetworkPolicy', 'networking.k8s.io/v1'],
    ['apps/v1', 'NetworkPolicy', 'networking.k8s.io/v1'],
    ['policy.networking.k8s.io/v1alpha2', 'NetworkPolicy', 'networking.k8s.io/v1'],
    ['networkin.k8s.io/v1', 'NetworkPolicy', 'networking.k8s.io/v1'],
    ['networking.kubernetes.io/v1', 'NetworkPolicy', 'networking.k8s.io/v1'],
    ['networking.k8s.io/v1', 'networkpolicy', 'networking.k8s.io/v1'],
    ['networking.k8s.io/v1', 'NetworkPolicys', 'networking.k8s.io/v1'],
    ['networking.k8s.io/v1', 'NetworkPolicies', 'networking.k8s.io/v1'],
    ['networking.k8s.io/v1', 'ClusterNetworkPolicy', 'policy.networking.k8s.io/v1alpha2'],
    [
      'policy.networking.k8s.io/v1alpha2',
      'ClusterNetworkPolicies',
      'policy.networking.k8s.io/v1alpha2',
    ],
    ['apps/v1', 'Deploymnet', 'apps/v1'],
    ['v1', 'Deployment', 'apps/v1'],
    ['apps/v1', 'Pod', 'v1'],
  ])('are errors if a slip keeps them from being read: %s %s', (apiVersion, kind, meant) => {
    const [[code, help] = [], ...more] = said(object(apiVersion, kind));
    expect(code).toBe('E142');
    expect(help).toContain(`apiVersion: ${meant}?`);
    expect(more).toEqual([]);
  });

  it.each([
    ['crd.projectcalico.org/v1', 'NetworkPolicy'],
    ['projectcalico.org/v3', 'GlobalNetworkPolicy'],
    ['crd.antrea.io/v1beta1', 'ClusterNetworkPolicy'],
    ['cilium.io/v2', 'CiliumNetworkPolicy'],
    ['cilium.io/v2', 'CiliumClusterwideNetworkPolicy'],
    ['networking.gke.io/v1alpha1', 'FQDNNetworkPolicy'],
  ])('are warned of if they are policies of other products: %s %s', (apiVersion, kind) => {
    const twice = diagnosticsOf(object(apiVersion, kind) + object(apiVersion, kind));
    expect(twice.map(({ code, message }) => [code, message])).toEqual([
      ['W309', `${kind} of ${apiVersion} (2 objects) is not evaluated`],
    ]);
  });

  it.each([
    ['v1', 'ServiceAccount'],
    ['v1', 'PodTemplate'],
    ['v1', 'Endpoints'],
    ['apps/v1', 'ControllerRevision'],
    ['networking.k8s.io/v1', 'ServiceCIDR'],
    ['networking.k8s.io/v1', 'Ingress'],
    ['rbac.authorization.k8s.io/v1', 'Role'],
    ['coordination.k8s.io/v1', 'Lease'],
    ['storage.k8s.io/v1', 'CSINode'],
    ['metrics.k8s.io/v1beta1', 'PodMetrics'],
    ['apiregistration.k8s.io/v1', 'APIService'],
    ['admissionregistration.k8s.io/v1', 'MutatingAdmissionPolicy'],
    ['policy/v1beta1', 'PodSecurityPolicy'],
    ['serving.knative.dev/v1', 'Service'],
    ['batch.volcano.sh/v1alpha1', 'Job'],
    ['jobset.x-k8s.io/v1alpha2', 'JobSet'],
    ['knetsim.dev/v1', 'AllowList'],
  ])('are of no matter otherwise: %s %s', (apiVersion, kind) => {
    expect(said(object(apiVersion, kind))).toEqual([]);
  });

  it('are spoken of once for each kind, however many there are', () => {
    const many = Array.from({ length: 100 }, () => object('v1', 'NetworkPolicy')).join('');
    expect(diagnosticsOf(many)).toHaveLength(1);
  });
});
