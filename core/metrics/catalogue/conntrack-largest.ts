/** Definition of the metric `conntrackLargest`. */
import type { QuotientMetric } from '../metric-definition.ts';

export const conntrackLargest: QuotientMetric = {
  id: 'conntrackLargest',
  title: 'most entries a connection tracking table ever held',
  about:
    'The most entries the table of a node has held since the start, averaged over nodes that track ' +
    'connections; max is the largest of all.',
  unit: 'count',
  kind: 'gauge',
  source: 'quotient',
  scale: 1,
  numerator: 'entries, over nodes and looks',
  denominator: 'nodes looked at',
  countedDenominator: true,
  rareEvents: false,
  causes: [],
  whenEmpty: 'no node tracks connections of simulated traffic',
};
