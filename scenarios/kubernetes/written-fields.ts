/**
 * Looks at objects as they are written, before all that verdicts do not depend on is left out: a field
 * of metadata that nobody knows, a misspelt field of a pod, and what the API server refuses between
 * fields. Objects may have fields of releases to come; so beside metadata, whose fields have not
 * changed in years, only what is near to a field that decides is spoken of, as a warning.
 */
import type { Labels } from '../../core/policy/objects.ts';
import { selects } from '../../core/policy/selector.ts';
import type { Problems } from '../diagnostic.ts';
import { at, isRecord, type Path } from '../origins.ts';
import { show } from '../schema/problems.ts';
import { suggest } from '../suggest.ts';
import { FieldReader, isThere, pathText } from './field-reader.ts';
import { formatLabels } from './label-selector.ts';
import { annotationKeyProblem } from './name-syntax.ts';
import { templatePathOf } from './policy-schemas.ts';
import type { KubernetesObject } from './read-objects.ts';
import { checkLabels, readSelector } from './read-selector.ts';

type Fields = Readonly<Record<string, unknown>>;

/** ObjectMeta (apimachinery, meta/v1 types.go). */
const objectMeta = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
];

interface Level {
  /** Fields that answers depend on. */
  readonly decisive: readonly string[];
  /** Real fields that are like one of those. */
  readonly alike?: readonly string[];
}

const topLevel: Level = { decisive: ['spec'] };
const workloadLevel: Level = { decisive: ['template', 'jobTemplate'] };
const templateLevel: Level = { decisive: ['metadata', 'spec'] };
const podLevel: Level = {
  decisive: ['hostNetwork', 'nodeName', 'containers', 'initContainers'],
};
const containerLevel: Level = {
  decisive: ['ports', 'restartPolicy'],
  alike: ['resizePolicy', 'restartPolicyRules'],
};
const portLevel: Level = { decisive: ['containerPort', 'protocol', 'name'] };
const serviceLevel: Level = {
  decisive: ['selector', 'ports', 'clusterIP', 'type', 'externalName'],
  alike: ['clusterIPs', 'externalIPs'],
};

export function checkWritten(object: KubernetesObject, written: Fields, problems: Problems): void {
  const reader = new FieldReader(object, problems);
  checkMetadata(reader, written.metadata, ['metadata']);
  if (object.kind === 'Service') {
    checkNames(reader, written, [], topLevel);
    checkNames(reader, written.spec, ['spec'], serviceLevel);
  } else if (object.kind === 'Pod') {
    checkNames(reader, written, [], topLevel);
    checkPod(reader, written.spec, ['spec']);
  } else {
    const path = templatePathOf(object.kind);
    if (path !== undefined) checkWorkload(reader, written, path);
  }
}

function checkWorkload(reader: FieldReader, written: Fields, path: Path): void {
  checkNames(reader, written, [], topLevel);
  checkNames(reader, written.spec, ['spec'], workloadLevel);
  if (reader.object.kind === 'CronJob') {
    const metadata = ['spec', 'jobTemplate', 'metadata'];
    checkMetadata(reader, at(written, metadata), metadata);
  }
  const template = at(written, path);
  if (!isRecord(template)) return;
  checkNames(reader, template, path, templateLevel);
  checkMetadata(reader, template.metadata, [...path, 'metadata']);
  checkPod(reader, template.spec, [...path, 'spec']);
  if (!isRecord(written.spec)) return;
  const ofSelector = new FieldReader(reader.object, reader.problems);
  checkSelector(ofSelector, written.spec.selector, template);
}

function checkMetadata(reader: FieldReader, metadata: unknown, path: Path): void {
  if (!isRecord(metadata)) return;
  const { labels, annotations } = reader.fields(metadata, path, objectMeta) ?? {};
  if (isThere(labels)) {
    checkLabels(reader, textsOf(reader, labels, [...path, 'labels']), [...path, 'labels']);
  }
  if (!isThere(annotations)) return;
  const below = [...path, 'annotations'];
  for (const key of Object.keys(textsOf(reader, annotations, below))) {
    const problem = annotationKeyProblem(key);
    if (problem === undefined) continue;
    const message = `${show(key)} is no key of an annotation`;
    reader.refuse([...below, key], { code: 'E147', message, help: `keys are ${problem}` }, 'key');
  }
}

/** The members that are texts; others are reported. */
function textsOf(reader: FieldReader, value: unknown, path: Path): Labels {
  const members = Object.entries(reader.map(value, path) ?? {});
  return Object.fromEntries(
    members.flatMap(([key, member]) => {
      const text = reader.text(member, [...path, key]);
      return text === undefined ? [] : [[key, text]];
    }),
  );
}

function checkNames(reader: FieldReader, value: unknown, path: Path, level: Level): void {
  if (!isRecord(value)) return;
  const { decisive, alike = [] } = level;
  for (const key of Object.keys(value)) {
    if (decisive.includes(key) || alike.includes(key)) continue;
    const meant = suggest(key, decisive);
    if (meant === undefined) continue;
    const warning = {
      code: 'W308',
      message: `unknown field ${pathText([...path, key])} in ${reader.name}`,
      label: 'the API server drops it, and so do the answers',
      help: `did you mean \`${meant}\`?`,
    };
    reader.warn([...path, key], warning, 'key');
  }
}

function checkPod(reader: FieldReader, spec: unknown, path: Path): void {
  if (!isRecord(spec)) return;
  checkNames(reader, spec, path, podLevel);
  for (const list of ['containers', 'initContainers']) {
    for (const [index, container] of membersOf(spec[list])) {
      const below = [...path, list, index];
      checkNames(reader, container, below, containerLevel);
      checkPorts(reader, container.ports, [...below, 'ports']);
    }
  }
}

function checkPorts(reader: FieldReader, ports: unknown, path: Path): void {
  const names = new Set<unknown>();
  for (const [index, port] of membersOf(ports)) {
    checkNames(reader, port, [...path, index], portLevel);
    const { name } = port;
    if (!isThere(name) || name === '') continue;
    if (names.has(name)) {
      reader.refuse([...path, index, 'name'], {
        code: 'E140',
        message: `two ports of one container of ${reader.name} are named ${show(name)}`,
        help: 'give each port of a container a name of its own',
      });
    }
    names.add(name);
  }
}

function membersOf(list: unknown): [number, Fields][] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown, index) => (isRecord(item) ? [[index, item]] : []));
}

/** Kinds whose selector must find the pods of their own template (apps/v1 and core validation). */
const selecting = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
]);

function checkSelector(reader: FieldReader, written: unknown, template: Fields): void {
  if (!selecting.has(reader.object.kind) || !isThere(written)) return;
  const path = ['spec', 'selector'];
  const selector =
    reader.object.kind === 'ReplicationController'
      ? { matchLabels: textsOf(reader, written, path), matchExpressions: [] }
      : readSelector(reader, written, path);
  const found = at(template, ['metadata', 'labels']);
  const labels = (isRecord(found) ? found : {}) as Labels;
  if (reader.hasErrors || selects(selector, labels)) return;
  reader.refuse(path, {
    code: 'E140',
    message: `the selector of ${reader.name} does not find the pods of its own template`,
    help: `the template has ${formatLabels(labels) || 'no labels'}: write the same in both`,
  });
}
