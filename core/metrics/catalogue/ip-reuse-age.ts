/** Definition of the metric `ipReuseAge`. */
import type { DistributionMetric } from '../metric-definition.ts';
import { SECONDS } from '../metric-definition.ts';

export const ipReuseAge: DistributionMetric = {
  id: 'ipReuseAge',
  title: 'age of a pod address at reuse',
  about:
    'From the release of a pod address to its next assignment; one sample per assignment ' +
    'of an address used before.',
  unit: 's',
  kind: 'distribution',
  source: 'distribution',
  scale: SECONDS,
  stages: [],
  figure: false,
  whenEmpty: 'no pod address was reused in the measured window',
};
