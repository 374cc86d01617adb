/** Definition of the metric `networkProgramming.sli`. */
import type { BucketMetric } from '../metric-definition.ts';
import { SECONDS } from '../metric-definition.ts';

export const networkProgrammingSli: BucketMetric = {
  id: 'networkProgramming.sli',
  title: 'network programming latency as the Kubernetes SLI shows it',
  about:
    "The samples of networkProgramming pooled over all nodes into kube-proxy's own " +
    "histogram buckets; quantiles interpolated as Prometheus' histogram_quantile does.",
  unit: 's',
  kind: 'distribution',
  source: 'buckets',
  scale: SECONDS,
  samplesOf: 'networkProgramming',
  whenEmpty: 'no EndpointSlice was written in the measured window',
};
