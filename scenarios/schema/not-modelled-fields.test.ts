import { expect, it } from 'vitest';
import { deployment, loadText, service } from '../testing/load-text.ts';

it('a review of a later release is refused field by field, not ignored', () => {
  const spec = `spec:
  cluster: { nodes: 5000, ipam: { mode: calico } }
  cni: { plugin: calico, overlay: vxlan }
  policy: { engine: calico }
  mesh: {}
  dns: {}
  workload: { policies: [{ count: 5 }], trace: { path: a.csv } }
  traffic: [{ name: a, to: service/web, rate: { perPod: 1/s }, flowSize: web-search, kind: pod, from: deployment/web }]
  sensitivity: [{ path: proxy.minSyncPeriod, range: [1s, 2s] }]
  calibration: { from: a.yaml }
${deployment('web')}${service('web')}`;
  const { diagnostics } = loadText(spec);
  expect(diagnostics.map(({ code }) => code)).toEqual(Array(12).fill('E130'));
  expect(diagnostics.every(({ help }) => help !== undefined)).toBe(true);
});
