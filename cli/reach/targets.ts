/**
 * What `--from` and `--to` name: a pod, a workload, a node, an address or, as a destination, a Service, which
 * is translated to its pods and their own ports as it is before policies see a connection. Names may
 * be qualified by kind where they are not unique. A name nobody has is a usage error with the
 * nearest that somebody has.
 */
import type { Address, Entity, Protocol } from '../../core/policy/objects.ts';
import {
  type EntitySource,
  type PolicyInput,
  type PolicyService,
  parseAddress,
  suggest,
} from '../../scenarios/index.ts';
import { UsageError } from '../exit-codes.ts';
import { entityName, type Port, portName } from './names.ts';
import type { Destination } from './probes.ts';

export type Input = Pick<PolicyInput, 'services' | 'sources'> & {
  /** Those of the input, and outside addresses after them. */
  readonly entities: readonly Entity[];
};

/** Where to, and what was done to find it out. */
export interface Found {
  readonly destinations: readonly Destination[];
  readonly notes: readonly string[];
}

interface Asked {
  /** As it was written. */
  readonly text: string;
  readonly kind: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly port: string | undefined;
  readonly protocol: Protocol;
}

const abbreviations: Readonly<Record<string, string>> = {
  po: 'pod',
  svc: 'service',
  no: 'node',
  deploy: 'deployment',
  rs: 'replicaset',
  sts: 'statefulset',
  ds: 'daemonset',
  cj: 'cronjob',
};
const protocols: readonly string[] = ['TCP', 'UDP', 'SCTP'];

/** An address that `--from` or `--to` consists of, with or without a port. */
export function addressIn(text: string): Address | undefined {
  const whole = parseAddress(text);
  if (whole !== undefined) return whole;
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([\d.]+))(?::.*)?$/.exec(text) ?? [];
  return parseAddress(bracketed ?? plain ?? '');
}

/** The source; throws a UsageError for a name nobody has, and for a port, which a source has none of. */
export function findSource(text: string, input: Input): number {
  const asked = read(text, '--from');
  if (asked.port !== undefined) {
    throw new UsageError(`--from ${text}: a source has no port; give the port with --to`);
  }
  const found = entityOf(asked, input);
  if (found !== undefined) return found;
  if (servicesOf(asked, input).length > 0) {
    throw new UsageError(`--from ${text}: connections come from pods, not from a Service`);
  }
  throw new UsageError(nobody('--from', asked, input));
}

/** The destination or, of a Service, the destinations. Ports of `--ports` count where none is given. */
export function findDestinations(
  text: string,
  input: Input,
  ports: readonly Port[] | undefined,
): Found {
  const asked = read(text, '--to');
  const to = asked.kind === 'service' ? undefined : entityOf(asked, input);
  if (to !== undefined) {
    return {
      destinations: [{ to, ports: portsOf(asked, input.entities[to]!) ?? ports }],
      notes: [],
    };
  }
  const services = servicesOf(asked, input);
  if (services.length > 1) {
    const names = services.map(({ namespace, name }) => `service/${namespace}/${name}`);
    throw new UsageError(`--to ${text} may be ${names.join(' or ')}; say which`);
  }
  if (services[0]) return throughService(asked, services[0], input.entities);
  throw new UsageError(nobody('--to', asked, input));
}

function read(text: string, flag: string): Asked {
  const [, bare = text, port, protocol = 'TCP'] =
    (parseAddress(text) !== undefined
      ? undefined
      : /^(.+?):([a-z0-9-]+)(?:\/([A-Za-z]+))?$/.exec(text)) ?? [];
  const known = protocols.find((one) => one === protocol.toUpperCase());
  if (known === undefined) {
    throw new UsageError(`${flag} ${text}: ${protocol} is not TCP, UDP or SCTP`);
  }
  const parts = bare.replace(/^\[(.+)\]$/, '$1').split('/');
  const name = parts.at(-1) ?? '';
  if (parts.length > 3 || parts.includes('')) {
    throw new UsageError(
      `${flag} ${text}: give NAMESPACE/NAME, KIND/NAMESPACE/NAME, node/NAME or an address`,
    );
  }
  const words = parts.slice(0, -1);
  const kind = kindOf(words[0], parts.length, words);
  const rest = kind === undefined ? words : words.slice(1);
  return { text, kind, namespace: rest[0], name, port, protocol: known as Protocol };
}

