/** Definition of the metric `endpointConvergence`. */

import type { DistributionMetric } from '../metric-definition.ts';
import { SECONDS } from '../metric-definition.ts';
import { PROGRAMMING_STAGES } from '../programming-stages.ts';

export const endpointConvergence: DistributionMetric = {
  id: 'endpointConvergence',
  title: 'endpoint convergence time',
  about:
    'From the trigger of the oldest change in an EndpointSlice write to the moment the write is ' +
    'visible on the last node; one sample per slice write, with the stages of that node.',
  unit: 's',
  kind: 'distribution',
  source: 'distribution',
  scale: SECONDS,
  stages: PROGRAMMING_STAGES,
  figure: true,
  whenEmpty: 'no EndpointSlice was written in the measured window',
};
