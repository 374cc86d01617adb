/**
 * From the world at its end to the cell: accumulators, what only the whole run can tell (the last
 * node of each change, windows of exposure), and the audits of the invariants.
 */
import type { Cell, QuotientCell } from '../metrics/cell.ts';
import { Histogram } from '../metrics/histogram.ts';
import { PROGRAMMING_STAGES } from '../metrics/programming-stages.ts';
import { SLI_BOUNDS } from '../metrics/sli.ts';
import { WideSum } from '../metrics/wide-sum.ts';
import { deadEndpointExposure, misdeliveryExposure } from './exposure.ts';
import type { Gauges, Snapshot } from './gauges.ts';
import { FailureCause, type Recorder } from './recorder.ts';
import {
  clientAddresses,
  crossedZones,
  droppedPackets,
  externalDistributions,
  furtherFailures,
} from './request-results.ts';
import { sampleCount } from './sample-count.ts';
import type { World } from './world.ts';
import { WRITE } from './write-times.ts';

export function harvest(
  world: World,
  replication: number,
  from: Snapshot,
  to: Snapshot,
  gauges: Gauges,
): Cell {
  const { plan, recorder, engine, log } = world;
  const horizonNs = plan.horizonNs;
  const changes = convergence(world);
  const watchers = world.fanout.watching();
  const nodeTime = world.proxies.nodeTimeNs(recorder.fromNs, recorder.toNs);
  const distribution = (histogram: Histogram, effective: number, censored = 0) => ({
    histogram: histogram.toCell([]),
    effective,
    censored,
  });
  const rate = (total: number, effective = total): QuotientCell => ({
    numerator: [0, total],
    denominator: [0, horizonNs],
    effective,
  });
  const failed = recorder.failures.reduce((sum, count) => sum + count, 0);
  const ofRequests = (count: number): QuotientCell => ({
    numerator: [0, count],
    denominator: [0, recorder.requests],
    effective: count,
  });
  return {
    format: 1,
    replication,
    events: engine.executed + world.elsewhere.events,
    distributions: {
      networkProgramming: {
        histogram: recorder.networkProgramming.toCell(PROGRAMMING_STAGES),
        effective: changes.writes,
        censored: changes.unprogrammed + changes.unwritten * watchers,
      },
      endpointConvergence: {
        histogram: changes.histogram.toCell(PROGRAMMING_STAGES),
        effective: changes.writes - changes.unconverged,
        censored: changes.unconverged + changes.unwritten,
      },
      proxySync: distribution(recorder.proxySync, changes.writes),
      nodeNetworkReady: distribution(
        recorder.nodeNetworkReady,
        sampleCount(recorder.nodeNetworkReady),
        world.proxies.unready + world.elsewhere.unready,
      ),
      agentRestartGap: distribution(
        recorder.agentRestartGap,
        sampleCount(recorder.agentRestartGap),
        world.proxies.gaps.open + world.elsewhere.restarting,
      ),
      podStartup: distribution(
        recorder.podStartup,
        sampleCount(recorder.podStartup),
        world.pods.starting(recorder.fromNs, recorder.toNs),
      ),
      'firstPacket.proxy': distribution(recorder.firstPacketProxy, recorder.requests),
      'established.proxy': distribution(recorder.establishedProxy, recorder.requests),
      'request.clusterIP': distribution(recorder.requestClusterIp, recorder.succeeded),
      'request.crossNode': distribution(
        recorder.requestCrossNode,
        sampleCount(recorder.requestCrossNode),
      ),
      'request.intraNode': distribution(
        recorder.requestIntraNode,
        sampleCount(recorder.requestIntraNode),
      ),
      ...externalDistributions(recorder),
      ipReuseAge: distribution(recorder.ipReuseAge, sampleCount(recorder.ipReuseAge)),
    },
    buckets: {
      'networkProgramming.sli': {
        bounds: SLI_BOUNDS,
        counts: recorder.sli.toCounts(recorder.networkProgramming),
      },
    },
    quotients: {
      ...gauges.resources.quotients,
      ipPoolUsed: gauges.ipPoolUsed,
      ...gauges.conntrack,
      ...droppedPackets(world, rate),
      'proxySync.failed': {
        numerator: [0, recorder.failedSyncs],
        denominator: [0, sampleCount(recorder.proxySync)],
        effective: recorder.failedSyncs,
      },
      'node.proxyCpu': {
        numerator: recorder.proxyCpuNs.toWide(),
        denominator: nodeTime.toWide(),
        effective: sampleCount(recorder.proxySync),
      },
      'fleet.proxyCpu': {
        numerator: recorder.proxyCpuNs.toWide(),
        denominator: [0, horizonNs],
        effective: sampleCount(recorder.proxySync),
      },
      'node.softirqCpu': {
        numerator: recorder.softirqCpuNs.toWide(),
        denominator: recorder.requests > 0 ? nodeTime.toWide() : [0, 0],
        effective: recorder.requests,
      },
      'apiserver.egressBytes': {
        numerator: recorder.egressBytes.toWide(),
        denominator: [0, horizonNs],
        effective: changes.writes,
      },
      'apiserver.watchEvents': rate(recorder.watchEvents, changes.writes),
      'apiserver.utilisation': rate(busiest(from.fanoutNs, to.fanoutNs), changes.writes),
      'etcd.writes': rate(to.etcdWrites - from.etcdWrites),
      'controller.utilisation': {
        numerator: [0, to.controllerBusyNs - from.controllerBusyNs],
        denominator: product(plan.controlPlane.endpointSlice.concurrentSyncs, horizonNs),
        effective: changes.writes,
      },
      ipAllocationFailed: rate(recorder.addressFailures),
      'request.failed': ofRequests(failed),
      'request.failed.deadEndpoint': ofRequests(recorder.failures[FailureCause.DeadEndpoint]!),
      'request.failed.misdelivered': ofRequests(recorder.failures[FailureCause.Misdelivered]!),
      'request.failed.noEndpoints': ofRequests(recorder.failures[FailureCause.NoEndpoints]!),
      ...furtherFailures(world, ofRequests),
      ...clientAddresses(recorder),
      ...crossedZones(world),
    },
    exposures: {
      deadEndpoint: deadEndpointExposure(world),
      misdelivered: misdeliveryExposure(world),
    },
    series: {
      binNs: recorder.binNs,
      columns: {
        podChanges: Array.from(recorder.podChangeBins),
        sliceWrites: Array.from(recorder.writeBins),
        proxySyncs: Array.from(recorder.syncBins),
        requests: Array.from(recorder.requestBins),
        failedRequests: Array.from(recorder.failureBins),
        programmingNs: Array.from(changes.slowestBins),
        programmedWrites: Array.from(changes.countBins),
      },
    },
    workload: {
      nodes: plan.cluster.nodes,
      pods: world.initialPods,
      services: world.inventory.services.length,
      endpoints: log.endpoints[0]!,
      policies: 0,
      podChanges: recorder.podChanges,
      requests: recorder.requests,
    },
    ...ofClasses(gauges, recorder),
    audits: audits(world),
    warnings: warnings(changes),
  };
}

