/** What the manual of one release of OpenShift says of host-network pods; of no other cluster. */
import type { PolicyEngine } from './policy-engine.ts';

export const openshift: PolicyEngine = {
  title: 'OpenShift 4.18',
  differences: [
    {
      name: 'hostNetworkPeers',
      value: 'withEmptyPodSelector',
      about:
        'host-network pods are peers of a namespaceSelector with an explicit empty podSelector',
      source: 'docs.redhat.com, OpenShift Container Platform 4.18, Network policy',
    },
  ],
  ignores: [
    'Our reading: nothing is known from it about OVN-Kubernetes elsewhere, or other releases',
  ],
};
