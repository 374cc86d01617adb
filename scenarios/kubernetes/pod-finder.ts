/** Which pods of a world a subject or peer finds; what many policies ask alike is looked for once. */
import type {
  ContainerPort,
  LabelSelector,
  PodEntity,
  PolicyNamespace,
  PolicyWorld,
} from '../../core/policy/objects.ts';
import { LabelIndex } from './label-selector.ts';
import type { EntitySource } from './policy-input.ts';

/** Pods of one namespace, or of those selected, that the pod selector selects. */
export interface PodQuery {
  readonly namespaces: string | LabelSelector;
  readonly podSelector: LabelSelector;
}

interface FoundPod extends Omit<PodEntity, 'kind'> {
  /** Of the object it was read from. */
  readonly kind: string;
}

export class PodFinder {
  /** All that selectors can find. */
  readonly pods: readonly FoundPod[];
  readonly #hostPods: readonly FoundPod[];
  readonly #index: LabelIndex;
  readonly #hostIndex: LabelIndex;
  readonly #namespaces: readonly PolicyNamespace[];
  readonly #namespaceIndex: LabelIndex;
  readonly #byNamespaceSelector = new Map<string, ReadonlySet<string>>();
  readonly #findsAny = new Map<string, boolean>();
  readonly #ports = new Map<string, readonly ContainerPort[]>();

  constructor(world: PolicyWorld, sources: readonly EntitySource[]) {
    const pods = world.entities.flatMap((entity, index) =>
      entity.kind === 'pod' ? [{ ...entity, kind: sources[index]!.kind }] : [],
    );
    this.pods = pods.filter(({ hostNetwork }) => !hostNetwork);
    this.#hostPods = pods.filter(({ hostNetwork }) => hostNetwork);
    this.#index = new LabelIndex(this.pods);
    this.#hostIndex = new LabelIndex(this.#hostPods);
    this.#namespaces = world.namespaces;
    this.#namespaceIndex = new LabelIndex(
      world.namespaces.map(({ labels }) => ({ namespace: '', labels })),
    );
  }

  findsAny(query: PodQuery): boolean {
    return once(this.#findsAny, query, () => first(this.#find(query, this.#index)) !== undefined);
  }

  /** A pod that has the labels and is found by nobody. */
  firstOnHost(query: PodQuery): FoundPod | undefined {
    const found = first(this.#find(query, this.#hostIndex));
    return found === undefined ? undefined : this.#hostPods[found];
  }

  /** Names of those selected. */
  namespaces(selector: LabelSelector): ReadonlySet<string> {
    return once(this.#byNamespaceSelector, selector, () => {
      const chosen = [...this.#namespaceIndex.selected('', selector)];
      return new Set(chosen.map((index) => this.#namespaces[index]!.name));
    });
  }

  /** Distinct names and protocols. */
  portsOf(query: PodQuery): readonly ContainerPort[] {
    return once(this.#ports, query, () => {
      const ports = new Map<string, ContainerPort>();
      for (const index of this.#find(query, this.#index)) {
        for (const port of this.pods[index]!.ports) {
          ports.set(`${port.name} ${port.protocol}`, port);
        }
      }
      return [...ports.values()];
    });
  }

  #find({ namespaces, podSelector }: PodQuery, index: LabelIndex): Generator<number> {
    const chosen = typeof namespaces === 'string' ? namespaces : this.namespaces(namespaces);
    return index.selected(chosen, podSelector);
  }
}

/** What was made for an equal question before, or is made now. */
function once<T>(known: Map<string, T>, question: PodQuery | LabelSelector, make: () => T): T {
  const key = JSON.stringify(question);
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = make();
  known.set(key, made);
  return made;
}

function first(found: Generator<number>): number | undefined {
  for (const one of found) return one;
  return undefined;
}
