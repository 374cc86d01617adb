/** Look-up over the policy engines of `index.ts`. */
import * as engines from './index.ts';
import type { PolicyEngine } from './policy-engine.ts';

const byId = new Map<string, PolicyEngine>(Object.entries(engines));

/** Ids of the policy engines in alphabetical order, as `--engine` takes them. */
export const policyEngineIds: readonly string[] = [...byId.keys()].sort();

/** The engine of an id such as `cilium-1.14`; throws a RangeError for one that is not listed. */
export function policyEngine(id: string): PolicyEngine {
  const engine = byId.get(id);
  if (!engine) throw new RangeError(`no policy engine ${id}; known: ${policyEngineIds.join(', ')}`);
  return engine;
}
