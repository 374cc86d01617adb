/** Which pods of a world a subject or peer finds, without keeping long lists of them. */
import type {
  ContainerPort,
  LabelSelector,
  PodEntity,
  PolicyNamespace,
  PolicyWorld,
} from '../../core/policy/objects.ts';
import { LabelIndex, selects } from './label-selector.ts';
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
  readonly #namespaces: readonly PolicyNamespace[];
  readonly #network: PodSet;
  readonly #host: PodSet;
  readonly #firsts = new Map<string, FoundPod | undefined>();
  readonly #ports = new Map<string, readonly ContainerPort[]>();

  constructor(world: PolicyWorld, sources: readonly EntitySource[]) {
    const pods = world.entities.flatMap((entity, index) =>
      entity.kind === 'pod' ? [{ ...entity, kind: sources[index]!.kind }] : [],
    );
    this.#namespaces = world.namespaces;
    this.#network = new PodSet(pods.filter(({ hostNetwork }) => !hostNetwork));
    this.#host = new PodSet(pods.filter(({ hostNetwork }) => hostNetwork));
  }

  /** All that selectors can find. */
  get pods(): readonly FoundPod[] {
    return this.#network.pods;
  }

  findsAny(query: PodQuery): boolean {
    const key = JSON.stringify(query);
    if (!this.#firsts.has(key)) this.#firsts.set(key, firstOf(this.#found(query, this.#network)));
    return this.#firsts.get(key) !== undefined;
  }

  /** A pod that has the labels and is found by nobody. */
  firstOnHost(query: PodQuery): FoundPod | undefined {
    return firstOf(this.#found(query, this.#host));
  }

  namespaces(selector: LabelSelector): string[] {
    return this.#namespaces
      .filter(({ labels }) => selects(selector, labels))
      .map(({ name }) => name);
  }

  /** Distinct names and protocols. */
  portsOf(query: PodQuery): readonly ContainerPort[] {
    const key = JSON.stringify(query);
    const known = this.#ports.get(key);
    if (known !== undefined) return known;
    const ports = new Map<string, ContainerPort>();
    for (const pod of this.#found(query, this.#network)) {
      for (const port of pod.ports) ports.set(`${port.name} ${port.protocol}`, port);
    }
    const distinct = [...ports.values()];
    this.#ports.set(key, distinct);
    return distinct;
  }

  *#found({ namespaces, podSelector }: PodQuery, pods: PodSet): Generator<FoundPod> {
    const chosen = typeof namespaces === 'string' ? [namespaces] : this.namespaces(namespaces);
    for (const namespace of chosen) yield* pods.inNamespace(namespace, podSelector);
  }
}

function firstOf<T>(found: Generator<T>): T | undefined {
  for (const one of found) return one;
  return undefined;
}

class PodSet {
  readonly pods: readonly FoundPod[];
  readonly #byNamespace = new Map<string, FoundPod[]>();
  readonly #index: LabelIndex;

  constructor(pods: readonly FoundPod[]) {
    this.pods = pods;
    this.#index = new LabelIndex(pods);
    for (const pod of pods) {
      const found = this.#byNamespace.get(pod.namespace);
      if (found === undefined) this.#byNamespace.set(pod.namespace, [pod]);
      else found.push(pod);
    }
  }

  *inNamespace(namespace: string, selector: LabelSelector): Generator<FoundPod> {
    const { matchLabels } = selector;
    const candidates =
      Object.keys(matchLabels).length === 0
        ? (this.#byNamespace.get(namespace) ?? [])
        : this.#index.matching(namespace, matchLabels).map((index) => this.pods[index]!);
    for (const pod of candidates) if (selects(selector, pod.labels)) yield pod;
  }
}
