/**
 * No engine but a reading: the Kubernetes concept page, which exempts traffic between a pod and its
 * node both ways, where types.go has the clause for ingress alone.
 */
import type { PolicyEngine } from './policy-engine.ts';

export const kubernetesDocs: PolicyEngine = {
  title: 'the Kubernetes concept page',
  differences: [
    {
      name: 'ownNodeReachable',
      value: true,
      about: 'a pod always reaches its own node',
      source: 'kubernetes/website, concepts/services-networking/network-policies.md @0189ae0f6b',
    },
  ],
  ignores: [],
};
