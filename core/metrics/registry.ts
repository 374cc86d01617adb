/**
 * Look-up over the catalogue of metrics. A quotient with causes appears once in total and once by
 * cause, as `<id>.<cause>`; the latter only show up in results when a cell holds them.
 */
import * as catalogue from './catalogue/index.ts';
import type { MetricDefinition } from './metric-definition.ts';

function withCauses(definition: MetricDefinition): MetricDefinition[] {
  if (definition.source !== 'quotient') return [definition];
  const causes = definition.causes.map((cause) => ({
    ...definition,
    id: `${definition.id}.${cause}`,
    title: `${definition.title} (${cause})`,
    causes: [],
    optional: true as const,
  }));
  return [definition, ...causes];
}

/** Every metric, ordered by id (by code units, so the order is the same everywhere). */
export const METRICS: readonly MetricDefinition[] = Object.values<MetricDefinition>(catalogue)
  .flatMap(withCauses)
  .sort((a, b) => (a.id < b.id ? -1 : 1));

const byId = new Map(METRICS.map((definition) => [definition.id, definition]));

/** The definition of a metric id, or undefined when the catalogue has none. */
export function metricById(id: string): MetricDefinition | undefined {
  return byId.get(id);
}
