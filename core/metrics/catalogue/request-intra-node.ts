/** Definition of the metric `request.intraNode`. */
import type { DistributionMetric } from '../metric-definition.ts';
import { SECONDS } from '../metric-definition.ts';

export const requestIntraNode: DistributionMetric = {
  id: 'request.intraNode',
  title: 'request latency within a node',
  about:
    'From sending the first packet of a request to receiving its answer when client and ' +
    'endpoint are on the same node, application time excluded.',
  unit: 's',
  kind: 'distribution',
  source: 'distribution',
  scale: SECONDS,
  stages: [],
  figure: false,
  whenEmpty: 'no request within a node was answered in the measured window',
};
