/**
 * Kubernetes documents as objects: Lists opened, namespaces filled in, reduced to the part that is
 * read. An object that the API server would refuse is an error with its place.
 */

import type { z } from 'zod';
import type { Problems } from '../diagnostic.ts';
import { at, isRecord, type Path, type PlacedValue, type PlaceOf } from '../origins.ts';
import { show } from '../schema/problems.ts';
import type { Span } from '../source-text.ts';
import type { ReadDocument } from '../yaml-documents.ts';
import { otherObject, schemaOf } from './object-schemas.ts';

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Reduced to what is read; plain JSON. */
  readonly value: Readonly<Record<string, unknown>>;
  /** The place of a field of the object, for messages. */
  readonly place: PlaceOf;
}

/** Which objects are read, and what is said of a document that is none. */
export interface ObjectReading {
  /** Undefined for kinds that are only counted. */
  readonly schemaOf: (apiVersion: string, kind: string) => z.ZodType | undefined;
  /** Looks at an object as it is written, of which later only what is read is left. */
  readonly check?: (
    object: KubernetesObject,
    written: Readonly<Record<string, unknown>>,
    problems: Problems,
  ) => void;
  readonly noObject: { readonly message: string; readonly help: string };
}

const besideScenario: ObjectReading = {
  schemaOf,
  noObject: {
    message: 'neither a Scenario nor a Kubernetes object',
    help: 'every document needs apiVersion and kind; a scenario starts with apiVersion: knetsim.dev/v1',
  },
};

export interface UnreadObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly place: PlaceOf;
}

/** What was read of all documents so far. */
export class ReadObjects {
  readonly reading: ObjectReading;
  /** Every object of a kind that is not read. */
  readonly unread: UnreadObject[] = [];
  readonly byKey = new Map<string, KubernetesObject>();
  /** Kinds of objects that were refused: one may be what another object refers to. */
  readonly refusedKinds = new Set<string>();

  constructor(reading: ObjectReading = besideScenario) {
    this.reading = reading;
  }
}

/** Documents whose places are recorded beside their values. */
export function placed({ value, origins, span }: ReadDocument): PlacedValue {
  return {
    value,
    place: (path, part) =>
      part === 'key' ? origins.key(value, path, span) : origins.value(value, path, span),
  };
}

const mostProblemsOfOneObject = 5;

/** Adds the objects of a document to `objects`; anything else is an error. */
export function readObjects(document: PlacedValue, objects: ReadObjects, problems: Problems): void {
  readOne(document.value, [], document, objects, problems);
}

function readOne(
  value: unknown,
  path: Path,
  document: PlacedValue,
  objects: ReadObjects,
  problems: Problems,
): void {
  const place: PlaceOf = (below, part) => document.place([...path, ...below], part);
  const head = isRecord(value) ? value : {};
  const { apiVersion, kind } = head;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    const { message, help } = objects.reading.noObject;
    problems.error('E109', place([]), message, { help });
    return;
  }
  if (kind.endsWith('List') && Array.isArray(head.items)) {
    for (const [index, item] of head.items.entries()) {
      const typed = isRecord(item) ? withKind(item, apiVersion, kind) : item;
      readOne(typed, [...path, 'items', index], document, objects, problems);
    }
    return;
  }
  if (isList(apiVersion, kind, objects.reading)) {
    if (head.items !== null && head.items !== undefined) {
      const message = `items of ${kind} is ${show(head.items)}`;
      problems.error('E140', place(['items']), message, { help: 'Kubernetes takes a list here' });
    }
    return;
  }
  const schema = objects.reading.schemaOf(apiVersion, kind);
  if (schema === undefined) {
    objects.unread.push({ apiVersion, kind, place });
    return;
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    objects.refusedKinds.add(kind);
    for (const issue of result.error.issues.slice(0, mostProblemsOfOneObject)) {
      refuse(kind, head, issue.path as Path, issue.message, place, problems);
    }
    return;
  }
  const reduced = withoutNulls(result.data) as Record<string, unknown>;
  const metadata = reduced.metadata as { name: string; namespace?: string };
  const namespace = clusterScoped.has(kind) ? '' : (metadata.namespace ?? 'default');
  const object = { apiVersion, kind, namespace, name: metadata.name, value: reduced, place };
  objects.reading.check?.(object, head, problems);
  const key = `${kind} ${namespace}/${metadata.name} ${apiVersion.split('/')[0]}`;
  const before = objects.byKey.get(key);
  if (before !== undefined) {
    problems.error(
      'E141',
      place(['metadata', 'name']),
      `${kind} ${qualified(object)} is given twice`,
      {
        help: 'keep one of the two',
        also: [{ span: before.place(['metadata', 'name']), label: 'first given here' }],
      },
    );
    return;
  }
  objects.byKey.set(key, object);
}

