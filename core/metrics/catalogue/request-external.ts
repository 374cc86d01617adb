/** Definition of the metric `request.external`. */
import type { DistributionMetric } from '../metric-definition.ts';
import { SECONDS } from '../metric-definition.ts';

export const requestExternal: DistributionMetric = {
  id: 'request.external',
  title: 'request latency from outside',
  about:
    'From the outside client sending the first packet of a request to a node port or a load balancer to its receiving the answer, ' +
    'application time excluded; one sample per request that was answered.',
  unit: 's',
  kind: 'distribution',
  source: 'distribution',
  scale: SECONDS,
  stages: [],
  figure: false,
  whenEmpty: 'no request from outside was answered in the measured window',
};
