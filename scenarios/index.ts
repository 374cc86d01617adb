/** Scenarios: load, check, explain. Everything other rooms may import is named here. */
export type { Diagnostic, Place } from './diagnostic.ts';
export { explainCode, type CodeExplanation } from './explain-code.ts';
export { explainField, type FieldExplanation, fieldPaths } from './explain-field.ts';
export { scenarioJsonSchema } from './json-schema.ts';
export {
  loadExperiment,
  type LoadOptions,
  type LoadResult,
  type ScenarioSource,
} from './load-experiment.ts';
export { MissingFileError } from './read-input.ts';
export { renderDiagnostics, type RenderOptions } from './render-diagnostics.ts';
export type { VariantDiff } from './resolve/variants.ts';
export { suggest } from './suggest.ts';
