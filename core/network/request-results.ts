/** What of a cell only runs with certain traffic have: requests from outside, further causes of failure. */
import type { Cell, QuotientCell } from '../metrics/cell.ts';
import { FailureCause, type Recorder } from './recorder.ts';
import { sampleCount } from './sample-count.ts';
import type { World } from './world.ts';

/** Of requests from outside, if there are any. */
export function externalDistributions(recorder: Recorder): Cell['distributions'] {
  const { requestNodePort, requestLoadBalancer, requestExternal } = recorder;
  const histograms = Object.entries({
    'request.nodePort': requestNodePort,
    'request.loadBalancer': requestLoadBalancer,
    'request.external': requestExternal,
  });
  return Object.fromEntries(
    histograms.flatMap(([id, histogram]) => {
      const effective = sampleCount(histogram);
      if (effective === 0) return [];
      return [[id, { histogram: histogram.toCell([]), effective, censored: 0 }]];
    }),
  );
}

/** Causes that not every run can have. */
export function furtherFailures(
  world: World,
  ofRequests: (count: number) => QuotientCell,
): Cell['quotients'] {
  const { inventory, plan, recorder } = world;
  const tracks = tracksFlows(world);
  const ports = inventory.services.flatMap((service) => service.ports);
  const isLocal = ports.some(
    (port) => port.internalPolicy === 'Local' || port.externalPolicy === 'Local',
  );
  const possible = [
    ['noLocalEndpoint', FailureCause.NoLocalEndpoint, isLocal],
    ['reset', FailureCause.Reset, plan.traffic.some(({ lifetime }) => lifetime !== null)],
    ['conntrackFull', FailureCause.ConntrackFull, tracks && plan.traffic.length > 0],
    [
      'snatPortsExhausted',
      FailureCause.SnatPortsExhausted,
      tracks && plan.traffic.some(({ kind }) => kind !== 'clusterIP'),
    ],
  ] as const;
  return Object.fromEntries(
    possible.flatMap(([name, cause, isPossible]) =>
      isPossible ? [[`request.failed.${name}`, ofRequests(recorder.failures[cause]!)]] : [],
    ),
  );
}

/** First packets that were dropped where flows are tracked, if there are any to drop. */
export function droppedPackets(
  world: World,
  rate: (total: number) => QuotientCell,
): Cell['quotients'] {
  const { plan, recorder } = world;
  if (plan.traffic.length === 0 || !tracksFlows(world)) return {};
  const isExternal = plan.traffic.some(({ kind }) => kind !== 'clusterIP');
  return {
    conntrackDropped: rate(recorder.flowsDropped),
    ...(isExternal ? { snatPortsExhausted: rate(recorder.portSearchesFailed) } : {}),
  };
}

/** Whether any agent leaves tracking flows to the kernel. */
function tracksFlows({ proxies }: World): boolean {
  return proxies.classes.some(({ model }) => model.tracksFlowsItself !== true);
}

/** Whose requests came with the client's own address, of those from outside. */
export function clientAddresses({ external, addressesKept }: Recorder): Cell['quotients'] {
  if (external === 0) return {};
  return {
    'request.clientAddressKept': {
      numerator: [0, addressesKept],
      denominator: [0, external],
      effective: external,
    },
  };
}

/** Requests that left their zone, if there are others. */
export function crossedZones({ topology, recorder }: World): Cell['quotients'] {
  const answered = recorder.succeeded + recorder.external;
  if (topology.zones === 1 || answered === 0) return {};
  return {
    'request.crossZone': {
      numerator: [0, recorder.zonesCrossed],
      denominator: [0, answered],
      effective: answered,
    },
  };
}