/** The first of three parts is a kind; the first of two if it can be nothing but a kind. */
function kindOf(word: string | undefined, parts: number, words: readonly string[]) {
  if (word === undefined || words.length === 0) return undefined;
  const kind = abbreviations[word.toLowerCase()] ?? word.toLowerCase().replace(/s$/, '');
  if (parts === 3) return kind;
  return ['pod', 'service', 'node', ...Object.values(abbreviations), 'job'].includes(kind)
    ? kind
    : undefined;
}

/** Undefined if nothing has the name; throws if several have. */
function entityOf(asked: Asked, { entities, sources }: Input): number | undefined {
  const address = parseAddress(asked.name);
  const owners = address === undefined ? [] : ownersOf(address, entities);
  if (owners.length > 0) return owners[0];
  const found = entities.flatMap((entity, index) =>
    answers(asked, entity, sources[index]) ? [index] : [],
  );
  if (found.length > 1) {
    const names = found.map((index) => qualified(entities[index]!, sources[index]));
    throw new UsageError(`${asked.text} may be ${names.join(' or ')}; say which`);
  }
  return found[0];
}

/** Whoever has the address: a pod of its own, then a node, then those that act as it. */
export function ownersOf({ family, value }: Address, entities: readonly Entity[]): number[] {
  const rank = (entity: Entity) =>
    entity.kind === 'pod' && !entity.hostNetwork ? 0 : entity.kind === 'node' ? 1 : 2;
  return entities
    .flatMap((entity, index) =>
      entity.addresses.some((own) => own.family === family && own.value === value) ? [index] : [],
    )
    .sort((a, b) => rank(entities[a]!) - rank(entities[b]!) || a - b);
}

function answers(asked: Asked, entity: Entity, source: EntitySource | undefined): boolean {
  if (entity.kind === 'ip' || entity.name !== asked.name) return false;
  const kind = (source?.kind ?? entity.kind).toLowerCase();
  if (asked.kind !== undefined && asked.kind !== kind) return false;
  if (entity.kind === 'node') return asked.kind === 'node' || asked.namespace === undefined;
  return asked.namespace === undefined || asked.namespace === entity.namespace;
}

/** `deployment/shop/web`, which no other entity answers to. */
export function qualified(entity: Entity, source: EntitySource | undefined): string {
  if (entity.kind !== 'pod') return entityName(entity);
  return `${(source?.kind ?? 'pod').toLowerCase()}/${entityName(entity)}`;
}

function servicesOf({ kind, namespace, name }: Asked, { services }: Input): PolicyService[] {
  if (kind !== undefined && kind !== 'service') return [];
  return services.filter(
    (service) =>
      service.name === name && (namespace === undefined || service.namespace === namespace),
  );
}

/** The port asked for, by number or by the name a container gives it; undefined if none is. */
function portsOf(asked: Asked, entity: Entity): Port[] | undefined {
  const { port, protocol, text } = asked;
  if (port === undefined) return undefined;
  if (/^\d+$/.test(port)) return [{ port: portNumber(Number(port), `--to ${text}`), protocol }];
  const named = entity.kind === 'pod' ? entity.ports.filter(({ name }) => name === port) : [];
  if (named.length === 0) {
    throw new UsageError(`--to ${text}: ${entityName(entity)} has no port named ${port}`);
  }
  return named.map(({ port, protocol }) => ({ port, protocol }));
}

/** @throws UsageError beyond 1 to 65535 */
export function portNumber(port: number, where: string): number {
  if (port >= 1 && port <= 65535) return port;
  throw new UsageError(`${where}: a port is a number from 1 to 65535`);
}

