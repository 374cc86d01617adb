/**
 * From the commit of a slice write to its visibility on a node: the fan-out of the apiserver, the
 * node's earlier syncs, and the sync that carries it. Rules: docs/models/network-programming.md.
 */
import type { Emission } from '../network/fanout.ts';
import { wholeNs } from '../network/write-times.ts';
import type { Plan } from '../plan.ts';
import type { ObservedSample, ObservedSync, ObservedWrite, SyncKindName } from '../trace.ts';
import type { Cause } from './causes.ts';
import type { RunMemory } from './run-memory.ts';
import type { Waits } from './waits.ts';

const BEHIND: Readonly<Record<SyncKindName, Cause>> = {
  initial: 'behindInitial',
  full: 'behindFull',
  listing: 'behindListing',
  partial: 'behindPartial',
};

const OWN: Readonly<Record<SyncKindName, Cause>> = {
  initial: 'ownInitial',
  full: 'ownFull',
  listing: 'ownListing',
  partial: 'ownPartial',
};

export class NodeWaits {
  private readonly plan: Plan;
  private readonly memory: RunMemory;

  constructor(plan: Plan, memory: RunMemory) {
    this.plan = plan;
    this.memory = memory;
  }

  /** Walks a sample of the last sync that its node has made. */
  walk(write: ObservedWrite, sample: ObservedSample, waits: Waits): void {
    this.fanout(write, sample, waits);
    this.proxyWait(sample, waits);
    const { kind, previous, position } = this.memory.lastSync(sample.node);
    const { syncStartNs, kernelStartNs, visibleNs } = sample;
    const carried = waits.detailed ? [position - previous] : undefined;
    waits.add('syncBuild', OWN[kind], syncStartNs, kernelStartNs, carried);
    waits.add('kernel', OWN[kind], kernelStartNs, visibleNs, carried);
  }

  private fanout(write: ObservedWrite, sample: ObservedSample, waits: Waits): void {
    const { commitNs, emission } = write;
    const { apiserver, place, latencyNs, receivedNs } = sample;
    if (emission === null) return;
    const startNs = emission.startNs[apiserver]!;
    const sentNs = startNs + wholeNs((place + 1) * emission.unitNs);
    const arrivalNs = sentNs + latencyNs;
    // An apiserver that is gone never sends what commits meanwhile.
    if (receivedNs < arrivalNs || this.isOut(apiserver, commitNs, receivedNs)) {
      waits.add('fanout', this.interruption(sample, commitNs), commitNs, receivedNs, [apiserver]);
      return;
    }
    this.fanoutQueue(write, apiserver, startNs, waits);
    const bound = this.boundOf(emission);
    const detail = waits.detailed ? [apiserver, place + 1, write.watchers[apiserver]!] : undefined;
    waits.add('fanout', bound, startNs, sentNs, detail);
    waits.add('fanout', 'network', sentNs, arrivalNs);
    if (receivedNs === arrivalNs) return;
    waits.add('fanout', this.interruption(sample, arrivalNs), arrivalNs, receivedNs, [apiserver]);
  }

  private boundOf({ unitNs, bytes }: Emission): Cause {
    const bandwidthNs = (1e9 * bytes) / this.plan.controlPlane.fanoutBytesPerSecond;
    return unitNs === bandwidthNs ? 'fanoutBandwidth' : 'fanoutCpu';
  }

  /** From the commit of a write until its apiserver starts to send it: the write before, and lists. */
  private fanoutQueue(
    write: ObservedWrite,
    apiserver: number,
    startNs: number,
    waits: Waits,
  ): void {
    const { commitNs, position } = write;
    const before = this.memory.writeAt(position - 1);
    let sinceNs = commitNs;
    if (startNs > commitNs && before?.emission) {
      const freeNs = Math.min(startNs, sentNs(before, before.emission, apiserver));
      const queue = waits.detailed ? this.ahead(write, apiserver) : undefined;
      if (freeNs > commitNs) {
        waits.add('fanout', this.boundOf(before.emission), commitNs, freeNs, queue);
        sinceNs = freeNs;
      }
    }
    waits.add('fanout', 'fanoutLists', sinceNs, startNs, [apiserver]);
  }

  /** Why a node received at `receivedNs` what the fan-out alone brings at `arrivalNs`. */
  private interruption({ node, apiserver, receivedNs }: ObservedSample, arrivalNs: number): Cause {
    const { controlPlane } = this.plan;
    if (this.memory.lastSync(node).proxyStartedNs >= arrivalNs) return 'stoppedAgent';
    const { share } = controlPlane.slowWatchers;
    const isSlow = Math.floor((node + 1) * share) > Math.floor(node * share);
    if (this.isOut(apiserver, arrivalNs, receivedNs)) return 'apiserverOutage';
    return isSlow ? 'slowLink' : 'relist';
  }

  /** Whether an apiserver was gone at `fromNs`, and there again by `toNs`. */
  private isOut(apiserver: number, fromNs: number, toNs: number): boolean {
    const { events, warmUpNs } = this.plan;
    return events.some((event) => {
      if (event.kind !== 'apiserverOutage' || event.apiserver !== apiserver) return false;
      const goneNs = warmUpNs + event.atNs;
      const thereNs = goneNs + event.forNs;
      return goneNs <= fromNs && fromNs < thereNs && thereNs <= toNs;
    });
  }

  /** Earlier writes that were yet to be sent when `write` was committed, and the newest of them. */
  private ahead({ position, commitNs }: ObservedWrite, apiserver: number): number[] {
    let first = position;
    for (let before = position - 1; before > 0; before--) {
      const earlier = this.memory.writeAt(before);
      if (!earlier?.emission || sentNs(earlier, earlier.emission, apiserver) <= commitNs) break;
      first = before;
    }
    return [apiserver, position - first, 0, position - 1];
  }

  private proxyWait({ node, receivedNs, syncStartNs }: ObservedSample, waits: Waits): void {
    if (syncStartNs === receivedNs) return;
    let sinceNs = receivedNs;
    let before: ObservedSync | undefined;
    for (const sync of this.memory.syncsSince(node, receivedNs)) {
      if (sync.completedNs > sinceNs) {
        this.pause(before, sinceNs, sync.startNs, waits);
        const fromNs = Math.max(sinceNs, sync.startNs);
        const changes = sync.position - sync.previous;
        const cause = sync.failed ? 'failedSync' : BEHIND[sync.kind];
        const detail = [sync.startNs, sync.completedNs, changes];
        waits.add('proxyWait', cause, fromNs, sync.completedNs, detail);
        sinceNs = sync.completedNs;
      }
      before = sync;
    }
    this.pause(before, sinceNs, syncStartNs, waits);
  }

  /** Nothing ran from `fromNs` until a sync started at `toNs`. */
  private pause(
    before: ObservedSync | undefined,
    fromNs: number,
    toNs: number,
    waits: Waits,
  ): void {
    if (toNs <= fromNs) return;
    if (before?.failed) waits.add('proxyWait', 'failedSync', fromNs, toNs, [before.completedNs]);
    else {
      const detail = before === undefined ? [] : [before.completedNs, before.position];
      waits.add('proxyWait', 'minSyncPeriod', fromNs, toNs, detail);
    }
  }
}

/** When an apiserver has sent a write to all its watchers. */
function sentNs(
  { watchers }: ObservedWrite,
  { startNs, unitNs }: Emission,
  apiserver: number,
): number {
  return startNs[apiserver]! + Math.ceil(watchers[apiserver]! * unitNs);
}
