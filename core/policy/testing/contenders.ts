/** The two ways to a verdict behind one face, so that a test can hold both to the same answers. */
import { assert } from '../../assert.ts';
import { CompiledPolicies } from '../compile.ts';
import {
  type Address,
  type Entity,
  type Labels,
  type NetworkPolicy,
  namespaceLabels,
  type Policy,
  type PolicyWorld,
} from '../objects.ts';
import { literalText, type PolicySwitches } from '../switches.ts';
import type { Verdict } from '../verdict.ts';
import { decide } from './literal-evaluator.ts';
import type { Service } from './truth-table.ts';

/** Entities by their index in the world. */
export interface Contender {
  verdict(from: number, to: number, service: Service): Verdict;
  setLabels(index: number, labels: Labels): void;
  setNamespaceLabels(name: string, labels: Labels): void;
  /** Behind all others in the order of the world. */
  addPolicy(policy: Policy): void;
  removePolicy(policy: Policy): void;
}

export type Contend = (world: PolicyWorld, switches: PolicySwitches) => Contender;

/** A world that changes; every verdict is found anew from the world as it is. */
export class Literal implements Contender {
  private world: PolicyWorld;
  private readonly switches: PolicySwitches;
  /** Undefined where one was removed. */
  private readonly live: (Entity | undefined)[];

  constructor(world: PolicyWorld, switches: PolicySwitches = literalText) {
    this.world = world;
    this.switches = switches;
    this.live = [...world.entities];
  }

  verdict(from: number, to: number, service: Service): Verdict {
    const { switches, world } = this;
    return decide(world, switches, { from: this.entity(from), to: this.entity(to), ...service });
  }

  indices(): readonly number[] {
    return this.live.flatMap((entity, index) => (entity === undefined ? [] : [index]));
  }

  entity(index: number): Entity {
    const entity = this.live[index];
    assert(entity !== undefined, `no entity ${index}`);
    return entity;
  }

  /** Removes it if there is none to put. */
  putEntity(index: number, entity: Entity | undefined): void {
    this.live[index] = entity;
    this.world = { ...this.world, entities: this.live.filter((one) => one !== undefined) };
  }

  setLabels(index: number, labels: Labels): void {
    const entity = this.entity(index);
    if (entity.kind !== 'ip') this.putEntity(index, { ...entity, labels });
  }

  setAddresses(index: number, addresses: readonly Address[]): void {
    this.putEntity(index, { ...this.entity(index), addresses });
  }

  setNamespaceLabels(name: string, labels: Labels): void {
    const namespaces = this.world.namespaces.map((one) =>
      one.name === name ? { name, labels: namespaceLabels(name, labels) } : one,
    );
    this.world = { ...this.world, namespaces };
  }

  policies(): readonly Policy[] {
    return [...this.world.networkPolicies, ...this.world.clusterPolicies];
  }

  addPolicy(policy: Policy): void {
    this.setPolicies([...this.policies(), policy]);
  }

  removePolicy(policy: Policy): void {
    this.setPolicies(this.policies().filter((one) => one !== policy));
  }

  private setPolicies(policies: readonly Policy[]): void {
    const isOfNamespace = (one: Policy): one is NetworkPolicy => one.kind === 'NetworkPolicy';
    this.world = {
      ...this.world,
      networkPolicies: policies.filter(isOfNamespace),
      clusterPolicies: policies.filter((one) => !isOfNamespace(one)),
    };
  }
}

/** Throws if its quick answers are not those it explains. */
export class Compiled extends CompiledPolicies implements Contender {
  verdict(from: number, to: number, { protocol, port }: Service): Verdict {
    const verdict = this.explain(from, to, protocol, port);
    const { egress, ingress, allowed } = verdict;
    assert(this.egressAllows(from, to, protocol, port) === egress.allowed, 'egress is explained');
    assert(
      this.ingressAllows(from, to, protocol, port) === ingress.allowed,
      'ingress is explained',
    );
    assert(this.connects(from, to, protocol, port) === allowed, 'the connection is explained');
    return verdict;
  }
}

export const CONTENDERS: readonly (readonly [string, Contend])[] = [
  ['the literal evaluator', (world, switches) => new Literal(world, switches)],
  ['the compiled policies', (world, switches) => new Compiled(world, switches)],
];
