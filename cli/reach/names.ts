/**
 * What entities, ports and deciding rules are called: on the command line, in tables and in JSON.
 * A pod is `namespace/name`, a node `node/name`, an outside address itself; a port is TCP unless
 * it says otherwise.
 */
import type { Direction, Entity, Policy, Protocol } from '../../core/policy/objects.ts';
import type { Decision } from '../../core/policy/verdict.ts';

export const LAST_PORT = 65_535;

export interface Port {
  readonly port: number;
  readonly protocol: Protocol;
}

export function entityName(entity: Entity): string {
  if (entity.kind === 'pod') return `${entity.namespace}/${entity.name}`;
  return entity.kind === 'node' ? `node/${entity.name}` : entity.name;
}

/** `8080`, `53/UDP`. */
export function portName({ port, protocol }: Port): string {
  return protocol === 'TCP' ? String(port) : `${port}/${protocol}`;
}

/** `shop/cart:8080`, `node/n1:53/UDP`, `[2001:db8::1]:80`. */
export function targetName(entity: Entity, port: Port): string {
  const name = entityName(entity);
  return `${entity.kind === 'ip' && name.includes(':') ? `[${name}]` : name}:${portName(port)}`;
}

/** The same with the protocol, whatever it is. */
export function fullTargetName(entity: Entity, { port, protocol }: Port): string {
  return `${targetName(entity, { port, protocol: 'TCP' })}/${protocol}`;
}

/** `NetworkPolicy shop/cart`, `ClusterNetworkPolicy base`. */
export function policyName(policy: Policy): string {
  return policy.kind === 'NetworkPolicy'
    ? `${policy.kind} ${policy.namespace}/${policy.name}`
    : `${policy.kind} ${policy.name}`;
}

/** As JSON has it: `shop/cart ingress[0]`, `ClusterNetworkPolicy/base egress[1]`. */
export function decisionName({ policy, rule }: Decision, direction: Direction): string {
  const name =
    policy.kind === 'NetworkPolicy'
      ? `${policy.namespace}/${policy.name}`
      : `${policy.kind}/${policy.name}`;
  return `${name} ${ruleName(direction, rule)}`;
}

/** `ingress[0]`, or `ingress` for the policy as a whole. */
export function ruleName(direction: Direction, rule: number | undefined): string {
  return rule === undefined ? direction : `${direction}[${rule}]`;
}

export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
