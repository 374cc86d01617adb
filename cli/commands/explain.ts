/**
 * `knetsim explain`: what one thing means, from the one place that declares it. Topics are fields
 * of the scenario, metrics, constants, models and codes of problems.
 */
import type { Constant } from '../../core/constant.ts';
import type { MetricDefinition } from '../../core/metrics/metric-definition.ts';
import { METRICS, metricById } from '../../core/metrics/registry.ts';
import { allConstants, constantById } from '../../core/models/index.ts';
import { switchesOf } from '../../core/models/policy/policy-engine.ts';
import { policyEngine, policyEngineIds } from '../../core/models/policy/registry.ts';
import type { ProxyModel } from '../../core/models/proxy/proxy-model.ts';
import { proxyModel, proxyModelIds } from '../../core/models/proxy/registry.ts';
import { warningExplanations } from '../../core/stats/index.ts';
import { explainCode, explainField, fieldPaths, suggest } from '../../scenarios/index.ts';
import { ExitCode, UsageError } from '../exit-codes.ts';
import { writeStdout } from '../output-files.ts';
import { table } from '../table.ts';
import { terminal } from '../terminal.ts';

export interface ExplainFlags {
  readonly json?: true;
  readonly color?: boolean;
  readonly ascii?: true;
}

/** What is known of a topic: for programs, and in lines for a reader. */
interface Explanation {
  readonly document: unknown;
  readonly lines: readonly string[];
}

export async function explain(topic: string, flags: ExplainFlags): Promise<ExitCode> {
  const found = [
    explainModel,
    explainEngine,
    explainMetric,
    explainConstant,
    explainProblem,
    explainSpec,
  ]
    .map((source) => source(topic))
    .find((explanation) => explanation !== undefined);
  if (!found) throw new UsageError(unknownTopic(topic));
  if (flags.json) await writeStdout(`${JSON.stringify(found.document, null, 2)}\n`);
  else terminal(process.stdout, flags).print(...found.lines);
  return ExitCode.Done;
}

function explainModel(topic: string): Explanation | undefined {
  const id = /^model:(.+)$/.exec(topic)?.[1];
  if (id === undefined || !proxyModelIds.includes(id)) return undefined;
  const { title, models, ignores, lifecycle, minimumKernel, calibrated, defaults, constants } =
    proxyModel(id);
  const document = {
    kind: 'model',
    id,
    title,
    models,
    ignores,
    lifecycle,
    minimumKernel,
    calibrated,
    defaults,
    constants,
  };
  const life = [
    `since Kubernetes ${lifecycle.since}`,
    ...(lifecycle.deprecated ? [`deprecated in ${lifecycle.deprecated}`] : []),
    ...(lifecycle.removed ? [`removed in ${lifecycle.removed}`] : []),
  ];
  const lines = [
    `model:${id}: ${title}`,
    `  ${life.join(', ')}`,
    `  kernel: ${minimumKernel}`,
    '',
    'Models:',
    ...models.map((line) => `  ${line}`),
    'Leaves out:',
    ...ignores.map((line) => `  ${line}`),
    'Measured up to:',
    `  ${measuredRange(calibrated)}`,
    'Constants (knetsim explain ID tells the source):',
    ...table(
      [
        { header: 'id' },
        { header: 'value', align: 'right' },
        { header: 'unit' },
        { header: 'source' },
      ],
      constants.map(({ id, value, unit, source }) => [id, String(value), unit, source.kind]),
      '  ',
    ),
  ];
  return { document, lines };
}

function explainEngine(topic: string): Explanation | undefined {
  const id = /^model:(.+)$/.exec(topic)?.[1];
  if (id === undefined || !policyEngineIds.includes(id)) return undefined;
  const engine = policyEngine(id);
  const { title, differences, ignores } = engine;
  const document = { kind: 'model', id, title, differences, ignores, switches: switchesOf(engine) };
  const different = differences.flatMap(({ name, value, about, source }) => [
    `  ${about}`,
    `    switch: ${name}: ${value}`,
    `    source: ${source}`,
  ]);
  const lines = [
    `model:${id}: ${title}, as policies mean it (knetsim reach --engine ${id})`,
    'Differs from the text of the API:',
    ...(different.length > 0 ? different : ['  no difference is known']),
    ...(ignores.length > 0 ? ['Leaves out:', ...ignores.map((line) => `  ${line}`)] : []),
  ];
  return { document, lines };
}

