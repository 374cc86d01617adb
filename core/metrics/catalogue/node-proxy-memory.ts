/** Definition of the metric `node.proxyMemory`. */
import type { QuotientMetric } from '../metric-definition.ts';

export const nodeProxyMemory: QuotientMetric = {
  id: 'node.proxyMemory',
  title: 'memory of the service proxy on a node',
  about:
    'Memory of the service proxy itself, in user space, averaged over nodes and looks; ' +
    'max is the largest node seen.',
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
