/** Cilium up to 1.14, which accepted endPort and did not honour it. */
import { cilium } from './cilium.ts';
import type { PolicyEngine } from './policy-engine.ts';

export const cilium114: PolicyEngine = {
  title: 'Cilium up to 1.14',
  differences: [
    ...cilium.differences,
    {
      name: 'endPortHonoured',
      value: false,
      about: 'endPort is not honoured',
      source: 'cilium issue 28684',
    },
  ],
  ignores: [
    ...cilium.ignores,
    'Our reading: a range of ports is then its first port alone; the issue says only that the rest is not honoured',
    'Our reading: address ranges miss pods and nodes as in current releases, whose documentation is what was read',
  ],
};
