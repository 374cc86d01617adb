/** Definition of the metric `apiserver.utilisation`. */
import type { QuotientMetric } from '../metric-definition.ts';

export const apiserverUtilisation: QuotientMetric = {
  id: 'apiserver.utilisation',
  title: 'utilisation of the busiest apiserver by its watchers',
  about:
    'Time that sending the watch events and lists of the measured window takes the ' +
    'apiserver with most of it to do, by CPU or bandwidth, as a share of the window; ' +
    'above 1 it falls behind.',
  unit: 'ratio',
  kind: 'gauge',
  source: 'quotient',
  scale: 1,
  numerator: 'time to send in ns, of the busiest apiserver',
  denominator: 'measured window in ns',
  countedDenominator: false,
  rareEvents: false,
  causes: [],
  whenEmpty: 'no time was measured',
};
