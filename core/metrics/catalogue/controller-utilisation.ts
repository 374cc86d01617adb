/** Definition of the metric `controller.utilisation`. */
import type { QuotientMetric } from '../metric-definition.ts';

export const controllerUtilisation: QuotientMetric = {
  id: 'controller.utilisation',
  title: 'utilisation of the EndpointSlice controller',
  about:
    'Share of time the workers of the EndpointSlice controller are busy with a sync, ' +
    'waiting for its client limit included.',
  unit: 'ratio',
  kind: 'gauge',
  source: 'quotient',
  scale: 1,
  numerator: 'busy time in ns, over workers',
  denominator: 'measured window in ns, over workers',
  countedDenominator: false,
  rareEvents: false,
  causes: [],
  whenEmpty: 'no time was measured',
};
