/** Definition of the metric `nodeNetworkReady`. */
import type { DistributionMetric } from '../metric-definition.ts';
import { SECONDS } from '../metric-definition.ts';

export const nodeNetworkReady: DistributionMetric = {
  id: 'nodeNetworkReady',
  title: 'node network readiness',
  about:
    'From the moment a node joins the cluster to the end of its first complete proxy ' +
    'sync; one sample per node that joined.',
  unit: 's',
  kind: 'distribution',
  source: 'distribution',
  scale: SECONDS,
  stages: [],
  figure: false,
  whenEmpty: 'no node joined in the measured window',
};
