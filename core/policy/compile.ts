/**
 * Policies compiled: entities that no policy tells apart are one class, and a verdict is two table
 * look-ups and a search among a few port ranges. Entities go by their index in the world; a change of
 * one is a change of its class and touches nothing else. What is not here: when a policy is enforced
 * (static meaning only), and replies (admitted with their connection).
 */
import { assert } from '../assert.ts';
import { type CompiledPolicy, compilePolicy } from './compiled-policy.ts';
import { DirectionTable } from './direction-table.ts';
import {
  type Address,
  type Direction,
  type Entity,
  type Labels,
  namespaceLabels,
  type Policy,
  type PolicyWorld,
  type Protocol,
} from './objects.ts';
import { PortSets, portCode } from './port-set.ts';
import { NO_TERM } from './predicates.ts';
import { decide } from './profile.ts';
import { countReachablePairs } from './reachable-pairs.ts';
import { literalText, type PolicySwitches } from './switches.ts';
import { EntityTraits, isSubject, type NamespaceState, NO_TRAITS } from './traits.ts';
import type { DirectionVerdict, Verdict } from './verdict.ts';

/** Sizes of the compiled form; ids are counted as long as the tables live, used or not. */
export interface CompiledCounts {
  /** Of live entities. */
  readonly entities: number;
  /** Distinct questions policies ask. */
  readonly predicates: number;
  readonly profiles: Readonly<Record<Direction, number>>;
  readonly classes: Readonly<Record<Direction, number>>;
  /** Pairs of profile and class asked so far. */
  readonly tableEntries: Readonly<Record<Direction, number>>;
  /** Distinct sets of ports that are a verdict. */
  readonly portSets: number;
}

export class CompiledPolicies {
  readonly switches: PolicySwitches;
  /** By index; undefined where one was removed. */
  private readonly live: (Entity | undefined)[] = [];
  private readonly free: number[] = [];
  private readonly traits: EntityTraits;
  private readonly portSets = new PortSets();
  /** By id, in the order in which they came; undefined where one was removed. */
  private readonly policies: (CompiledPolicy | undefined)[] = [];
  private readonly policyIds = new Map<string, number>();
  private readonly egress: DirectionTable;
  private readonly ingress: DirectionTable;

  constructor(world: PolicyWorld, switches: PolicySwitches = literalText) {
    this.switches = switches;
    this.traits = new EntityTraits(switches);
    const table = (direction: Direction) =>
      new DirectionTable(direction, this.traits, this.portSets, this.policies);
    this.egress = table('egress');
    this.ingress = table('ingress');
    for (const policy of world.networkPolicies) this.compile(policy);
    for (const policy of world.clusterPolicies) this.compile(policy);
    for (const { name, labels } of world.namespaces) this.traits.setNamespace(name, labels);
    for (const entity of world.entities) {
      if (entity.kind === 'node') this.traits.nodes.setLabels(entity.name, entity.labels);
    }
    this.reserve(world.entities.length);
    for (const entity of world.entities) this.addEntity(entity);
  }

  /** Whether the connection may be opened: egress of `from` and ingress of `to`. */
  connects(from: number, to: number, protocol: Protocol, port: number): boolean {
    return this.connectsTo(from, to, portCode(protocol, port));
  }

  /** The same of a `portCode`: integers alone, and no allocation once the classes have met. */
  connectsTo(from: number, to: number, code: number): boolean {
    return this.egressAdmits(from, to, code) && this.ingressAdmits(from, to, code);
  }

  egressAllows(from: number, to: number, protocol: Protocol, port: number): boolean {
    return this.egressAdmits(from, to, portCode(protocol, port));
  }

  ingressAllows(from: number, to: number, protocol: Protocol, port: number): boolean {
    return this.ingressAdmits(from, to, portCode(protocol, port));
  }

  egressAdmits(from: number, to: number, code: number): boolean {
    if (from === to) return true;
    if (this.switches.ownNodeReachable && this.traits.nodes.isOwnNode(from, to)) return true;
    return this.egress.admits(from, to, code);
  }

  ingressAdmits(from: number, to: number, code: number): boolean {
    if (from === to) return true;
    if (this.switches.ownNodeAdmitted && this.traits.nodes.isOwnNode(to, from)) return true;
    return this.ingress.admits(to, from, code);
  }

  /** The same verdict with all rules that made it. */
  explain(from: number, to: number, protocol: Protocol, port: number): Verdict {
    const code = portCode(protocol, port);
    const egress = this.explainDirection(this.egress, from, to, code);
    const ingress = this.explainDirection(this.ingress, to, from, code);
    return { allowed: egress.allowed && ingress.allowed, egress, ingress };
  }

