/**
 * Causes: what a part of a chain waited for. One entry a cause: a new one is an entry here and a line
 * where it is seen (`write-waits.ts` up to the commit, `node-waits.ts` from there on). `title` follows
 * "spent most of its time ..."; `behind` is what one wait of it says, given its numbers.
 */
import type { Names } from './names.ts';

/** Numbers of a wait, in the order in which its cause names them. */
export type Detail = readonly number[];

export interface CauseEntry {
  readonly title: string;
  /** Absent where the title says all. */
  readonly behind?: (detail: Detail, names: Names) => string;
}

export const CAUSES = {
  // kubelet
  addressReturn: cause('returning the address (CNI DEL) before the object is deleted'),
  statusQueue: cause(
    "behind other status requests of the node's kubelet",
    ([ahead, pod], names) =>
      `${count(ahead, 'status request')} first, one at a time; the last of ${names.pod(pod!)}`,
  ),
  kubeletLimit: cause("held back by the kubelet's client limit"),
  statusWrite: cause('in the status request and its answer'),
  informer: cause("on the way to the controller's informer"),
  // controllerQueue
  batchPeriod: cause('in the batch period of the EndpointSlice controller'),
  workersBusy: cause(
    'in the queue of the EndpointSlice controller, all workers busy',
    ([ahead, ...busy], names) =>
      [
        `${count(ahead, 'Service')} ahead in the queue`,
        ...(busy.length > 0 ? [`workers busy with ${names.services(busy)}`] : []),
      ].join(', '),
  ),
  ownSync: cause('until the controller had written earlier changes of the same Service'),
  staleCache: cause(
    "until the controller retried: its cache had not seen the Service's last write",
    ([failures]) => `its cache had not seen the last write: failure ${failures} in a row`,
  ),
  // controllerWrite
  computing: cause('in the computing of a sync of the EndpointSlice controller'),
  earlierWrites: cause(
    'behind earlier writes of the same sync',
    ([place, of]) => `write ${place} of ${of} of its sync, each after the one before`,
  ),
  controllerLimit: cause(
    "held back by the EndpointSlice controller's client limit",
    ([grantNs]) => `next token at ${seconds(grantNs!)}`,
  ),
  // kubelet and apiserver
  etcdQueue: cause(
    'behind other writes in etcd',
    ([ahead]) => `about ${count(ahead, 'write')} ahead`,
  ),
  write: cause('in the write itself (apiserver and etcd)'),
  // fanout
  fanoutLists: cause(
    'until the apiserver had sent lists to other nodes',
    ([apiserver]) => `apiserver-${apiserver} sending lists to other nodes`,
  ),
  fanoutBandwidth: cause(
    "in the fan-out of slice writes, bound by the apiserver's bandwidth",
    fanningOut('bandwidth'),
  ),
  fanoutCpu: cause(
    "in the fan-out of slice writes, bound by the apiserver's CPU",
    fanningOut('CPU'),
  ),
  network: cause('on the network to the node'),
  slowLink: cause("on the slow link of the node's watch"),
  relist: cause(
    'until the node had its lists: its watch was interrupted',
    ([apiserver]) => `until it had lists from apiserver-${apiserver}`,
  ),
  apiserverOutage: cause(
    'until its apiserver was there again after an outage, and the node had its lists',
    ([apiserver]) => `outage of apiserver-${apiserver}, until the node had lists from it`,
  ),
  stoppedAgent: cause('until the proxy of the node was there again, with its lists'),
  // proxyWait
  minSyncPeriod: cause(
    'in the minSyncPeriod after the sync before',
    ([completedNs, position], names) =>
      `the sync before completed at ${seconds(completedNs!)}${position! > 0 ? `, with ${names.write(position!)}` : ''}`,
  ),
  behindInitial: cause("behind the node's initial sync", running('the initial sync')),
  behindFull: cause('behind a full sync of the node', running('a full sync')),
  behindListing: cause(
    'behind a sync of the node that lists the kernel',
    running('a listing sync'),
  ),
  behindPartial: cause('behind a sync of other changes on the node', running('a partial sync')),
  failedSync: cause('in a sync of the node that failed, and until it tried again', (detail) =>
    detail.length === 1
      ? `the sync before failed at ${seconds(detail[0]!)}; until it is tried again`
      : runningText('a sync that failed', detail),
  ),
  // syncBuild, kernel
  ownInitial: cause("in the node's initial sync", own('initial')),
  ownFull: cause('in its own sync, a full one', own('full')),
  ownListing: cause('in its own sync, which lists the kernel', own('listing')),
  ownPartial: cause('in its own sync, a partial one', own('partial')),
} as const satisfies Record<string, CauseEntry>;

export type Cause = keyof typeof CAUSES;

export const CAUSE_IDS = Object.keys(CAUSES) as readonly Cause[];

/** What a wait was for on the face of it, where its cause is the root of that. */
export interface Surface {
  readonly cause: Cause;
  readonly detail: Detail;
}

/** What a wait says of itself: its numbers in words, or else its cause; its surface first. */
export function behindText(
  cause: Cause,
  detail: Detail,
  names: Names,
  surface: Surface | null = null,
): string {
  const entry: CauseEntry = CAUSES[cause];
  if (surface !== null) {
    return `${behindText(surface.cause, surface.detail, names)}; mostly ${entry.title}`;
  }
  return entry.behind === undefined || detail.length === 0
    ? entry.title
    : entry.behind(detail, names);
}

function cause(title: string, behind?: CauseEntry['behind']): CauseEntry {
  return behind === undefined ? { title } : { title, behind };
}

function running(what: string): CauseEntry['behind'] {
  return (detail) => runningText(what, detail);
}

function runningText(what: string, [startNs, completedNs, changes]: Detail): string {
  const carried = changes === 0 ? '' : `, with ${count(changes, 'slice write')}`;
  return `${what} ran from ${seconds(startNs!)} to ${seconds(completedNs!)}${carried}`;
}

/** Of a write itself or, as told by a fourth number, of writes before it. */
function fanningOut(bound: string): CauseEntry['behind'] {
  return ([apiserver, place, watchers, position], names) =>
    position === undefined
      ? `watcher ${grouped(place!)} of ${grouped(watchers!)} at apiserver-${apiserver}, bound by ${bound}`
      : `apiserver-${apiserver} sending ${count(place, 'earlier write')}, the last of ${names.write(position)}, bound by ${bound}`;
}

function own(kind: string): CauseEntry['behind'] {
  return ([changes]) => `${kind} sync with ${count(changes, 'slice write')}`;
}

function seconds(ns: number): string {
  return `${(ns / 1e9).toFixed(3)}s`;
}

function count(value: number | undefined, noun: string): string {
  return `${grouped(value!)} ${noun}${value === 1 ? '' : 's'}`;
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
