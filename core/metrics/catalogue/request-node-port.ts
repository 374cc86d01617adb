/** Definition of the metric `request.nodePort`. */
import type { DistributionMetric } from '../metric-definition.ts';
import { SECONDS } from '../metric-definition.ts';

export const requestNodePort: DistributionMetric = {
  id: 'request.nodePort',
  title: 'request latency through a node port',
  about:
    'From the outside client sending the first packet of a request to a node port to its receiving the answer, ' +
    'application time excluded; one sample per request that was answered.',
  unit: 's',
  kind: 'distribution',
  source: 'distribution',
  scale: SECONDS,
  stages: [],
  figure: false,
  whenEmpty: 'no request to a node port was answered in the measured window',
};
