/** Definition of the metric `apiserver.egressBytes`. */
import type { QuotientMetric } from '../metric-definition.ts';
import { PER_SECOND } from '../metric-definition.ts';

export const apiserverEgressBytes: QuotientMetric = {
  id: 'apiserver.egressBytes',
  title: 'bytes of watch events sent by the apiservers',
  about: 'Bytes of watch events sent a second, over all apiservers together.',
  unit: 'bytes/s',
  kind: 'rate',
  source: 'quotient',
  scale: PER_SECOND,
  numerator: 'bytes sent to watchers',
  denominator: 'measured window in ns',
  countedDenominator: false,
  rareEvents: false,
  causes: [],
  whenEmpty: 'no time was measured',
};