/** Most time between two looks, over the apiservers. */
function busiest(from: readonly number[], to: readonly number[]): number {
  return to.reduce((most, ns, apiserver) => Math.max(most, ns - from[apiserver]!), 0);
}

/** What each class of proxies takes, where there are several. */
function ofClasses({ resources }: Gauges, recorder: Recorder): Pick<Cell, 'proxyClasses'> {
  if (resources.classes.length === 0) return {};
  const cpuUs = recorder.proxyCpuUsOfClass;
  return {
    proxyClasses: resources.classes.map((one, index) => ({ ...one, proxyCpuUs: cpuUs[index]! })),
  };
}

interface Convergence {
  readonly histogram: Histogram;
  /** Measured writes, those some node has yet to program, and (write, node) pairs left. */
  readonly writes: number;
  readonly unconverged: number;
  readonly unprogrammed: number;
  /** Writes that changes in the window still wait for, one a Service at least. */
  readonly unwritten: number;
  /** By second of the trigger: time to the last node, and writes that got there. */
  readonly slowestBins: Float64Array;
  readonly countBins: Float64Array;
}

function convergence(world: World): Convergence {
  const { inventory, log, proxies, recorder, slices } = world;
  const histogram = new Histogram(PROGRAMMING_STAGES.length);
  const stages = new Float64Array(PROGRAMMING_STAGES.length);
  const slowestBins = new Float64Array(recorder.writeBins.length);
  const countBins = new Float64Array(recorder.writeBins.length);
  let writes = 0;
  let unconverged = 0;
  let unprogrammed = 0;
  const { rows } = log.times;
  const remaining = proxies.remaining();
  const { last } = proxies;
  for (let write = 1; write <= log.length; write++) {
    const row = write * WRITE.stride;
    if (!log.times.isMeasured(write)) continue;
    writes++;
    unprogrammed += remaining[write]!;
    if (remaining[write]! > 0) {
      unconverged++;
      continue;
    }
    const triggerNs = rows[row + WRITE.triggerNs]!;
    const slowest = last.visibleNs[write]! - triggerNs;
    stages[0] = rows[row + WRITE.kubeletNs]!;
    stages[1] = rows[row + WRITE.controllerQueueNs]!;
    stages[2] = rows[row + WRITE.controllerWriteNs]!;
    stages[3] = rows[row + WRITE.apiserverNs]!;
    stages[4] = last.receivedNs[write]! - rows[row + WRITE.commitNs]!;
    stages[5] = last.syncStartNs[write]! - last.receivedNs[write]!;
    stages[6] = last.kernelStartNs[write]! - last.syncStartNs[write]!;
    stages[7] = last.visibleNs[write]! - last.kernelStartNs[write]!;
    histogram.recordEightStages(slowest, stages);
    const bin = recorder.bin(triggerNs);
    slowestBins[bin]! += slowest;
    countBins[bin]!++;
  }
  const owed = slices.owedWrites(
    recorder.fromNs,
    recorder.toNs,
    (service) => !inventory.services[service]!.headless,
  );
  const unwritten = owed + recorder.openTriggers;
  return { histogram, writes, unconverged, unprogrammed, unwritten, slowestBins, countBins };
}

