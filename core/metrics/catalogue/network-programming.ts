/** Definition of the metric `networkProgramming`. */

import type { DistributionMetric } from '../metric-definition.ts';
import { SECONDS } from '../metric-definition.ts';
import { PROGRAMMING_STAGES } from '../programming-stages.ts';

export const networkProgramming: DistributionMetric = {
  id: 'networkProgramming',
  title: 'network programming latency',
  about:
    'From the trigger of the oldest change in an EndpointSlice write to the moment the ' +
    "write is visible in a node's kernel; one sample per slice write and node.",
  unit: 's',
  kind: 'distribution',
  source: 'distribution',
  scale: SECONDS,
  stages: PROGRAMMING_STAGES,
  figure: true,
  whenEmpty: 'no EndpointSlice was written in the measured window',
};
