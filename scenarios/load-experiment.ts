/**
 * A scenario file as an `Experiment`: read, `--set` applied, checked, objects imported, variants and
 * sizes resolved to plans. All problems are found in one pass; none is thrown but a missing file.
 * Deterministic: the same bytes and options give the same experiment.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { canonicalJson } from '../core/canonical-json.ts';
import type { Experiment, ExperimentPoint, ExperimentVariant } from '../core/experiment.ts';
import type { ProxyModel } from '../core/models/proxy/proxy-model.ts';
import type { Warning } from '../core/results.ts';
import { type Diagnostic, Problems, warningText } from './diagnostic.ts';
import { effectiveText } from './effective-text.ts';
import { importObjects } from './kubernetes/import-objects.ts';
import {
  type KubernetesObject,
  placed,
  ReadObjects,
  readObjects,
} from './kubernetes/read-objects.ts';
import { at, isRecord, type Origins } from './origins.ts';
import { readReferenced, readScenarioFile } from './read-input.ts';
import { runningAgents } from './resolve/agents.ts';
import type { Context } from './resolve/context.ts';
import { proxyModelOf } from './resolve/models.ts';
import { withNodeObjects } from './resolve/node-defaults.ts';
import { pointSpec } from './resolve/point-spec.ts';
import { pointsOf } from './resolve/points.ts';
import { type Sizes, sizesOf } from './resolve/sizes.ts';
import { resolveSlos } from './resolve/slos.ts';
import {
  type ResolvedVariant,
  resolveVariants,
  type VariantDiff,
  variantDiffs,
} from './resolve/variants.ts';
import { type Checked, checkDocument } from './schema/problems.ts';
import { applySetting } from './set-option.ts';
import { type SourceText, type Span, sourceText, startOf } from './source-text.ts';
import { isScenarioDocument, type ReadDocument, readDocuments } from './yaml-documents.ts';

export type ScenarioSource =
  | { readonly path: string }
  /** Text from a pipe or an editor; `folder` is what paths in it are relative to. */
  | { readonly name: string; readonly text: string; readonly folder: string };

export interface LoadOptions {
  /** `path=value` below spec, applied after variants. */
  readonly set?: readonly string[];
  readonly seed?: string;
  readonly replications?: number;
  /** Paths inside files may leave the folder of the file. */
  readonly allowOutside?: boolean;
}

export interface LoadResult {
  /** In the order of files and lines. */
  readonly diagnostics: readonly Diagnostic[];
  /** Absent exactly if a diagnostic is an error. */
  readonly experiment?: Experiment;
  /** What each variant changes, after defaults. */
  readonly variantDiffs?: readonly VariantDiff[];
  /** The scenario with every default written out, and the objects as they are read: YAML. */
  readonly effectiveText?: string;
}

/**
 * Loads and resolves a scenario.
 * @throws MissingFileError when the scenario itself does not exist.
 */
export function loadExperiment(source: ScenarioSource, options: LoadOptions = {}): LoadResult {
  const problems = new Problems();
  const text =
    'path' in source
      ? readScenarioFile(source.path, problems)
      : sourceText(source.name, source.text);
  if (text === undefined) return { diagnostics: problems.sorted() };
  const folder = 'path' in source ? path.dirname(source.path) : source.folder;
  const result = resolve(text, folder, options, problems);
  const diagnostics = problems.sorted();
  return problems.hasErrors ? { diagnostics } : { diagnostics, ...result };
}

