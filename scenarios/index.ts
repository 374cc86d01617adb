/** Scenarios: load, check, explain. Everything other rooms may import is named here. */
export { type Diagnostic, type Place, warningText } from './diagnostic.ts';
export { type CodeExplanation, explainCode } from './explain-code.ts';
export { explainField, type FieldExplanation, fieldPaths } from './explain-field.ts';
export { scenarioJsonSchema } from './json-schema.ts';
export { formatLabels, formatSelector } from './kubernetes/label-selector.ts';
export type {
  EntitySource,
  ManifestText,
  NotUsed,
  PolicyInput,
  PolicyPlaces,
  PolicyService,
  PolicyServicePort,
  PolicyWorldResult,
  SourcePlace,
} from './kubernetes/policy-input.ts';
export { readPolicyWorld } from './kubernetes/policy-world.ts';
export {
  readServicePorts,
  type ServicePortsInput,
  type ServicePortsOptions,
  type ServicePortsResult,
  type SkippedService,
} from './kubernetes/service-ports.ts';
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
export { addressText, parseAddress } from './values/address.ts';
