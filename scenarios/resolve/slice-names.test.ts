/** Sizes of EndpointSlices by the names of manifests. */
import { describe, expect, it } from 'vitest';
import { sliceSize } from '../../core/models/slice-bytes.ts';
import { deployment, experimentOf, service } from '../testing/load-text.ts';

const slicesOf = (documents: string, spec = 'spec: {}\n') =>
  experimentOf(`${spec}${documents}`).points[0]!.plan.services[0]!.slices;

const node = (name: string) =>
  `---\napiVersion: v1\nkind: Node\nmetadata: { name: ${name}, labels: { topology.kubernetes.io/zone: eu-1a } }\n`;

describe('slices of a Service in the input', () => {
  const shape = {
    serviceName: 3,
    namespace: 7,
    nodeName: 38,
    // web-0123456789-abcde
    podName: 20,
    zone: 10,
    address: 10,
    portNames: [0],
    endpoints: 1,
    hints: 'none',
  } as const;

  it('have the size of a message with its names, pods as a Deployment names them', () => {
    const { eventBytes } = sliceSize({ ...shape, endpoints: 0 });
    const { endpointBytes } = sliceSize(shape);
    expect(slicesOf(`${deployment('web')}${service('web')}`)).toEqual({
      bytesFixed: eventBytes,
      bytesPerEndpoint: endpointBytes,
    });
  });

  it('grow with names of pods, and with hints', () => {
    const bytes = slicesOf(`${deployment('web')}${service('web')}`)!.bytesPerEndpoint;
    const longer = slicesOf(`${deployment('storefront')}${service('storefront')}`)!;
    expect(longer.bytesPerEndpoint).toBe(bytes + 7);
    const close = service('web').replace('spec: {', 'spec: { trafficDistribution: PreferClose,');
    expect(slicesOf(`${deployment('web')}${close}`)!.bytesPerEndpoint).toBe(bytes + 16);
  });

  it('have the names of Node objects and their zones', () => {
    const nodes = ['n1', 'n2', 'n3'].map(node).join('');
    const { endpointBytes } = sliceSize({ ...shape, nodeName: 2, zone: 5, address: 9 });
    const found = slicesOf(`${deployment('web')}${service('web')}${nodes}`)!.bytesPerEndpoint;
    expect(found).toBe(endpointBytes);
  });

  it('are as large as constants of the scenario say', () => {
    const spec = 'spec: { constants: { control-plane.slice.bytes-fixed: 900 } }\n';
    expect(slicesOf(`${deployment('web')}${service('web')}`, spec)).toBeNull();
  });
});
