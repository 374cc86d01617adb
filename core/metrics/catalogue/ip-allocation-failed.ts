/** Definition of the metric `ipAllocationFailed`. */
import type { QuotientMetric } from '../metric-definition.ts';
import { PER_SECOND } from '../metric-definition.ts';

export const ipAllocationFailed: QuotientMetric = {
  id: 'ipAllocationFailed',
  title: 'pod address allocations that fail',
  about:
    'Requests for a pod address a second, over the whole cluster, that are refused ' +
    'because the pool of the node is empty.',
  unit: '1/s',
  kind: 'rate',
  source: 'quotient',
  scale: PER_SECOND,
  numerator: 'allocations refused',
  denominator: 'measured window in ns',
  countedDenominator: false,
  rareEvents: true,
  causes: [],
  whenEmpty: 'no time was measured',
};
