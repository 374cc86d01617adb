/** The API's own text, without any engine's habits: the default. */
import type { PolicyEngine } from './policy-engine.ts';

export const literal: PolicyEngine = {
  title: 'the text of the API',
  differences: [],
  ignores: [
    'Our reading: what the API leaves open is decided in docs/models/policy.md, once for all engines',
  ],
};
