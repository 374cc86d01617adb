/** Definition of the metric `podStartup`. */
import type { DistributionMetric } from '../metric-definition.ts';
import { SECONDS } from '../metric-definition.ts';

export const podStartup: DistributionMetric = {
  id: 'podStartup',
  title: 'pod start-up time',
  about:
    'From the creation of a pod to its Ready condition being visible in the apiserver; ' +
    'one sample per pod created.',
  unit: 's',
  kind: 'distribution',
  source: 'distribution',
  scale: SECONDS,
  stages: [],
  figure: false,
  whenEmpty: 'no pod was created in the measured window',
};
