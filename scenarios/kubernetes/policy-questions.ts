/** What policies ask of the pods of a cluster: whom they are about, their peers, named ports. */
import type { ClusterPolicy, Direction, NetworkPolicy } from '../../core/policy/objects.ts';
import type { Path } from '../origins.ts';
import { dialects } from './cluster-policy-dialects.ts';
import type { FieldReader } from './field-reader.ts';
import type { PodQuery } from './pod-finder.ts';
import { sideOf } from './read-network-policy.ts';
import { everything } from './read-selector.ts';

/** A policy with what it was read from. */
export interface ReadPolicy<P> {
  readonly policy: P;
  readonly reader: FieldReader;
}

export interface PodQuestion {
  readonly reader: FieldReader;
  readonly path: Path;
  readonly query: PodQuery;
}

/** Name of a port, looked for on the pods that any of the queries finds. */
export interface PortQuestion {
  readonly reader: FieldReader;
  readonly path: Path;
  readonly name: string;
  /** Undefined where the API asks for none. */
  readonly protocol: string | undefined;
  readonly on: readonly PodQuery[];
}

export interface Questions {
  readonly subject: PodQuestion;
  readonly peers: readonly PodQuestion[];
  readonly ports: readonly PortQuestion[];
}

/** Which pods are behind addresses is not looked up for a warning. */
const everyPod: PodQuery = { namespaces: everything, podSelector: everything };
const directions: readonly Direction[] = ['ingress', 'egress'];

export function questionsOf({ policy, reader }: ReadPolicy<NetworkPolicy>): Questions {
  const { namespace } = policy;
  const query = { namespaces: namespace, podSelector: policy.podSelector };
  const peers: PodQuestion[] = [];
  const ports: PortQuestion[] = [];
  for (const direction of directions) {
    for (const [rule, content] of policy[direction].entries()) {
      const path = ['spec', direction, rule];
      const asked = content.peers.flatMap(({ podSelector = everything, ...peer }, index) => {
        if (peer.ipBlock !== undefined) return [];
        const here = { namespaces: peer.namespaceSelector ?? namespace, podSelector };
        return { reader, path: [...path, sideOf(direction), index], query: here };
      });
      peers.push(...asked);
      const anywhere = asked.length < content.peers.length || content.peers.length === 0;
      const targets = [...asked.map((peer) => peer.query), ...(anywhere ? [everyPod] : [])];
      const on = direction === 'ingress' ? [query] : targets;
      for (const [index, { port: name, protocol }] of content.ports.entries()) {
        if (typeof name !== 'string') continue;
        ports.push({ reader, path: [...path, 'ports', index, 'port'], name, protocol, on });
      }
    }
  }
  return { subject: { reader, path: ['spec', 'podSelector'], query }, peers, ports };
}

export function clusterQuestionsOf({ policy, reader }: ReadPolicy<ClusterPolicy>): Questions {
  const { namespaceSelector, podSelector } = policy.subject;
  const query = { namespaces: namespaceSelector, podSelector };
  const { portsField } = dialects[policy.kind];
  const peers: PodQuestion[] = [];
  const ports: PortQuestion[] = [];
  for (const direction of directions) {
    for (const [rule, content] of policy[direction].entries()) {
      const path = ['spec', direction, rule];
      const asked = content.peers.flatMap((peer, index) =>
        peer.kind === 'pods'
          ? {
              query: { namespaces: peer.namespaceSelector, podSelector: peer.podSelector },
              path: [...path, sideOf(direction), index],
              reader,
            }
          : [],
      );
      peers.push(...asked);
      const targets = asked.map((peer) => peer.query);
      for (const [index, port] of content.ports.entries()) {
        if (port.kind !== 'named') continue;
        const on = direction === 'ingress' ? [query] : targets;
        const where = [...path, portsField, index];
        ports.push({ reader, path: where, name: port.name, protocol: undefined, on });
      }
    }
  }
  return { subject: { reader, path: ['spec', 'subject'], query }, peers, ports };
}

/** The first ipBlock or networks of a policy. */
export function firstBlock(policy: NetworkPolicy | ClusterPolicy): Path | undefined {
  for (const direction of directions) {
    for (const [rule, { peers }] of policy[direction].entries()) {
      for (const [index, peer] of peers.entries()) {
        const path = ['spec', direction, rule, sideOf(direction), index];
        if ('kind' in peer && peer.kind === 'networks') return [...path, 'networks'];
        if (!('kind' in peer) && peer.ipBlock !== undefined) return [...path, 'ipBlock'];
      }
    }
  }
  return undefined;
}