function throughService(asked: Asked, service: PolicyService, entities: readonly Entity[]): Found {
  const name = `service ${service.namespace}/${service.name}`;
  if (service.externalName !== undefined) {
    throw new UsageError(
      `--to ${asked.text}: ${name} is an alias of ${service.externalName}, outside; give its address`,
    );
  }
  if (service.entities.length === 0 && Object.keys(service.selector).length === 0) {
    throw new UsageError(
      `--to ${asked.text}: ${name} has no selector, somebody else says where it ends; give that address`,
    );
  }
  if (service.entities.length === 0) {
    throw new UsageError(`--to ${asked.text}: ${name} selects no pod of the input`);
  }
  const ports = servicePorts(asked, service);
  // A headless Service may list no port: clients choose among those of its pods.
  const named = ports.length > 0;
  const translated = service.entities.flatMap((to) => {
    const entity = entities[to]!;
    const own = named
      ? ports.flatMap(({ targetPort, protocol }) => onPod(entity, targetPort, protocol))
      : portsIn(entity);
    return own.length === 0 ? [] : [{ to, ports: own }];
  });
  if (translated.length === 0) {
    const wanted = ports.map(({ targetPort }) => targetPort).join(', ');
    throw new UsageError(
      named
        ? `--to ${asked.text}: no pod of ${name} has a port named ${wanted}`
        : `--to ${asked.text}: neither ${name} nor its pods list a port; give one, for example ${asked.text}:80`,
    );
  }
  const where = translated.map(
    ({ to, ports: own }) => `${entityName(entities[to]!)}:${own.map(portName).join(',')}`,
  );
  const via = service.headless
    ? 'is headless: its name is that of its pods'
    : 'is translated first';
  const more = where.length > 4 ? ` and ${where.length - 4} more` : '';
  return {
    destinations: translated,
    notes: [`${name} ${via}; policies see ${where.slice(0, 4).join(', ')}${more}`],
  };
}

function portsIn(entity: Entity): Port[] {
  return entity.kind === 'pod'
    ? entity.ports.map(({ port, protocol }) => ({ port, protocol }))
    : [];
}

type ServicePort = Pick<PolicyService['ports'][number], 'targetPort' | 'protocol'>;

function servicePorts(asked: Asked, service: PolicyService): readonly ServicePort[] {
  const { port, protocol, text } = asked;
  if (port === undefined) return service.ports;
  if (service.headless && /^\d+$/.test(port)) {
    return [{ targetPort: portNumber(Number(port), `--to ${text}`), protocol }];
  }
  const found = service.ports.filter((one) =>
    /^\d+$/.test(port) ? one.port === Number(port) && one.protocol === protocol : one.name === port,
  );
  if (found.length > 0) return found;
  const known = service.ports.map((one) => portName(one)).join(', ') || 'none';
  throw new UsageError(
    `--to ${text}: service ${service.namespace}/${service.name} has no such port; its ports: ${known}`,
  );
}

function onPod(entity: Entity, targetPort: number | string, protocol: Protocol): Port[] {
  if (typeof targetPort === 'number') return [{ port: targetPort, protocol }];
  if (entity.kind !== 'pod') return [];
  return entity.ports
    .filter((one) => one.name === targetPort && one.protocol === protocol)
    .map(({ port }) => ({ port, protocol }));
}

function nobody(flag: string, asked: Asked, { entities, sources, services }: Input): string {
  const names = entities.filter(({ kind }) => kind !== 'ip').map(entityName);
  const candidates =
    flag === '--to' ? [...names, ...services.map((one) => `${one.namespace}/${one.name}`)] : names;
  const wanted = [asked.namespace, asked.name].filter((part) => part !== undefined).join('/');
  const sameName = entities.flatMap((entity, index) =>
    entity.name === asked.name ? [qualified(entity, sources[index])] : [],
  );
  const short = new Map(entities.map((entity) => [entity.name, entityName(entity)]));
  const close = suggest(wanted, candidates) ?? short.get(suggest(asked.name, short.keys()) ?? '');
  const containing = candidates.filter((name) => name.includes(asked.name)).slice(0, 3);
  const nearest = [sameName.slice(0, 3), close ?? [], containing]
    .map((some) => [some].flat().join(' or '))
    .find((some) => some !== '');
  const hint =
    nearest === undefined
      ? `the input has ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', ...' : ''}`
      : `did you mean ${nearest}?`;
  return `${flag} ${asked.text}: nothing in the input is called that; ${hint}`;
}
