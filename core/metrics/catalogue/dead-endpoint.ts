/** Definition of the metric `deadEndpoint`. */
import type { ExposureMetric } from '../metric-definition.ts';

export const deadEndpoint: ExposureMetric = {
  id: 'deadEndpoint',
  title: 'requests sent to a dead endpoint',
  about:
    'Share of requests sent that go to an address at which no pod listens any more, ' +
    'because the sending node had not programmed the removal.',
  unit: 'ratio',
  kind: 'ratio',
  source: 'exposure',
  scale: 1,
  window: 'from the death of an endpoint until the last node has programmed its removal',
  whenEmpty:
    'nothing was at risk: no request was sent, or no endpoint died before its removal was' +
    ' programmed',
};
