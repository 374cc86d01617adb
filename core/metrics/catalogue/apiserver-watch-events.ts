/** Definition of the metric `apiserver.watchEvents`. */
import type { QuotientMetric } from '../metric-definition.ts';
import { PER_SECOND } from '../metric-definition.ts';

export const apiserverWatchEvents: QuotientMetric = {
  id: 'apiserver.watchEvents',
  title: 'watch events sent by the apiservers',
  about:
    'Watch events sent a second, one for each watcher that gets it, over all apiservers together.',
  unit: '1/s',
  kind: 'rate',
  source: 'quotient',
  scale: PER_SECOND,
  numerator: 'events sent to watchers',
  denominator: 'measured window in ns',
  countedDenominator: false,
  rareEvents: false,
  causes: [],
  whenEmpty: 'no time was measured',
};
