/**
 * What policies can know of an entity: which selectors find it, which address blocks hold it, what
 * its ports are called. Namespaces and nodes are kept here because they decide this for their pods. A
 * host-network pod is found as its node, and by the selectors only that look for such pods.
 */

import { NodePlaces } from './node-places.ts';
import { type Entity, type Labels, namespaceLabels } from './objects.ts';
import { NO_NAMES, PortNames } from './port-names.ts';
import { Predicates } from './predicates.ts';
import type { PolicySwitches } from './switches.ts';

export interface Traits {
  /** Lists of `Predicates`: by labels, and by addresses. */
  readonly selected: number;
  readonly addressed: number;
  /** Of `PortNames`. */
  readonly names: number;
}

/** The empty list. */
const NOTHING = 0;
export const NO_TRAITS: Traits = { selected: NOTHING, addressed: NOTHING, names: NO_NAMES };

export interface NamespaceState {
  labels: Labels;
  /** Of `Predicates.namespaceClass`. */
  namespaceClass: number;
  /** Indices of its live pods. */
  readonly pods: Set<number>;
}

export class EntityTraits {
  readonly predicates = new Predicates();
  readonly portNames = new PortNames();
  readonly nodes = new NodePlaces();
  readonly namespaces = new Map<string, NamespaceState>();
  private readonly switches: PolicySwitches;

  constructor(switches: PolicySwitches) {
    this.switches = switches;
  }

  of(entity: Entity): Traits {
    const { predicates, portNames } = this;
    const { ipBlockMatchesNodes, ipBlockMatchesPods } = this.switches;
    const addressed = (isFound: boolean) =>
      isFound ? predicates.ofAddresses(entity.addresses) : NOTHING;
    if (entity.kind === 'ip') return { ...NO_TRAITS, addressed: addressed(true) };
    if (entity.kind === 'node') {
      const selected = predicates.ofNode(entity.labels);
      return { selected, addressed: addressed(ipBlockMatchesNodes), names: NO_NAMES };
    }
    const { namespaceClass } = this.namespace(entity.namespace);
    if (entity.hostNetwork) {
      const selected = predicates.ofHostPod(namespaceClass, this.nodes.labelsOf(entity.node));
      return { selected, addressed: addressed(ipBlockMatchesNodes), names: NO_NAMES };
    }
    return {
      selected: predicates.ofPod(namespaceClass, entity.labels),
      addressed: addressed(ipBlockMatchesPods),
      names: portNames.intern(entity.ports),
    };
  }

  /** A namespace nobody declared has the automatic label alone. */
  namespace(name: string): NamespaceState {
    return this.namespaces.get(name) ?? this.setNamespace(name, namespaceLabels(name, {}));
  }

  /** @param labels with the automatic one */
  setNamespace(name: string, labels: Labels): NamespaceState {
    const namespaceClass = this.predicates.namespaceClass(name, labels);
    const known = this.namespaces.get(name);
    if (known !== undefined) return Object.assign(known, { labels, namespaceClass });
    const state = { labels, namespaceClass, pods: new Set<number>() };
    this.namespaces.set(name, state);
    return state;
  }

  /** To be called when policies ask something new: finds namespaces' classes anew, and forgets pods'. */
  refresh(): void {
    this.predicates.forgetPods();
    for (const [name, { labels }] of this.namespaces) this.setNamespace(name, labels);
  }
}

/** Policies are about pods, and a pod on the host's network acts as its node. */
export function isSubject(entity: Entity): boolean {
  return entity.kind === 'pod' && !entity.hostNetwork;
}
