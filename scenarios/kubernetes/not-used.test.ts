import { describe, expect, it } from 'vitest';
import { notUsed } from './not-used.ts';

const meaning = (apiVersion: string, kind: string) => notUsed([{ apiVersion, kind }])[0]!;

describe('kinds that are not read', () => {
  it.each([
    ['v1', 'ServiceAccount'],
    ['v1', 'ConfigMap'],
    ['rbac.authorization.k8s.io/v1', 'ClusterRole'],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
    ['policy/v1', 'PodDisruptionBudget'],
    ['monitoring.coreos.com/v1', 'ServiceMonitor'],
  ])('are of no matter where they run no pods: %s %s', (apiVersion, kind) => {
    expect(meaning(apiVersion, kind)).toMatchObject({
      known: true,
      why: 'no verdict depends on it',
    });
  });

  it.each([
    ['monitoring.coreos.com/v1', 'Prometheus'],
    ['argoproj.io/v1alpha1', 'Rollout'],
    ['cluster.x-k8s.io/v1beta1', 'Machine'],
  ])('may create pods where nobody knows them: %s %s', (apiVersion, kind) => {
    expect(meaning(apiVersion, kind)).toMatchObject({ known: false });
  });

  it('decide about traffic where they are policies of others', () => {
    expect(meaning('cilium.io/v2', 'CiliumNetworkPolicy').why).toContain('not evaluated');
    expect(meaning('security.istio.io/v1', 'AuthorizationPolicy').why).toContain('not evaluated');
  });

  it('are counted by version and kind, in the order of their first', () => {
    const [secret, rollout] = [
      { apiVersion: 'v1', kind: 'Secret' },
      { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' },
    ];
    const counts = notUsed([secret, rollout, secret]).map(({ kind, count }) => [kind, count]);
    expect(counts).toEqual([
      ['Secret', 2],
      ['Rollout', 1],
    ]);
  });
});