function warnings({ writes, unconverged, unwritten }: Convergence): string[] {
  const slower = 'when the run ended; they count as slower than any measured time';
  const lines: string[] = [];
  if (unconverged > 0) {
    lines.push(
      `${unconverged} of ${writes} slice writes were still being programmed on some node ${slower}`,
    );
  }
  if (unwritten > 0) {
    lines.push(`at least ${unwritten} slice writes were still waiting to be made ${slower}`);
  }
  return lines;
}

function audits(world: World): Cell['audits'] {
  const { recorder, requests, log, addresses, pods, placement } = world;
  const inFlight = requests.inFlight() + world.elsewhere.inFlight;
  const requestsAdd = recorder.started === recorder.ended + inFlight;
  let open = 0;
  for (const service of log.services) open += service.open.size;
  const counted = log.services.reduce((sum, s) => sum + s.ready + s.terminating, 0);
  let owned = 0;
  for (let node = 0; node < placement.activeNodes; node++) owned += addresses.used[node]!;
  let carried = 0;
  for (let pod = 0; pod < pods.count; pod++) {
    const { address, node } = pods;
    if (address[pod]! >= 0 && addresses.ownerOf(node[pod]!, address[pod]!) === pod) carried++;
  }
  return [
    {
      name: 'requests are answered, failed for a reason, or in flight',
      ok: requestsAdd,
      detail: `${recorder.started} started, ${recorder.ended} ended, ${inFlight} in flight`,
    },
    {
      name: 'endpoints counted are endpoints listed',
      ok: open === counted,
      detail: `${open} rows open, ${counted} counted`,
    },
    {
      name: 'every address in use has one owner',
      ok: owned === carried,
      detail: `${owned} in use, ${carried} carried by ${pods.count} pods over time`,
    },
  ];
}

function product(count: number, value: number) {
  const sum = new WideSum();
  sum.addProduct(value, count);
  return sum.toWide();
}