function resolve(
  text: SourceText,
  folder: string,
  options: LoadOptions,
  problems: Problems,
): Omit<LoadResult, 'diagnostics'> {
  const documents = readDocuments(text, problems);
  const scenario = soleScenario(text, documents, problems);
  if (scenario === undefined) return {};
  const { origins, span: whole } = scenario;
  let raw = scenario.value;
  for (const text of options.set ?? []) {
    raw = applySetting(raw, { option: '--set', text }, origins, problems);
  }
  for (const setting of shorthands(options)) {
    refuseTwice(setting, raw, origins, whole, problems);
    const text = `${setting.path}=${setting.value}`;
    raw = applySetting(raw, { option: setting.option, text }, origins, problems);
  }
  const first = checkDocument(raw, origins, whole, problems);
  if (first === undefined) return {};
  const read = collectObjects(documents, first, scenario, folder, options, problems);
  const imported = importObjects(read, problems);
  const objects = [...read.byKey.values()];
  const completed = withNodeObjects(first.raw, imported.nodes, origins);
  const base = checkDocument(completed, origins, whole, problems);
  if (base === undefined) return {};
  const context: Context = {
    variant: 'default',
    spec: base.document.spec,
    raw: base.raw,
    origins,
    whole,
    problems,
    objects: imported,
  };
  const variants = resolveVariants(context, base.document);
  const sizes = sizesOf(context);
  const slos = resolveSlos(context, base.document.spec.slos);
  const resolved = pointsOf(variants, sizes, base.document.metadata.name);
  if (problems.hasErrors) return {};
  const document = documentOf(withoutUnwritten(base, sizes), objects);
  const { run } = base.document.spec;
  const experiment: Experiment = {
    name: base.document.metadata.name,
    hash: createHash('sha256').update(canonicalJson(document)).digest('hex'),
    document,
    seed: String(run.seed),
    replications: typeof run.replications === 'number' ? run.replications : run.replications.min,
    variants: variants.map((variant) => describeVariant(variant, objects)),
    points: resolved.points satisfies readonly ExperimentPoint[],
    slos,
    target: sizes.target,
    notModelled: imported.notModelled,
    warnings: [...warningsFrom(problems), ...gateWarning(sizes), ...resolved.warnings],
  };
  return {
    experiment,
    variantDiffs: variantDiffs(context, variants),
    effectiveText: effectiveText(document, base.document.spec),
  };
}

function soleScenario(
  text: SourceText,
  documents: readonly ReadDocument[],
  problems: Problems,
): ReadDocument | undefined {
  const scenarios = documents.filter(({ value }) => isScenarioDocument(value));
  const [first, second] = scenarios;
  if (first === undefined && !problems.hasErrors) {
    problems.error('E103', startOf(text), 'no Scenario in this file', {
      help: 'start one document with `apiVersion: knetsim.dev/v1` and `kind: Scenario`; scenarios/starter.yaml of this package is one to copy',
    });
  }
  if (second !== undefined) {
    problems.error('E103', second.span, 'a second Scenario in this file', {
      help: 'keep one; alternatives belong in spec.variants',
      also: [{ span: first!.span, label: 'the first' }],
    });
  }
  return first;
}

interface Shorthand {
  readonly option: string;
  readonly path: string;
  readonly value: string;
}

/** A whole number is the number it would be in the file, everything else is text. */
function seedText(seed: string): string {
  return /^(0|[1-9]\d{0,14})$/.test(seed) ? seed : JSON.stringify(seed);
}

/** Command-line options that stand for a setting of their own. */
function shorthands({ seed, replications }: LoadOptions): Shorthand[] {
  return [
    ...(seed === undefined ? [] : [{ option: '--seed', path: 'run.seed', value: seedText(seed) }]),
    ...(replications === undefined
      ? []
      : [{ option: '--replications', path: 'run.replications', value: `${replications}` }]),
  ];
}

/** Of two options for one field neither may win in silence. */
function refuseTwice(
  { option, path: field, value }: Shorthand,
  raw: unknown,
  origins: Origins,
  whole: Span,
  problems: Problems,
): void {
  const keys = ['spec', ...field.split('.')];
  const before = origins.value(raw, keys, whole);
  if (at(raw, keys) === undefined || before.source.name !== '--set') return;
  problems.error('E119', before, `${field} is given twice: by --set and by ${option} ${value}`, {
    help: 'keep one of the two',
  });
}

