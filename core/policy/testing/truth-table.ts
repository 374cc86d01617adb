/**
 * Who reaches whom among nine pods, a, b and c in each of the namespaces x, y and z, on ports 80 and 81
 * of every protocol: the world and the table of the Kubernetes network policy tests. A table starts
 * with everything allowed; later statements win; a pod always reaches itself.
 */
import {
  type NetworkPolicy,
  namespaceLabels,
  type PodEntity,
  type PolicyWorld,
  type Protocol,
} from '../objects.ts';
import { address } from './addresses.ts';

const LETTERS = ['a', 'b', 'c'] as const;
const NAMESPACES = ['x', 'y', 'z'] as const;

export interface Service {
  readonly protocol: Protocol;
  readonly port: number;
}

const PORTS = [80, 81];
const PROTOCOLS: readonly Protocol[] = ['TCP', 'UDP', 'SCTP'];
const SERVICES: readonly Service[] = PROTOCOLS.flatMap((protocol) =>
  PORTS.map((port) => ({ protocol, port })),
);

/** x/a is 192.168.1.1, x/b 192.168.1.2, y/a 192.168.2.1: the /24 of a namespace holds its pods. */
const PODS: readonly PodEntity[] = NAMESPACES.flatMap((namespace, third) =>
  LETTERS.map((name, last) => ({
    kind: 'pod',
    namespace,
    name,
    labels: { pod: name },
    addresses: [address(`192.168.${third + 1}.${last + 1}`)],
    node: null,
    hostNetwork: false,
    ports: SERVICES.map(({ protocol, port }) => ({
      name: `serve-${port}-${protocol.toLowerCase()}`,
      port,
      protocol,
    })),
  })),
);

/** `x/a`: its index in the world's entities. */
export function indexOf(pod: string): number {
  const index = PODS.findIndex(({ namespace, name }) => `${namespace}/${name}` === pod);
  if (index < 0) throw new Error(`no pod ${pod}`);
  return index;
}

/** The nine pods, each namespace labelled with its name, and these policies. */
export function ninePods(networkPolicies: readonly NetworkPolicy[]): PolicyWorld {
  return {
    namespaces: NAMESPACES.map((name) => ({ name, labels: namespaceLabels(name, { ns: name }) })),
    entities: PODS,
    networkPolicies,
    clusterPolicies: [],
  };
}

/** Those left out: all of them. A star in `x/*` stands for every pod of x. */
export interface Connections {
  readonly from?: string | readonly string[];
  readonly to?: string | readonly string[];
  readonly port?: number;
  readonly protocol?: Protocol;
}

function names(patterns: string | readonly string[] | undefined, pod: PodEntity): boolean {
  if (patterns === undefined) return true;
  return [patterns].flat().some((pattern) => {
    const [namespace, name] = pattern.split('/');
    return [pod.namespace, '*'].includes(namespace!) && [pod.name, '*'].includes(name!);
  });
}

/** Immutable: each statement makes another table. */
export class TruthTable {
  private readonly reaches: (from: number, to: number, service: Service) => boolean;

  constructor(reaches: (from: number, to: number, service: Service) => boolean) {
    this.reaches = reaches;
  }

  deny(connections: Connections): TruthTable {
    return this.with(connections, false);
  }

  allow(connections: Connections): TruthTable {
    return this.with(connections, true);
  }

  /** One line a protocol, port and source, `X` for each destination it reaches. */
  lines(): readonly string[] {
    return SERVICES.flatMap((service) =>
      PODS.map(({ namespace, name }, from) => {
        const row = PODS.map((_, to) => (this.reaches(from, to, service) ? 'X' : '.')).join('');
        return `${service.protocol} ${service.port} from ${namespace}/${name} to xyz/abc: ${row}`;
      }),
    );
  }

  private with({ from, to, port, protocol }: Connections, allowed: boolean): TruthTable {
    return new TruthTable((source, destination, service) => {
      if (source === destination) return true;
      const isMeant =
        names(from, PODS[source]!) &&
        names(to, PODS[destination]!) &&
        (port === undefined || port === service.port) &&
        (protocol === undefined || protocol === service.protocol);
      return isMeant ? allowed : this.reaches(source, destination, service);
    });
  }
}

export const everythingAllowed = new TruthTable(() => true);
