/** Calico, whatever its dataplane. */
import type { PolicyEngine } from './policy-engine.ts';

export const calico: PolicyEngine = {
  title: 'Calico',
  differences: [],
  ignores: [
    'Felix drops traffic from a pod to its own host by default (DefaultEndpointToHostAction), policy or not [projectcalico/calico felix/docs/config-params.json @87c15906f2]',
    'Not modelled: Calico’s own GlobalNetworkPolicy, tiers and host endpoints',
  ],
};
