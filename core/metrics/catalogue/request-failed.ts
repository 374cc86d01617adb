/** Definition of the metric `request.failed`. */
import type { QuotientMetric } from '../metric-definition.ts';

export const requestFailed: QuotientMetric = {
  id: 'request.failed',
  title: 'requests that fail',
  about:
    'Share of requests sent that get no answer from a pod of the Service they were meant ' +
    'for, or whose connection is reset later, in all and by cause.',
  unit: 'ratio',
  kind: 'ratio',
  source: 'quotient',
  scale: 1,
  numerator: 'requests that failed',
  denominator: 'requests sent',
  countedDenominator: true,
  rareEvents: true,
  causes: [
    'deadEndpoint',
    'misdelivered',
    'noEndpoints',
    'noLocalEndpoint',
    'reset',
    'conntrackFull',
    'snatPortsExhausted',
  ],
  whenEmpty: 'no request was sent in the measured window',
};
