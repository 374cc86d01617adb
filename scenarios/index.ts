/** Scenarios: load, check, explain. Everything other rooms may import is named here. */
export { type Diagnostic, type Place, warningText } from './diagnostic.ts';
export { type CodeExplanation, explainCode } from './explain-code.ts';
export { explainField, type FieldExplanation, fieldPaths } from './explain-field.ts';
export { scenarioJsonSchema } from './json-schema.ts';
export {
  type LoadOptions,
  type LoadResult,
  loadExperiment,
  type ScenarioSource,
} from './load-experiment.ts';
export { MissingFileError } from './read-input.ts';
export { type RenderOptions, renderDiagnostics } from './render-diagnostics.ts';
export type { VariantDiff } from './resolve/variants.ts';
export { suggest } from './suggest.ts';
