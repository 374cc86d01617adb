/** kubenet: a bridge and host-local addresses, without policy. */
import type { PolicyEngine } from './policy-engine.ts';

export const kubenet: PolicyEngine = {
  title: 'kubenet',
  differences: [
    {
      name: 'enforces',
      value: false,
      about: 'no policy is enforced',
      source:
        'its plug-ins bridge and host-local filter nothing: containernetworking/plugins @3d27709faa',
    },
  ],
  ignores: [],
};