  /**
   * Entities with the same answer are alike to every policy, as sources and as destinations: only being
   * the same entity, or on the node asked from, tells them apart. Holds until the next change.
   */
  likeness(index: number): string {
    const { egress, ingress } = this;
    const of = (table: DirectionTable) => `${table.profiles[index]} ${table.classes[index]}`;
    return `${of(egress)} ${of(ingress)}`;
  }

  /** @throws if the entity was removed */
  entity(index: number): Entity {
    const entity = this.live[index];
    assert(entity !== undefined, `no entity ${index}`);
    return entity;
  }

  /** Returns its index: of an entity that was removed, or the next. */
  addEntity(entity: Entity): number {
    const index = this.free.pop() ?? this.live.length;
    this.reserve(index + 1);
    this.live[index] = entity;
    this.traits.nodes.place(index, entity);
    if (entity.kind === 'pod') this.traits.namespace(entity.namespace).pods.add(index);
    this.classify(index, entity);
    if (entity.kind === 'node') this.setNodeLabels(entity.name, entity.labels);
    return index;
  }

  /** Nothing may be asked of the index until it is given out again. */
  removeEntity(index: number): void {
    const entity = this.entity(index);
    this.live[index] = undefined;
    this.free.push(index);
    this.traits.nodes.remove(index, entity);
    this.egress.classify(index, NO_TRAITS, false);
    this.ingress.classify(index, NO_TRAITS, false);
    if (entity.kind === 'pod') this.traits.namespace(entity.namespace).pods.delete(index);
    if (entity.kind === 'node') this.setNodeLabels(entity.name, undefined);
  }

  /** Of a pod or a node. Costs one classification; of a node, those of its host-network pods too. */
  setLabels(index: number, labels: Labels): void {
    const entity = this.entity(index);
    assert(entity.kind !== 'ip', 'an outside address has no labels');
    this.replace(index, { ...entity, labels });
    if (entity.kind === 'node') this.setNodeLabels(entity.name, labels);
  }

  setAddresses(index: number, addresses: readonly Address[]): void {
    this.replace(index, { ...this.entity(index), addresses });
  }

  /** Adds the automatic label. Costs one classification for each pod of the namespace. */
  setNamespaceLabels(name: string, labels: Labels): void {
    const state = this.traits.setNamespace(name, namespaceLabels(name, labels));
    this.classifyPods(state);
  }

  /**
   * The policy comes last in the order of the world. Costs a look at every namespace, and one
   * classification for each pod in a namespace that its subject reaches or in which it asks something
   * new; for every entity if it is the first to ask for an address block, nodes or a port's name.
   * @throws if a policy of its kind, namespace and name is there
   */
  addPolicy(policy: Policy): void {
    const { reach, everything } = this.compile(policy);
    this.traits.refresh();
    this.classifyReach(reach, everything);
  }

  /**
   * By kind, namespace and name; does nothing if there is none. Costs one classification for each pod
   * in a namespace that its subject reaches. What only this policy asked still tells classes apart.
   */
  removePolicy(policy: Policy): void {
    const key = keyOf(policy);
    const id = this.policyIds.get(key);
    if (id === undefined) return;
    const compiled = this.policies[id]!;
    this.policyIds.delete(key);
    this.policies[id] = undefined;
    this.egress.removePolicy(id, compiled);
    this.ingress.removePolicy(id, compiled);
    this.classifyReach(new Set([this.traits.predicates.termOf(compiled.subject)]), false);
  }

  /**
   * Ordered pairs of distinct pods (host-network pods among them) of which the first may open a
   * connection to the second: on this port of this protocol, whether anything listens there or not.
   * The share that the metric `reachablePairs` speaks of is over `podPairs`.
   */
  reachablePairs(protocol: Protocol, port: number): number {
    return this.countPairs(portCode(protocol, port));
  }

  /** The same on at least one of the container ports the second has; a pod without any is reached by none. */
  reachablePairsOnOwnPorts(): number {
    return this.countPairs(undefined);
  }

  /** Ordered pairs of distinct pods. */
  podPairs(): number {
    let pods = 0;
    for (const { pods: inside } of this.traits.namespaces.values()) pods += inside.size;
    return pods * (pods - 1);
  }

  counts(): CompiledCounts {
    const { egress, ingress } = this;
    return {
      entities: this.live.length - this.free.length,
      predicates: this.traits.predicates.size,
      profiles: { egress: egress.profileCount, ingress: ingress.profileCount },
      classes: { egress: egress.classCount, ingress: ingress.classCount },
      tableEntries: { egress: egress.entries, ingress: ingress.entries },
      portSets: this.portSets.size,
    };
  }

