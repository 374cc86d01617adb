/** Definition of the metric `endpointConvergence`. */
import type { DistributionMetric } from '../metric-definition.ts';
import { SECONDS } from '../metric-definition.ts';

export const endpointConvergence: DistributionMetric = {
  id: 'endpointConvergence',
  title: 'endpoint convergence time',
  about:
    'From a change of one endpoint (ready, not ready, gone) to the moment the last node ' +
    'has programmed it; one sample per change.',
  unit: 's',
  kind: 'distribution',
  source: 'distribution',
  scale: SECONDS,
  stages: [],
  figure: true,
  whenEmpty: 'no endpoint changed in the measured window',
};
