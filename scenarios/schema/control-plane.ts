/** `spec.controlPlane`: limits and timers, with the defaults of Kubernetes. */
import { z } from 'zod';
import { bandwidth, duration, field, share } from './field.ts';

function clientLimit(qps: number, burst: number, about: string, source: string) {
  return field(
    z
      .strictObject({
        qps: field(z.number().positive().max(1e6).default(qps), 'Requests a second', { source }),
        burst: field(z.int().min(1).max(1e6).default(burst), 'Requests at once after a pause', {
          source,
        }),
      })
      .prefault({}),
    about,
  );
}

export const controlPlaneSchema = z.strictObject({
  apiservers: field(z.int().min(1).max(100).default(3), 'Copies of kube-apiserver', {
    source: 'assumed: a highly available control plane',
  }),
  controllerManager: clientLimit(
    20,
    30,
    'Client limit of each controller. At the default it decides everything above about 13 pod changes a second',
    'kube-controller-manager --kube-api-qps and --kube-api-burst (kubernetes PR #47731)',
  ),
  endpointSlice: field(
    z
      .strictObject({
        maxEndpoints: field(
          z.int().min(1).max(1000).default(100),
          'Endpoints of one slice at most',
          {
            source: 'kube-controller-manager --max-endpoints-per-slice',
          },
        ),
        batchPeriod: field(
          duration().default('0s'),
          'Pause between a pod event and the sync of its Service',
          {
            source: 'kube-controller-manager --endpointslice-updates-batch-period',
          },
        ),
        concurrentSyncs: field(z.int().min(1).max(50).default(5), 'Services worked on at once', {
          source: 'kube-controller-manager --concurrent-service-endpoint-syncs',
        }),
      })
      .prefault({}),
    'The EndpointSlice controller',
  ),
  watch: field(
    z
      .strictObject({
        fanoutBandwidth: field(
          bandwidth().default('1.25GB/s'),
          'Egress of each kube-apiserver for watch events',
          { source: 'assumed: one 10 Gbit/s interface' },
        ),
        slowWatchers: field(
          z
            .strictObject({
              share: field(share(), 'Nodes, as a share of all, whose watch is slow'),
              bandwidth: field(
                bandwidth().default('1MB/s'),
                'What the watch of such a node carries',
                {
                  source: 'assumed: a node behind a bad link',
                },
              ),
            })
            .optional(),
          'Nodes that receive watch events more slowly than the apiserver sends them; one that falls too far behind is cut off and asks for everything again',
          {
            allowed: '{share: 2%, bandwidth: 1MB/s}',
            default: 'no node is slow',
            source: 'nothing is added to what is written',
          },
        ),
      })
      .prefault({}),
    'Watches',
  ),
  scheduler: clientLimit(
    50,
    100,
    'Client limit of kube-scheduler',
    'KubeSchedulerConfiguration clientConnection',
  ),
  kubelet: clientLimit(
    50,
    100,
    'Client limit of each kubelet',
    'KubeletConfiguration kubeAPIQPS, kubeAPIBurst',
  ),
});
