/** Antrea. */
import type { PolicyEngine } from './policy-engine.ts';

export const antrea: PolicyEngine = {
  title: 'Antrea',
  differences: [],
  ignores: ['Not modelled: Antrea’s own ClusterNetworkPolicy (crd.antrea.io) and tiers'],
};
