/** Definition of the metric `etcd.writes`. */
import type { QuotientMetric } from '../metric-definition.ts';
import { PER_SECOND } from '../metric-definition.ts';

export const etcdWrites: QuotientMetric = {
  id: 'etcd.writes',
  title: 'object writes to etcd',
  about: 'Writes of objects a second that reach etcd, over all resources simulated.',
  unit: '1/s',
  kind: 'rate',
  source: 'quotient',
  scale: PER_SECOND,
  numerator: 'object writes',
  denominator: 'measured window in ns',
  countedDenominator: false,
  rareEvents: false,
  causes: [],
  whenEmpty: 'no time was measured',
};
