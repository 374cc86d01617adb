/** Definition of the metric `node.softirqCpu`. */
import type { QuotientMetric } from '../metric-definition.ts';

export const nodeSoftirqCpu: QuotientMetric = {
  id: 'node.softirqCpu',
  title: 'CPU of packet processing on a node',
  about: 'CPU time spent on packets in softirq context per node and time.',
  unit: 'cores',
  kind: 'gauge',
  source: 'quotient',
  scale: 1,
  numerator: 'softirq CPU time in ns, over nodes',
  denominator: 'measured window in ns, over nodes',
  countedDenominator: false,
  rareEvents: false,
  causes: [],
  whenEmpty: 'no packet was simulated in the measured window',
};
