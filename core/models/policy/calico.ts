/** Calico, whatever its dataplane. */
import type { PolicyEngine } from './policy-engine.ts';

export const calico: PolicyEngine = {
  title: 'Calico',
  differences: [],
  ignores: [
    'Felix drops traffic from a pod to its own host by default (DefaultEndpointToHostAction), policy or not',
    'Calico’s own GlobalNetworkPolicy, tiers and host endpoints',
  ],
};
