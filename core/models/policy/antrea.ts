/** Antrea. */
import type { PolicyEngine } from './policy-engine.ts';

export const antrea: PolicyEngine = {
  title: 'Antrea',
  differences: [],
  ignores: ['Antrea’s own ClusterNetworkPolicy (crd.antrea.io) and tiers'],
};
