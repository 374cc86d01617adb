/** Definition of the metric `kernelRules`. */
import type { QuotientMetric } from '../metric-definition.ts';

export const kernelRules: QuotientMetric = {
  id: 'kernelRules',
  title: 'rules in the kernel of a node',
  about:
    'Rules of all tables, or entries of all maps, that the service proxy keeps in the ' +
    'kernel of one node, averaged over nodes and looks; max is the largest node seen.',
  unit: 'count',
  kind: 'gauge',
  source: 'quotient',
  scale: 1,
  numerator: 'rules, over nodes and looks',
  denominator: 'nodes looked at',
  countedDenominator: true,
  rareEvents: false,
  causes: [],
  whenEmpty: 'no node was looked at in the measured window',
};
