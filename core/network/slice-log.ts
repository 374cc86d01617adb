/**
 * The log of EndpointSlice writes that kube-proxies watch, in etcd's order, stored once for the
 * whole cluster. Position `p` means "the first p writes are programmed"; write `w` (from 1) is
 * visible at position p when w <= p. Row 0 is the state at the start. When a write passed where is in
 * `write-times.ts`; what nodes make of it is not in the log.
 */
import { type HintRules, NO_HINT } from './hint-rules.ts';
import { PlaceCounts, type UsableColumns, wider } from './place-counts.ts';
import { RowHints } from './row-hints.ts';
import { type EndpointChange, EndpointState } from './slice-packing.ts';
import { WriteTimes } from './write-times.ts';

/** Endpoints of one Service as positions see them. */
export interface EndpointRows {
  /** Rows of the Service that some node may still see, oldest first: indices into `rows`. */
  rows: number[];
  /** The open row of each pod. */
  readonly open: Map<number, number>;
  ready: number;
  terminating: number;
}

const OPEN = 2 ** 31 - 1;
const INITIAL = 1024;

export class SliceLog {
  /** Writes so far; the newest write's index. */
  length = 0;
  service = new Int32Array(INITIAL);
  /** Usable endpoints of the Service after the write. */
  usable = new Int32Array(INITIAL);
  /** The write changes the usable endpoints of a Service that had some: old rules go. */
  removes = new Uint8Array(INITIAL);
  /** Over all Services after the write. */
  endpoints = new Float64Array(INITIAL);
  emptyServicePorts = new Int32Array(INITIAL);
  /** When it passed the control plane, and when it is sent to whom. */
  readonly times: WriteTimes;
  /** Endpoint rows: intervals of positions [from, to) with one state. */
  rows = 0;
  rowPod = new Int32Array(INITIAL);
  rowState = new Uint8Array(INITIAL);
  rowFrom = new Int32Array(INITIAL);
  rowTo = new Int32Array(INITIAL);
  /** Zone the endpoint hints at, or `NO_HINT`. */
  rowHint = new Int8Array(INITIAL);
  /** Null if no endpoint has a hint. */
  readonly hints: RowHints | null;
  readonly services: EndpointRows[];
  /** Pods that the newest write made usable in its Service, and those that are so no more. */
  readonly gained: number[] = [];
  readonly lost: number[] = [];
  /** Usable service ports x endpoints and empty ports now. */
  private endpointsNow = 0;
  private emptyNow = 0;
  private readonly ports: Int32Array;
  /** Of places that count otherwise than the log. */
  private readonly places: PlaceCounts[] = [];

  /**
   * `ports` by Service; 0 for a Service that kube-proxy does not program. `hinting`: null if no endpoint
   * has a hint.
   */
  constructor(
    ports: Int32Array,
    apiservers: number,
    initial: readonly (readonly number[])[],
    hinting: {
      readonly rules: HintRules;
      readonly pods: { readonly node: Int32Array };
    } | null = null,
  ) {
    this.ports = ports;
    this.hints = hinting && new RowHints(this, hinting.rules, hinting.pods);
    this.times = new WriteTimes(apiservers);
    this.services = initial.map((pods, service) => {
      const rows: EndpointRows = { rows: [], open: new Map(), ready: 0, terminating: 0 };
      if (ports[service] === 0) return rows;
      const state = EndpointState.Ready;
      for (const pod of pods) {
        const hint = hinting?.rules.of(service, pod, state) ?? NO_HINT;
        this.openRow(rows, { pod, state, hint }, 0);
      }
      rows.ready = pods.length;
      this.endpointsNow += ports[service]! * pods.length;
      if (pods.length === 0) this.emptyNow += ports[service]!;
      return rows;
    });
    this.endpoints[0] = this.endpointsNow;
    this.emptyServicePorts[0] = this.emptyNow;
  }

  /** Endpoints that kube-proxy would program now: ready ones, or else the terminating. */
  usableNow(service: number): number {
    const rows = this.services[service]!;
    return rows.ready > 0 ? rows.ready : rows.terminating;
  }

  /** Appends a write at its commit; returns its index. */
  append(service: number, changes: readonly EndpointChange[]): number {
    const write = ++this.length;
    if (write === this.service.length) this.grow();
    this.service[write] = service;
    const rows = this.services[service]!;
    const usableBefore = this.usableNow(service);
    this.apply(rows, changes, write);
    const replaced = usableBefore > 0 && this.lost.length + this.gained.length > 0;
    this.removes[write] = replaced ? 1 : 0;
    const usable = this.usableNow(service);
    this.usable[write] = usable;
    const ports = this.ports[service]!;
    this.endpointsNow += ports * (usable - usableBefore);
    if (usableBefore === 0) this.emptyNow -= ports;
    if (usable === 0) this.emptyNow += ports;
    this.endpoints[write] = this.endpointsNow;
    this.emptyServicePorts[write] = this.emptyNow;
    for (const place of this.places) place.enter(write);
    return write;
  }

