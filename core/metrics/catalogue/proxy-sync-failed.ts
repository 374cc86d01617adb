/** Definition of the metric `proxySync.failed`. */
import type { QuotientMetric } from '../metric-definition.ts';

export const proxySyncFailed: QuotientMetric = {
  id: 'proxySync.failed',
  title: 'proxy syncs that fail',
  about:
    'Share of the syncs of service proxies that fail: they take their time and program nothing.',
  unit: 'ratio',
  kind: 'ratio',
  source: 'quotient',
  scale: 1,
  numerator: 'syncs that failed',
  denominator: 'syncs started',
  countedDenominator: true,
  rareEvents: true,
  causes: [],
  whenEmpty: 'no proxy sync started in the measured window',
};
