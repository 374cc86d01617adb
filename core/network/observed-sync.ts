/** What an observer of a run is told of a node's last sync. Allocates: for traced runs only. */
import type { ObservedSample, ObservedSync, RunObserver, SyncKindName } from '../trace.ts';
import type { NodeProxy } from './node-proxy.ts';
import { WRITE, type WriteTimes } from './write-times.ts';

export function observedSync(at: NodeProxy, failed: boolean): ObservedSync {
  const { node, startNs, kernelStartNs, completedNs, previous, position, startedNs } = at;
  return {
    node,
    startNs,
    kernelStartNs,
    completedNs,
    previous,
    position,
    kind: kindOf(at),
    failed,
    proxyStartedNs: startedNs,
  };
}

/** As whose watcher the node of a sync has received what it covers. */
export function watcherOf({
  apiserver,
  place,
  latencyNs,
}: NodeProxy): Pick<ObservedSample, 'apiserver' | 'place' | 'latencyNs'> {
  return { apiserver, place, latencyNs };
}

/** Whether an observer wants the sample of `write` on a node, where it is visible at `visibleNs`. */
export function isTold(
  observer: RunObserver,
  times: WriteTimes,
  node: number,
  write: number,
  visibleNs: number,
): boolean {
  const triggerNs = times.rows[write * WRITE.stride + WRITE.triggerNs]!;
  return times.isMeasured(write) && observer.wants(write, node, visibleNs - triggerNs);
}

/** As far as its node remembers; a sync that failed has forgotten. */
function kindOf(at: NodeProxy): SyncKindName {
  const { sync, startedNs, completedNs, lastFullNs, lastListNs, isWhole } = at;
  if (lastFullNs === completedNs) {
    return isWhole || (startedNs > 0 && sync === 0) ? 'initial' : 'full';
  }
  return lastListNs === completedNs ? 'listing' : 'partial';
}
