/** Definition of the metric `proxySync`. */
import type { DistributionMetric } from '../metric-definition.ts';
import { SECONDS } from '../metric-definition.ts';

export const proxySync: DistributionMetric = {
  id: 'proxySync',
  title: 'proxy sync duration',
  about:
    'From the start to the end of one sync of the service proxy on one node, partial and ' +
    'full syncs alike; one sample per sync.',
  unit: 's',
  kind: 'distribution',
  source: 'distribution',
  scale: SECONDS,
  stages: [],
  figure: false,
  whenEmpty: 'no proxy sync ended in the measured window',
};
