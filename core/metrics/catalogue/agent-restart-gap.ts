/** Definition of the metric `agentRestartGap`. */
import type { DistributionMetric } from '../metric-definition.ts';
import { SECONDS } from '../metric-definition.ts';

export const agentRestartGap: DistributionMetric = {
  id: 'agentRestartGap',
  title: 'gap of a proxy restart',
  about:
    "From the stop of a node's service proxy, by a restart or an upgrade, to the end of the first " +
    'sync that succeeds afterwards; one sample per restart.',
  unit: 's',
  kind: 'distribution',
  source: 'distribution',
  scale: SECONDS,
  stages: [],
  figure: false,
  whenEmpty: 'no proxy was restarted in the measured window',
};
