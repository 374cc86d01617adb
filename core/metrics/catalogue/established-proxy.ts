/** Definition of the metric `established.proxy`. */
import type { DistributionMetric } from '../metric-definition.ts';
import { SECONDS } from '../metric-definition.ts';

export const establishedProxy: DistributionMetric = {
  id: 'established.proxy',
  title: "service proxy's share of a later packet",
  about:
    'Time a packet of an established connection spends in the service proxy of one node, ' +
    'one way; one sample per packet looked at.',
  unit: 's',
  kind: 'distribution',
  source: 'distribution',
  scale: SECONDS,
  stages: [],
  figure: false,
  whenEmpty: 'no packet of an established connection was sent in the measured window',
};