/** A List, or the list of a kind that is read: some kinds of others are only named so. */
function isList(apiVersion: string, kind: string, { schemaOf: find }: ObjectReading): boolean {
  if (!kind.endsWith('List')) return false;
  if (kind === 'List' && apiVersion === 'v1') return true;
  const schema = find(apiVersion, kind.slice(0, -4));
  return schema !== undefined && schema !== otherObject;
}

/** Items of a typed list (`PodList`) may leave out what the list says. */
function withKind(
  item: Record<string, unknown>,
  apiVersion: string,
  kind: string,
): Record<string, unknown> {
  if (item.kind !== undefined || kind === 'List') return item;
  return { apiVersion, kind: kind.slice(0, -4), ...item };
}

function refuse(
  kind: string,
  head: Record<string, unknown>,
  path: Path,
  message: string,
  place: (path: Path) => Span,
  problems: Problems,
): void {
  const found = at(head, path);
  const name = at(head, ['metadata', 'name']);
  const text = path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1);
  const { source, start, end } = place(path);
  const expected = /expected (\w+)/.exec(message)?.[1] ?? 'another value';
  const unquoted =
    expected === 'string' && (typeof found === 'boolean' || typeof found === 'number');
  const help = unquoted
    ? `Kubernetes takes text here; put it in quotes: "${source.text.slice(start, end)}"`
    : `Kubernetes takes ${allowed(message) ?? wanted[expected] ?? 'another value'} here`;
  const what = `${kind}${typeof name === 'string' ? ` ${name}` : ''}`;
  problems.error(
    'E140',
    place(path),
    found === undefined ? `${what} has no ${text}` : `${text} of ${what} is ${show(found)}`,
    { help },
  );
}

/** Words of a fixed list, or a number with a limit; undefined for everything else. */
function allowed(message: string): string | undefined {
  const words = /expected one of (.+)$/.exec(message)?.[1];
  if (words !== undefined) return words.replaceAll('"', '').split('|').join(', ');
  const most = /expected \w+ to be <=(\d+)$/.exec(message)?.[1];
  return most === undefined ? undefined : `a whole number up to ${most}`;
}

const wanted: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a whole number that is not negative',
  int: 'a whole number that is not negative',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
};

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(
    ([, member]) => member !== null && member !== undefined,
  );
  // A label without a value is refused where selectors are read: leaving it out selects more.
  const members = kept.map(([key, member]) => [
    key,
    key === 'matchLabels' ? member : withoutNulls(member),
  ]);
  return Object.fromEntries(members);
}

const clusterScoped = new Set([
  'Node',
  'Namespace',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'PersistentVolume',
  'StorageClass',
  'PriorityClass',
  'IngressClass',
  'RuntimeClass',
  'ClusterNetworkPolicy',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
]);

/** `namespace/name`, or the name alone of an object without a namespace. */
export function qualified(object: { readonly namespace: string; readonly name: string }): string {
  return object.namespace === '' ? object.name : `${object.namespace}/${object.name}`;
}
