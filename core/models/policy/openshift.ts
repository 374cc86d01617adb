/** OVN-Kubernetes as OpenShift ships it. */
import type { PolicyEngine } from './policy-engine.ts';

export const openshift: PolicyEngine = {
  title: 'OpenShift (OVN-Kubernetes)',
  differences: [
    {
      name: 'hostNetworkPeers',
      value: 'withEmptyPodSelector',
      about:
        'host-network pods are peers of a namespaceSelector with an explicit empty podSelector',
      source: 'docs.redhat.com, OpenShift Container Platform 4.18, Network policy',
    },
  ],
  ignores: [],
};