/** From the stream, from `objects` of an embedded document, and from the files the spec names. */
function collectObjects(
  documents: readonly ReadDocument[],
  checked: Checked,
  scenario: ReadDocument,
  folder: string,
  options: LoadOptions,
  problems: Problems,
): ReadObjects {
  const objects = new ReadObjects();
  const { origins, span } = scenario;
  for (const document of documents) {
    if (!isScenarioDocument(document.value)) readObjects(placed(document), objects, problems);
  }
  const embedded: unknown[] =
    isRecord(checked.raw) && Array.isArray(checked.raw.objects) ? checked.raw.objects : [];
  for (const [index, value] of embedded.entries()) {
    const own = origins.value(checked.raw, ['objects', index], span);
    readObjects(placed({ value, origins, span: own }), objects, problems);
  }
  for (const [index, entry] of checked.document.spec.workload.objects.entries()) {
    const from = origins.value(checked.raw, ['spec', 'workload', 'objects', index], span);
    const files = readReferenced(
      entry,
      folder,
      from,
      { allowOutside: options.allowOutside === true },
      problems,
    );
    for (const file of files) readFile(file, objects, problems);
  }
  return objects;
}

function readFile(file: SourceText, objects: ReadObjects, problems: Problems): void {
  for (const document of readDocuments(file, problems)) {
    if (isScenarioDocument(document.value)) {
      problems.error('E109', document.span, 'a Scenario among Kubernetes objects', {
        help: 'name files of Kubernetes objects in workload.objects, or run this file by itself',
      });
    } else {
      readObjects(placed(document), objects, problems);
    }
  }
}

/** What the results embed and later commands load again: it needs no other file. */
function documentOf(
  document: Checked['document'],
  objects: readonly KubernetesObject[],
): Record<string, unknown> {
  const { apiVersion, kind, metadata, spec } = document;
  const workload = { ...spec.workload, objects: [] };
  return plain({
    apiVersion,
    kind,
    metadata,
    spec: { ...spec, workload },
    ...(objects.length === 0 ? {} : { objects: objects.map(({ value }) => value) }),
  }) as Record<string, unknown>;
}

/**
 * A swept field whose unswept value nobody wrote stays unwritten: were its default written out, it
 * would become one of the sizes, and the one that is judged, when the document is loaded again.
 */
function withoutUnwritten(base: Checked, { swept }: Sizes): Checked['document'] {
  const document = structuredClone(base.document);
  for (const { field } of swept) {
    if (at(base.raw, ['spec', ...field]) !== undefined) continue;
    const parent = at(document, ['spec', ...field.slice(0, -1)]);
    if (isRecord(parent)) delete parent[String(field.at(-1))];
  }
  return document;
}

/** Without `undefined`, so that it equals what JSON gives back. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function describeVariant(
  variant: ResolvedVariant,
  objects: readonly KubernetesObject[],
): ExperimentVariant {
  return {
    name: variant.name,
    candidate: variant.candidate,
    title: titlesOf(variant.context),
    ...(variant.note === undefined ? {} : { note: variant.note }),
    spec: pointSpec(variant.context, objects),
  };
}

/** In an order that does not depend on the layout of the files either. */
function warningsFrom(problems: Problems): Warning[] {
  const sortKey = ({ code, text }: Warning) => `${code} ${text}`;
  return problems
    .sorted()
    .map((diagnostic) => ({ code: diagnostic.code, text: warningText(diagnostic) }))
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function gateWarning({ target }: Sizes): Warning[] {
  if (target === null) return [];
  const asked = target.value * target.headroom;
  if (target.gateAt >= asked) return [];
  return [
    {
      code: 'W503',
      text: `objectives are judged at ${target.path} = ${target.gateAt}, not at the target of ${target.value} x ${target.headroom}`,
    },
  ];
}

/** Of every mode that some node may run, the cluster's first. */
function titlesOf(context: Context): string {
  const modes = runningAgents(context).map(({ proxy }) => titleOf(proxyModelOf(proxy)));
  return [...new Set(modes)].join(' + ');
}

/** A mode on its way out says so wherever it is named. */
function titleOf({ title, lifecycle }: ProxyModel): string {
  return lifecycle.deprecated === undefined
    ? title
    : `${title} (deprecated since Kubernetes ${lifecycle.deprecated})`;
}
