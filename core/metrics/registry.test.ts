import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as catalogue from './catalogue/index.ts';
import { METRICS, metricById } from './registry.ts';

const kebab = (id: string) =>
  id
    .replaceAll('.', '-')
    .replace('IP', 'Ip')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();

describe('catalogue of metrics', () => {
  it('has one file a metric, named after its id, and every file is registered', () => {
    const files = readdirSync(new URL('./catalogue/', import.meta.url))
      .filter((file) => file !== 'index.ts' && !file.endsWith('.test.ts'))
      .sort();
    const expected = Object.values(catalogue).map((definition) => `${kebab(definition.id)}.ts`);
    expect(files).toEqual(expected.sort());
  });

  it('has unique ids', () => {
    expect(new Set(METRICS.map((metric) => metric.id)).size).toBe(METRICS.length);
  });

  it('says in every entry what is measured and why it may be empty', () => {
    for (const metric of METRICS) {
      expect(metric.about, metric.id).toMatch(/^[A-Z].*\.$/);
      expect(metric.whenEmpty, metric.id).toMatch(/^[a-z]/);
      expect(metric.scale, metric.id).toBeGreaterThan(0);
    }
  });

  it('scales times from nanoseconds to seconds and rates to one second', () => {
    for (const metric of METRICS) {
      if (metric.unit === 's') expect(metric.scale, metric.id).toBe(1e-9);
      if (metric.unit.endsWith('/s')) expect(metric.scale, metric.id).toBe(1e9);
    }
  });

  it('lists failed requests by cause', () => {
    expect(metricById('request.failed.deadEndpoint')?.optional).toBe(true);
    expect(metricById('request.failed')?.optional).toBeUndefined();
    expect(metricById('request.unheardOf')).toBeUndefined();
  });
});
