/** Definition of the metric `fleet.kernelMemory`. */
import type { QuotientMetric } from '../metric-definition.ts';

export const fleetKernelMemory: QuotientMetric = {
  id: 'fleet.kernelMemory',
  title: 'kernel memory of the service proxies of all nodes',
  about: 'Memory as in kernelMemory, over all nodes of the cluster together.',
  unit: 'bytes',
  kind: 'gauge',
  source: 'quotient',
  scale: 1,
  numerator: 'bytes of all nodes, over looks',
  denominator: 'looks',
  countedDenominator: true,
  rareEvents: false,
  causes: [],
  whenEmpty: 'no node was looked at in the measured window',
};
