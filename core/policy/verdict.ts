/** The answer to "may this connection be opened", and which rule of which policy decided each way. */
import type { Direction, Policy } from './objects.ts';

/** A rule of a policy, or the policy as a whole where it isolates and no rule of it admits. */
export interface Decision {
  readonly policy: Policy;
  /** Index in the policy's list of that direction; undefined for the policy as a whole. */
  readonly rule: number | undefined;
}

/**
 * Why a direction came out as it did.
 * - `unpoliced`: the entity is no pod, or a host-network pod, or nothing is enforced
 * - `loopback`, `ownNode`: always admitted
 * - `notIsolated`: no NetworkPolicy selects the pod for this direction, and no tier decides
 * - `rule`: NetworkPolicy rules admit it, `by` names all that do
 * - `isolated`: NetworkPolicies select the pod and none admits it, `by` names them
 * - `admin`, `baseline`: the first rule of that tier that matches, the one in `by`
 */
export type Reason =
  | 'unpoliced'
  | 'loopback'
  | 'ownNode'
  | 'notIsolated'
  | 'rule'
  | 'isolated'
  | 'admin'
  | 'baseline';

export interface DirectionVerdict {
  readonly direction: Direction;
  readonly allowed: boolean;
  readonly reason: Reason;
  /** In the order of the world's policies, and of the rules in each. */
  readonly by: readonly Decision[];
  /** Pass rules that handed the connection on before, one a tier at most, in the order of the tiers. */
  readonly passed: readonly Decision[];
}

/** A connection is opened only if both directions allow it. */
export interface Verdict {
  readonly allowed: boolean;
  readonly egress: DirectionVerdict;
  readonly ingress: DirectionVerdict;
}
