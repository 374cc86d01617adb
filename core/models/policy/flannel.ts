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
  ignores: ['The optional kube-network-policies container (since 0.25.5)'],
};
