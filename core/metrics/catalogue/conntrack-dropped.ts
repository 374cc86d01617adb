/** Definition of the metric `conntrackDropped`. */
import { PER_SECOND, type QuotientMetric } from '../metric-definition.ts';

export const conntrackDropped: QuotientMetric = {
  id: 'conntrackDropped',
  title: 'new connections dropped at full tables',
  about:
    "First packets of simulated connections that found a node's connection tracking table " +
    'full with nothing to evict, at either node, retries included: a request that fails for it ' +
    '(request.failed.conntrackFull) has sent seven, one that gets through late some.',
  unit: '1/s',
  kind: 'rate',
  source: 'quotient',
  scale: PER_SECOND,
  numerator: 'first packets dropped',
  denominator: 'nanoseconds of the measured window',
  countedDenominator: false,
  rareEvents: true,
  causes: [],
  whenEmpty: 'there is no traffic that could be dropped, or no node tracks connections',
};
