/** Definition of the metric `ipPoolUsed`. */
import type { QuotientMetric } from '../metric-definition.ts';

export const ipPoolUsed: QuotientMetric = {
  id: 'ipPoolUsed',
  title: 'pod addresses in use',
  about:
    'Share of the pod addresses a node owns that are assigned, averaged over nodes and ' +
    'looks; max is the fullest node seen.',
  unit: 'ratio',
  kind: 'gauge',
  source: 'quotient',
  scale: 1,
  numerator: 'addresses assigned, over nodes and looks',
  denominator: 'addresses owned, over nodes and looks',
  countedDenominator: true,
  rareEvents: false,
  causes: [],
  whenEmpty: 'no address pool was looked at in the measured window',
};
