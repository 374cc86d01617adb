/** Definition of the metric `fleet.proxyCpu`. */
import type { QuotientMetric } from '../metric-definition.ts';

export const fleetProxyCpu: QuotientMetric = {
  id: 'fleet.proxyCpu',
  title: 'CPU of the service proxies of all nodes',
  about:
    'CPU time the service proxies of all nodes together spend on syncs, user and ' +
    'kernel, per time.',
  unit: 'cores',
  kind: 'gauge',
  source: 'quotient',
  scale: 1,
  numerator: 'CPU time of syncs in ns, over all nodes',
  denominator: 'measured window in ns',
  countedDenominator: false,
  rareEvents: false,
  causes: [],
  whenEmpty: 'no time was measured',
};
