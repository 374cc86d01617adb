/** Which Service `--change` names. */
import { type ServicePortsInput, suggest } from '../../scenarios/index.ts';
import { UsageError } from '../exit-codes.ts';

/** `namespace/name` of a Service that the proxy programs. */
export function findChanged(text: string, { ports, skipped }: ServicePortsInput): string {
  const [, namespace, name] = /^service\/(?:([^/]+)\/)?([^/]+)$/.exec(text) ?? [];
  if (name === undefined) {
    throw new UsageError(`--change ${text}: give service/NAME or service/NAMESPACE/NAME`);
  }
  const isMeant = (one: { readonly namespace: string }, itsName: string) =>
    itsName === name && (namespace === undefined || one.namespace === namespace);
  const found = new Set(
    ports.filter((port) => isMeant(port, port.service)).map((port) => qualified(port)),
  );
  const [first, ...others] = found;
  if (first === undefined) throw new UsageError(notFound(text, name, isMeant, { ports, skipped }));
  if (others.length === 0) return first;
  const names = [first, ...others].map((one) => `service/${one}`).join(', ');
  throw new UsageError(`--change ${text} is one of ${names}; give its namespace too`);
}

function qualified({ namespace, service }: ServicePortsInput['ports'][number]): string {
  return `${namespace}/${service}`;
}

function notFound(
  text: string,
  name: string,
  isMeant: (one: { readonly namespace: string }, itsName: string) => boolean,
  { ports, skipped }: Pick<ServicePortsInput, 'ports' | 'skipped'>,
): string {
  const left = skipped.find((one) => isMeant(one, one.name));
  if (left !== undefined) {
    return `--change ${text}: proxies keep nothing for ${left.namespace}/${left.name} (${left.why})`;
  }
  const nearest = suggest(
    name,
    ports.map(({ service }) => service),
  );
  const hint = nearest === undefined ? '' : `; did you mean service/${nearest}?`;
  return `--change ${text}: no Service of the input has this name${hint}`;
}
