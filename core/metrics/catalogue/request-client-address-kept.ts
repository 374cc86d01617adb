/** Definition of the metric `request.clientAddressKept`. */
import type { QuotientMetric } from '../metric-definition.ts';

export const requestClientAddressKept: QuotientMetric = {
  id: 'request.clientAddressKept',
  title: 'requests that come with their client’s address',
  about:
    'Share of answered requests from outside whose endpoint sees the address of the client, not of ' +
    'the node that took the packets.',
  unit: 'ratio',
  kind: 'ratio',
  source: 'quotient',
  scale: 1,
  numerator: 'requests whose client’s address was kept',
  denominator: 'requests from outside that were answered',
  countedDenominator: true,
  rareEvents: false,
  causes: [],
  whenEmpty: 'no request from outside was answered in the measured window',
};