  /**
   * What the nodes of a zone count whose proxies fall back on terminating endpoints, or do not; to be
   * asked before the first write.
   */
  countsAt(zone: number, fallsBack: boolean): UsableColumns {
    if (this.hints === null && fallsBack) return this;
    const known = this.places.find(
      ({ place }) => place.fallsBack === fallsBack && (place.zone === zone || this.hints === null),
    );
    if (known !== undefined) return known;
    const counts = new PlaceCounts(this, this.ports, this.hints, { zone, fallsBack });
    this.places.push(counts);
    return counts;
  }

  /** Rows of a Service that are in state `wanted` after the newest write, oldest first. */
  openRows(service: number, wanted: EndpointState): number[] {
    const { length, rowState, rowTo, services } = this;
    return services[service]!.rows.filter(
      (row) => rowState[row] === wanted && rowTo[row]! > length,
    );
  }

  /** Forgets rows that no node can see any more. */
  compact(lowestPosition: number): void {
    for (const service of this.services) {
      if (service.rows.length < 2 * service.open.size + 8) continue;
      service.rows = service.rows.filter((row) => this.rowTo[row]! > lowestPosition);
    }
  }

  /** Applies the changes of the newest write, and notes what they change for packets. */
  private apply(rows: EndpointRows, changes: readonly EndpointChange[], write: number): void {
    const hadReady = rows.ready > 0;
    const before = changes.map(({ pod }) => this.stateOf(rows, pod));
    changes.forEach((change, i) => {
      const { pod, state } = change;
      this.count(rows, before[i]!, -1);
      this.count(rows, state, 1);
      const row = rows.open.get(pod);
      if (row !== undefined) this.rowTo[row] = write;
      if (state === EndpointState.Absent) rows.open.delete(pod);
      else this.openRow(rows, change, write);
    });
    const hasReady = rows.ready > 0;
    this.gained.length = 0;
    this.lost.length = 0;
    changes.forEach(({ pod, state }, i) => {
      this.note(pod, isUsable(before[i]!, hadReady), isUsable(state, hasReady));
    });
    if (hadReady === hasReady) return;
    for (const [pod, row] of rows.open) {
      if (this.rowFrom[row] === write || this.rowState[row] === EndpointState.Ready) continue;
      this.note(pod, !hadReady, !hasReady);
    }
  }

  private stateOf(rows: EndpointRows, pod: number): EndpointState {
    const row = rows.open.get(pod);
    return row === undefined ? EndpointState.Absent : (this.rowState[row] as EndpointState);
  }

  private count(rows: EndpointRows, state: EndpointState, by: number): void {
    if (state === EndpointState.Ready) rows.ready += by;
    else if (state === EndpointState.Terminating) rows.terminating += by;
  }

  private note(pod: number, before: boolean, after: boolean): void {
    if (after && !before) this.gained.push(pod);
    else if (before && !after) this.lost.push(pod);
  }

  private openRow(rows: EndpointRows, { pod, state, hint }: EndpointChange, from: number): void {
    if (this.rows === this.rowPod.length) this.growRows();
    const row = this.rows++;
    this.rowPod[row] = pod;
    this.rowState[row] = state;
    this.rowFrom[row] = from;
    this.rowTo[row] = OPEN;
    this.rowHint[row] = hint ?? NO_HINT;
    rows.rows.push(row);
    rows.open.set(pod, row);
  }

  private grow(): void {
    const length = this.service.length * 2;
    const ints = ['service', 'usable', 'emptyServicePorts'] as const;
    for (const name of ints) this[name] = wider(this[name], new Int32Array(length));
    this.endpoints = wider(this.endpoints, new Float64Array(length));
    this.removes = wider(this.removes, new Uint8Array(length));
  }

  private growRows(): void {
    const length = this.rowPod.length * 2;
    this.rowPod = wider(this.rowPod, new Int32Array(length));
    this.rowState = wider(this.rowState, new Uint8Array(length));
    this.rowFrom = wider(this.rowFrom, new Int32Array(length));
    this.rowTo = wider(this.rowTo, new Int32Array(length));
    this.rowHint = wider(this.rowHint, new Int8Array(length));
  }
}

/** Terminating endpoints are used while none is ready. */
function isUsable(state: EndpointState, anyReady: boolean): boolean {
  return state === (anyReady ? EndpointState.Ready : EndpointState.Terminating);
}
