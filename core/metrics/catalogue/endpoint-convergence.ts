/** Definition of the metric `endpointConvergence`. */
import type { DistributionMetric } from '../metric-definition.ts';
import { SECONDS } from '../metric-definition.ts';

export const endpointConvergence: DistributionMetric = {
  id: 'endpointConvergence',
  title: 'endpoint convergence time',
  about:
    'From the trigger of the oldest change in an EndpointSlice write to the moment the last ' +
    'node has programmed the write; one sample per slice write.',
  unit: 's',
  kind: 'distribution',
  source: 'distribution',
  scale: SECONDS,
  stages: [],
  figure: true,
  whenEmpty: 'no EndpointSlice was written in the measured window',
};