  private countPairs(code: number | undefined): number {
    const pods = this.live.flatMap((entity, index) =>
      entity?.kind === 'pod' ? [{ index, ports: entity.ports }] : [],
    );
    return countReachablePairs(pods, this.egress, this.ingress, this.portSets, code, (count) =>
      this.eachOwnNodePair(count),
    );
  }

  /** Every ordered pair of a pod and a pod on the network of its node that own-node traffic exempts. */
  private eachOwnNodePair(of: (from: number, to: number, direction: Direction) => void): void {
    const { ownNodeAdmitted, ownNodeReachable } = this.switches;
    for (const [pod, entity] of this.live.entries()) {
      if (entity?.kind !== 'pod' || entity.hostNetwork || entity.node === null) continue;
      for (const host of this.traits.nodes.hostPodsOf(entity.node)) {
        if (ownNodeAdmitted) of(host, pod, 'ingress');
        if (ownNodeReachable) of(pod, host, 'egress');
      }
    }
  }

  private explainDirection(
    table: DirectionTable,
    subject: number,
    peer: number,
    code: number,
  ): DirectionVerdict {
    const { direction } = table;
    const free = (reason: DirectionVerdict['reason']): DirectionVerdict => ({
      direction,
      allowed: true,
      reason,
      by: [],
      passed: [],
    });
    const { enforces, ownNodeAdmitted, ownNodeReachable } = this.switches;
    const entity = this.entity(subject);
    this.entity(peer);
    if (subject === peer) return free('loopback');
    if (!enforces || !isSubject(entity)) return free('unpoliced');
    const isOpen = direction === 'ingress' ? ownNodeAdmitted : ownNodeReachable;
    if (isOpen && this.traits.nodes.isOwnNode(subject, peer)) return free('ownNode');
    const profile = table.profiles[subject]!;
    const view = table.view(profile, table.classes[peer]!);
    return { direction, ...decide(table.profile(profile), view, this.traits.portNames, code) };
  }

  /** Returns the namespace terms of pods whose class changes, and whether anything else's does. */
  private compile(policy: Policy): { reach: Set<number>; everything: boolean } {
    const compiled = compilePolicy(policy, this.traits.predicates, this.switches);
    const id = this.policies.push(compiled) - 1;
    this.policyIds.set(keyOf(policy), id);
    let everything = false;
    for (const { names } of [...(compiled.rules.ingress ?? []), ...(compiled.rules.egress ?? [])]) {
      for (const { name } of names) if (this.traits.portNames.mention(name)) everything = true;
    }
    const asked = [...this.egress.addPolicy(id, compiled), ...this.ingress.addPolicy(id, compiled)];
    const reach = new Set(
      [compiled.subject, ...asked].map((of) => this.traits.predicates.termOf(of)),
    );
    return { reach, everything: everything || reach.has(NO_TERM) };
  }

  private classifyReach(reach: ReadonlySet<number>, everything: boolean): void {
    for (const state of this.traits.namespaces.values()) {
      if (everything) continue;
      const terms = this.traits.predicates.list(state.namespaceClass);
      if (terms.some((term) => reach.has(term))) this.classifyPods(state);
    }
    if (!everything) return;
    for (const [index, entity] of this.live.entries()) {
      if (entity !== undefined) this.classify(index, entity);
    }
  }

  private classifyPods({ pods }: NamespaceState): void {
    for (const index of pods) this.classify(index, this.live[index]!);
  }

  private classify(index: number, entity: Entity): void {
    const traits = this.traits.of(entity);
    const canBeSubject = this.switches.enforces && isSubject(entity);
    this.egress.classify(index, traits, canBeSubject);
    this.ingress.classify(index, traits, canBeSubject);
  }

  private replace(index: number, entity: Entity): void {
    this.live[index] = entity;
    this.classify(index, entity);
  }

  private setNodeLabels(node: string, labels: Labels | undefined): void {
    this.traits.nodes.setLabels(node, labels);
    for (const index of this.traits.nodes.hostPodsOf(node)) this.classify(index, this.live[index]!);
  }

  private reserve(entities: number): void {
    this.egress.reserve(entities);
    this.ingress.reserve(entities);
    this.traits.nodes.reserve(entities);
  }
}

function keyOf(policy: Policy): string {
  return policy.kind === 'NetworkPolicy'
    ? `NetworkPolicy ${policy.namespace}/${policy.name}`
    : `${policy.kind} ${policy.name}`;
}
