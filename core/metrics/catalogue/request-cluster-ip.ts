/** Definition of the metric `request.clusterIP`. */
import type { DistributionMetric } from '../metric-definition.ts';
import { SECONDS } from '../metric-definition.ts';

export const requestClusterIP: DistributionMetric = {
  id: 'request.clusterIP',
  title: 'request latency through a ClusterIP',
  about:
    'From sending the first packet of a request to a ClusterIP to receiving its answer, ' +
    'application time excluded; one sample per request that was answered.',
  unit: 's',
  kind: 'distribution',
  source: 'distribution',
  scale: SECONDS,
  stages: [],
  figure: true,
  whenEmpty: 'no request to a ClusterIP was answered in the measured window',
};
