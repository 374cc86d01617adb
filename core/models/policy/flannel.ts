/** Flannel alone, which accepts policies as any cluster does and enforces none. */
import type { PolicyEngine } from './policy-engine.ts';

export const flannel: PolicyEngine = {
  title: 'Flannel',
  differences: [
    {
      name: 'enforces',
      value: false,
      about: 'no policy is enforced',
      source: 'flannel-io/flannel Documentation @cdf760595c',
    },
  ],
  ignores: [
    'Since 0.25.5 a container with kube-network-policies can be added, which enforces [flannel-io/flannel Documentation @cdf760595c]',
  ],
};
