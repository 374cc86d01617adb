/** Objectives: the metric must be in the catalogue, and the limit must be in its unit. */
import type { SloSpec } from '../../core/experiment.ts';
import type { MetricDefinition } from '../../core/metrics/metric-definition.ts';
import { METRICS, metricById } from '../../core/metrics/registry.ts';
import { show } from '../schema/problems.ts';
import type { SloEntry } from '../schema/scenario.ts';
import { suggest } from '../suggest.ts';
import { durationFix, durationNs } from '../values/duration.ts';
import { quantity } from '../values/quantity.ts';
import { bytesPerSecond, ratePerSecond } from '../values/rate.ts';
import { share } from '../values/share.ts';
import { type Context, spanOf } from './context.ts';

/** Entries with problems are reported and left out. */
export function resolveSlos(context: Context, entries: readonly SloEntry[]): SloSpec[] {
  return entries.flatMap((entry, index) => {
    const metric = metricById(entry.metric);
    const path = (field: string) => spanOf(context, ['slos', index, field]);
    if (metric === undefined) {
      const meant = suggest(
        entry.metric,
        METRICS.map(({ id }) => id),
      );
      context.problems.error('E209', path('metric'), `no metric ${entry.metric} in this release`, {
        help: meant === undefined ? `metrics: ${metricNames()}` : `did you mean ${meant}?`,
      });
      return [];
    }
    const isDistribution = metric.kind === 'distribution';
    if (entry.quantile !== undefined && !isDistribution) {
      context.problems.error(
        'E210',
        path('quantile'),
        `${metric.id} is a ${metric.kind}, it has no quantiles`,
        {
          help: 'remove `quantile`',
        },
      );
      return [];
    }
    if (entry.as === 'ratio' && metric.unit !== 'ratio') {
      context.problems.error(
        'E210',
        path('as'),
        `${metric.id} is not a ratio, its unit is ${metric.unit}`,
        {
          help: 'remove `as`',
        },
      );
      return [];
    }
    const limit = limitOf(entry.max, metric.unit);
    if (typeof limit !== 'number') {
      const code = typeof entry.max === 'number' ? 'E111' : 'E210';
      const message =
        typeof entry.max === 'number'
          ? `a number without a unit: ${entry.max}`
          : `${show(entry.max)} is no limit for ${metric.id}`;
      context.problems.error(code, path('max'), message, {
        label: `write ${limit.fix}`,
        help: `${metric.id} is in ${unitNames[metric.unit]}`,
      });
      return [];
    }
    const quantile = entry.quantile === undefined ? {} : { quantile: entry.quantile };
    return [{ name: entry.name, metric: metric.id, ...quantile, limit, gate: entry.gate }];
  });
}

function metricNames(): string {
  return METRICS.map(({ id }) => id).join(', ');
}

const unitNames: Readonly<Record<MetricDefinition['unit'], string>> = {
  s: 'time: a duration such as 5s',
  ratio: 'shares: a number from 0 to 1 or a percentage',
  '1/s': 'events a second: a rate such as 20/s',
  bytes: 'memory: a quantity such as 512Mi',
  'bytes/s': 'bandwidth: such as 1.25GB/s',
  count: 'counts: a number',
  cores: 'cores: a number',
};

function limitOf(found: number | string, unit: MetricDefinition['unit']): number | { fix: string } {
  switch (unit) {
    case 's': {
      const ns = typeof found === 'string' ? durationNs(found) : undefined;
      return ns === undefined ? { fix: durationFix(found) } : ns / 1e9;
    }
    case 'ratio':
      return share(found) ?? { fix: '0.01, or 1%' };
    case '1/s':
      return (typeof found === 'string' ? ratePerSecond(found) : undefined) ?? { fix: '20/s' };
    case 'bytes':
      return quantity(found) ?? { fix: '512Mi' };
    case 'bytes/s':
      return (typeof found === 'string' ? bytesPerSecond(found) : undefined) ?? { fix: '1.25GB/s' };
    case 'count':
    case 'cores':
      return typeof found === 'number' ? found : { fix: '1000' };
  }
}
