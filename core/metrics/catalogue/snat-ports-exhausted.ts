/** Definition of the metric `snatPortsExhausted`. */
import { PER_SECOND, type QuotientMetric } from '../metric-definition.ts';

export const snatPortsExhausted: QuotientMetric = {
  id: 'snatPortsExhausted',
  title: 'masqueraded connections without a source port',
  about:
    'First packets of simulated connections that were dropped because no source port of ' +
    'the node was found free towards their endpoint.',
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
