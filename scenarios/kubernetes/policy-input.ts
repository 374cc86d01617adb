/**
 * What the reading of Kubernetes objects hands to `knetsim reach`: the world that verdicts depend on,
 * and beside it what only people ask for: kinds, Services, and where each policy and rule was written.
 */
import type {
  Direction,
  Labels,
  Policy,
  PolicyWorld,
  Protocol,
} from '../../core/policy/objects.ts';
import type { Diagnostic } from '../diagnostic.ts';

export interface PolicyWorldResult {
  /** In the order of files and lines. */
  readonly diagnostics: readonly Diagnostic[];
  /**
   * Objects that no verdict depends on, by kind and reason, in the order of their first; last those of
   * kinds that are read: pods that have ended, and what is a part of a workload of the input.
   */
  readonly notUsed: readonly NotUsed[];
  /** Absent exactly if a diagnostic is an error. */
  readonly input?: PolicyInput;
}

export interface PolicyInput {
  readonly world: PolicyWorld;
  /** One for each of `world.entities`, in their order. */
  readonly sources: readonly EntitySource[];
  readonly services: readonly PolicyService[];
  readonly places: PolicyPlaces;
}

/** The object an entity was read from. */
export interface EntitySource {
  /** `Pod`, `Deployment`, ..., `Node`: tells a Deployment from a StatefulSet of the same name. */
  readonly kind: string;
  /** The entity of the workload that created this one, directly or through a ReplicaSet or Job. */
  readonly controller: number | undefined;
}

/** A Service as far as it says where a connection ends: policies see the pod and its own port. */
export interface PolicyService {
  readonly namespace: string;
  readonly name: string;
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  /** Its name resolves to its pods, and connections go to the port that the client names. */
  readonly headless: boolean;
  /** Of an ExternalName Service: the name outside that it is an alias of. */
  readonly externalName: string | undefined;
  /** Empty: it selects nothing, and somebody else writes its endpoints. */
  readonly selector: Labels;
  readonly ports: readonly PolicyServicePort[];
  /** Indices in `world.entities` of the pods and workloads it selects, host-network ones included. */
  readonly entities: readonly number[];
}

export interface PolicyServicePort {
  readonly name: string | undefined;
  readonly protocol: Protocol;
  readonly port: number;
  /** A name is resolved on each pod apart, and must agree on the protocol. */
  readonly targetPort: number | string;
}

/** Where the policies of the world were written; they are known by identity, not by name. */
export interface PolicyPlaces {
  readonly policy: (policy: Policy) => SourcePlace;
  readonly rule: (policy: Policy, direction: Direction, rule: number) => SourcePlace;
}

export interface SourcePlace {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export interface NotUsed {
  readonly apiVersion: string;
  readonly kind: string;
  readonly count: number;
  /** Whether it is known to run no pods of its own. */
  readonly known: boolean;
  /** What that means for the answers. */
  readonly why: string;
}

export interface ManifestText {
  readonly name: string;
  readonly text: string;
}
