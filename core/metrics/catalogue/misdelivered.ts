/** Definition of the metric `misdelivered`. */
import type { ExposureMetric } from '../metric-definition.ts';

export const misdelivered: ExposureMetric = {
  id: 'misdelivered',
  title: 'requests delivered to a wrong pod',
  about:
    'Share of requests sent that reach a pod of another owner, because the address was ' +
    'reused before the sending node had programmed the change.',
  unit: 'ratio',
  kind: 'ratio',
  source: 'exposure',
  scale: 1,
  window:
    'from the reuse of an address by another pod until the last node has programmed the ' +
    'removal of the old endpoint',
  whenEmpty:
    'nothing was at risk: no request was sent, or no address was reused while a node ' +
    'still listed it',
};
