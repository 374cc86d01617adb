/** Definition of the metric `request.crossZone`. */
import type { QuotientMetric } from '../metric-definition.ts';

export const requestCrossZone: QuotientMetric = {
  id: 'request.crossZone',
  title: 'requests that leave their zone',
  about:
    'Share of answered requests whose endpoint is in another zone than the node that chose it.',
  unit: 'ratio',
  kind: 'ratio',
  source: 'quotient',
  scale: 1,
  numerator: 'requests to an endpoint in another zone',
  denominator: 'requests that were answered',
  countedDenominator: true,
  rareEvents: false,
  causes: [],
  whenEmpty: 'the cluster has one zone, or no request was answered in the measured window',
};
