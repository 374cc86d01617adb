/** Weave Net's policy controller, archived in 2022. */
import type { PolicyEngine } from './policy-engine.ts';

export const weave: PolicyEngine = {
  title: 'Weave Net',
  differences: [],
  ignores: [
    'The project is archived [weaveworks/weave @8c8476381d]',
    'Our reading: no difference was found in its text; nothing was checked on a current cluster',
  ],
};