function measuredRange({ servicePorts, endpoints }: ProxyModel['calibrated']): string {
  if (servicePorts === 0 && endpoints === 0) return 'no size: every result says so';
  return `${servicePorts} service ports, ${endpoints} endpoints; beyond, results say so`;
}

function explainMetric(topic: string): Explanation | undefined {
  const metric = metricById(topic);
  if (!metric) return undefined;
  const { id, title, about, unit, kind } = metric;
  const document = { kind: 'metric', id, title, about, unit, type: kind, stages: stagesOf(metric) };
  const stages = stagesOf(metric);
  const lines = [
    `${id}: ${title}`,
    `  ${about}`,
    `  unit: ${unit}, ${kind}`,
    ...(stages.length > 0 ? [`  stages: ${stages.join(', ')}`] : []),
  ];
  return { document, lines };
}

function stagesOf(metric: MetricDefinition): readonly string[] {
  return metric.source === 'distribution' ? metric.stages : [];
}

function explainConstant(topic: string): Explanation | undefined {
  const constant = constantById(topic);
  if (!constant) return undefined;
  return { document: { kind: 'constant', ...constant }, lines: constantLines(constant) };
}

function constantLines({ id, value, unit, range, about, source }: Constant): string[] {
  return [
    `${id}: ${about}`,
    `  value:  ${value} ${unit} (allowed: ${range[0]} to ${range[1]})`,
    `  source: ${source.kind}: ${source.ref}`,
    ...(source.setup === undefined ? [] : [`  set-up: ${source.setup}`]),
    `  change: spec: { constants: { ${id}: ${value} } }`,
  ];
}

function explainProblem(topic: string): Explanation | undefined {
  const code = topic.toUpperCase();
  const found = explainCode(code);
  if (!found) return explainWarning(code);
  const lines = [`${found.code}: ${found.title}`, `  ${found.text}`];
  return { document: { kind: 'code', ...found }, lines };
}

/** A warning of the statistics: its text is all there is. */
function explainWarning(code: string): Explanation | undefined {
  const text = new Map(Object.entries(warningExplanations)).get(code);
  if (text === undefined) return undefined;
  return { document: { kind: 'code', code, text }, lines: [`${code}: ${text}`] };
}

function explainSpec(topic: string): Explanation | undefined {
  const found = explainField(topic);
  if (!found) return undefined;
  const { path, description, allowed, source, required, fields } = found;
  const fallback = found.default === undefined ? [] : [`  default: ${found.default}`];
  const lines = [
    `${path}: ${description}`,
    `  takes:   ${allowed}`,
    ...(required ? ['  required'] : fallback),
    ...(source === undefined ? [] : [`  source:  ${source}`]),
    ...(fields.length > 0 ? [`  fields:  ${fields.join(', ')}`] : []),
  ];
  return { document: { kind: 'field', ...found }, lines };
}

const modelIds = [...proxyModelIds, ...policyEngineIds];

function unknownTopic(topic: string): string {
  const known = [
    ...METRICS.map(({ id }) => id),
    ...allConstants().map(({ id }) => id),
    ...modelIds.map((id) => `model:${id}`),
    ...fieldPaths(),
  ];
  const models = modelIds.filter((id) => id.split('-')[0] === topic.split('-')[0]);
  const nearest =
    models.length > 0 ? models.map((id) => `model:${id}`).join(' or ') : suggest(topic, known);
  const hint = nearest
    ? `did you mean ${nearest}?`
    : 'topics are spec.FIELD, metric ids, constant ids, model:ID and codes such as E104';
  return `nothing is called ${topic}; ${hint}`;
}
