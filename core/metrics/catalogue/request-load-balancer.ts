/** Definition of the metric `request.loadBalancer`. */
import type { DistributionMetric } from '../metric-definition.ts';
import { SECONDS } from '../metric-definition.ts';

export const requestLoadBalancer: DistributionMetric = {
  id: 'request.loadBalancer',
  title: 'request latency through a load balancer',
  about:
    'From the outside client sending the first packet of a request to the address of a load balancer to its receiving the answer, ' +
    'application time excluded; one sample per request that was answered.',
  unit: 's',
  kind: 'distribution',
  source: 'distribution',
  scale: SECONDS,
  stages: [],
  figure: false,
  whenEmpty: 'no request to a load balancer was answered in the measured window',
};
