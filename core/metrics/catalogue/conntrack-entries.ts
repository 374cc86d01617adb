/** Definition of the metric `conntrackEntries`. */
import type { QuotientMetric } from '../metric-definition.ts';

export const conntrackEntries: QuotientMetric = {
  id: 'conntrackEntries',
  title: 'entries in the connection tracking tables',
  about:
    'Entries of simulated connections in the table of a node when the measured window ends, averaged ' +
    'over nodes that track connections; max is the fullest one. Tables start empty.',
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
