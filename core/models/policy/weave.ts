/** Weave Net's policy controller, archived in 2022. */
import type { PolicyEngine } from './policy-engine.ts';

export const weave: PolicyEngine = {
  title: 'Weave Net',
  differences: [],
  ignores: ['The project is archived; nothing of it was checked on a current cluster'],
};
