/** kube-router's network policy controller. */
import type { PolicyEngine } from './policy-engine.ts';

export const kubeRouter: PolicyEngine = {
  title: 'kube-router',
  differences: [],
  ignores: [
    'A new pod is open until the next full sync: a matter of time, not of meaning [cloudnativelabs/kube-router pkg/controllers/netpol/network_policy_controller.go @7c2c2779e3]',
  ],
};
