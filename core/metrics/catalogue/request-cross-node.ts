/** Definition of the metric `request.crossNode`. */
import type { DistributionMetric } from '../metric-definition.ts';
import { SECONDS } from '../metric-definition.ts';

export const requestCrossNode: DistributionMetric = {
  id: 'request.crossNode',
  title: 'request latency between nodes',
  about:
    'From sending the first packet of a request to receiving its answer when client and ' +
    'endpoint are on different nodes, application time excluded.',
  unit: 's',
  kind: 'distribution',
  source: 'distribution',
  scale: SECONDS,
  stages: [],
  figure: false,
  whenEmpty: 'no request between two nodes was answered in the measured window',
};
