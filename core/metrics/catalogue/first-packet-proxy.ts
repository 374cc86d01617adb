/** Definition of the metric `firstPacket.proxy`. */
import type { DistributionMetric } from '../metric-definition.ts';
import { SECONDS } from '../metric-definition.ts';

export const firstPacketProxy: DistributionMetric = {
  id: 'firstPacket.proxy',
  title: "service proxy's share of a first packet",
  about:
    'Time the first packet of a new connection spends in the service proxy of one node, ' +
    'one way; one sample per connection.',
  unit: 's',
  kind: 'distribution',
  source: 'distribution',
  scale: SECONDS,
  stages: [],
  figure: false,
  whenEmpty: 'no connection to a Service was opened in the measured window',
};
