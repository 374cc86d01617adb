/**
 * Where pods are: the node each runs on, which entities send as a node (the node, and pods on its
 * network), and the labels of nodes. By this alone traffic from a pod's own node is told from other.
 */
import { TextInterner } from './interners.ts';
import type { Entity, Labels } from './objects.ts';

/** Numbers that no node has, and that differ, so that two unknowns are never one node. */
const ACTS_AS_NONE = -1;
const RUNS_ON_NONE = -2;

export class NodePlaces {
  private readonly ids = new TextInterner();
  private readonly labels = new Map<string, Labels>();
  private readonly hostPods = new Map<string, Set<number>>();
  /** By entity. */
  private runsOn = new Int32Array(0);
  private actsAs = new Int32Array(0);

  /** Whether `peer` is the node on which the pod `subject` runs, or acts as it. */
  isOwnNode(subject: number, peer: number): boolean {
    return this.actsAs[peer] === this.runsOn[subject];
  }

  /** Of the node of that name; undefined if the world has none. */
  labelsOf(node: string | null): Labels | undefined {
    return node === null ? undefined : this.labels.get(node);
  }

  setLabels(node: string, labels: Labels | undefined): void {
    if (labels === undefined) this.labels.delete(node);
    else this.labels.set(node, labels);
  }

  /** Pods on the network of the node. */
  hostPodsOf(node: string): Iterable<number> {
    return this.hostPods.get(node) ?? [];
  }

  /** Room for entities below this number. */
  reserve(entities: number): void {
    if (entities <= this.runsOn.length) return;
    const grown = (old: Int32Array) => {
      const array = new Int32Array(Math.max(entities, 2 * old.length));
      array.set(old);
      return array;
    };
    this.runsOn = grown(this.runsOn);
    this.actsAs = grown(this.actsAs);
  }

  place(index: number, entity: Entity): void {
    this.forget(index);
    if (entity.kind === 'node') {
      this.actsAs[index] = this.ids.intern(entity.name);
      return;
    }
    if (entity.kind === 'ip' || entity.node === null) return;
    const node = this.ids.intern(entity.node);
    if (!entity.hostNetwork) {
      this.runsOn[index] = node;
      return;
    }
    this.actsAs[index] = node;
    const others = this.hostPods.get(entity.node);
    if (others === undefined) this.hostPods.set(entity.node, new Set([index]));
    else others.add(index);
  }

  remove(index: number, entity: Entity): void {
    this.forget(index);
    if (entity.kind === 'pod' && entity.node !== null) {
      this.hostPods.get(entity.node)?.delete(index);
    }
  }

  private forget(index: number): void {
    this.runsOn[index] = RUNS_ON_NONE;
    this.actsAs[index] = ACTS_AS_NONE;
  }
}
