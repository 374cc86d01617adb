/** Definition of the metric `kernelMemory`. */
import type { QuotientMetric } from '../metric-definition.ts';

export const kernelMemory: QuotientMetric = {
  id: 'kernelMemory',
  title: 'kernel memory of the service proxy on a node',
  about:
    'Memory that the rules, sets or maps of the service proxy take in the kernel of one ' +
    'node, connections tracked by nf_conntrack not counted, averaged over nodes and ' +
    'looks; max is the largest node seen.',
  unit: 'bytes',
  kind: 'gauge',
  source: 'quotient',
  scale: 1,
  numerator: 'bytes, over nodes and looks',
  denominator: 'nodes looked at',
  countedDenominator: true,
  rareEvents: false,
  causes: [],
  whenEmpty: 'no node was looked at in the measured window',
};
