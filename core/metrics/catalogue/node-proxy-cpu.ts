/** Definition of the metric `node.proxyCpu`. */
import type { QuotientMetric } from '../metric-definition.ts';

export const nodeProxyCpu: QuotientMetric = {
  id: 'node.proxyCpu',
  title: 'CPU of the service proxy on a node',
  about: 'CPU time the service proxy spends on syncs, user and kernel, per node and time.',
  unit: 'cores',
  kind: 'gauge',
  source: 'quotient',
  scale: 1,
  numerator: 'CPU time of syncs in ns, over nodes',
  denominator: 'measured window in ns, over nodes',
  countedDenominator: false,
  rareEvents: false,
  causes: [],
  whenEmpty: 'no node was measured',
};
