/**
 * Usable endpoints as the nodes of one place count them, where that is not what the slice log counts:
 * the nodes of a zone whose proxies follow hints, or nodes of a release that leaves terminating
 * endpoints alone. Entered write by write, as the log is; Services for which the place makes no
 * difference cost nothing but a copy. Hints for nodes count as those for their zone do: how many
 * endpoints of a Service one node alone uses is not looked at.
 */
import type { RowHints } from './row-hints.ts';
import type { SliceLog } from './slice-log.ts';
import { EndpointState } from './slice-packing.ts';

/** By write: what `SliceLog` says of the columns of these names. */
export interface UsableColumns {
  readonly usable: Int32Array;
  readonly removes: Uint8Array;
  readonly endpoints: Float64Array;
  readonly emptyServicePorts: Int32Array;
  /** Usable endpoints of a Service after the newest write. */
  usableNow(service: number): number;
}

/** A zone, and whether its proxies fall back on terminating endpoints. */
export interface CountedPlace {
  readonly zone: number;
  readonly fallsBack: boolean;
}

export class PlaceCounts implements UsableColumns {
  usable = new Int32Array(0);
  removes = new Uint8Array(0);
  endpoints = new Float64Array(0);
  emptyServicePorts = new Int32Array(0);
  readonly place: CountedPlace;
  private readonly log: SliceLog;
  private readonly hints: RowHints | null;
  private readonly ports: Int32Array;
  /** Rows in use by Service; null where the log's own count holds. */
  private readonly rows: (readonly number[] | null)[];
  private readonly usableOf: Int32Array;
  private endpointsNow = 0;
  private emptyNow = 0;
  private readonly scratch: number[] = [];

  /** To be made before the log's first write. */
  constructor(log: SliceLog, ports: Int32Array, hints: RowHints | null, place: CountedPlace) {
    this.log = log;
    this.ports = ports;
    this.hints = hints;
    this.place = place;
    this.rows = log.services.map((_, service) => {
      const differs = !place.fallsBack || hints?.hasHints(service) === true;
      return differs ? this.choose(service) : null;
    });
    this.usableOf = Int32Array.from(
      this.rows,
      (rows, service) => rows?.length ?? log.usableNow(service),
    );
    this.usableOf.forEach((usable, service) => {
      this.endpointsNow += ports[service]! * usable;
      if (usable === 0) this.emptyNow += ports[service]!;
    });
    this.enterSums(0);
  }

  usableNow(service: number): number {
    return this.usableOf[service]!;
  }

  /** The log has entered its newest write. */
  enter(write: number): void {
    const { log, ports, rows, usableOf } = this;
    const service = log.service[write]!;
    const before = usableOf[service]!;
    const former = rows[service]!;
    let usable = log.usable[write]!;
    let removes = log.removes[write]!;
    if (former !== null) {
      const now = this.choose(service);
      usable = now.length;
      removes = before > 0 && !this.arePodsOf(former, now) ? 1 : 0;
      rows[service] = now;
    }
    usableOf[service] = usable;
    this.endpointsNow += ports[service]! * (usable - before);
    if (before === 0) this.emptyNow -= ports[service]!;
    if (usable === 0) this.emptyNow += ports[service]!;
    this.enterSums(write);
    this.usable[write] = usable;
    this.removes[write] = removes;
  }

  private choose(service: number): readonly number[] {
    const { log, hints, scratch, place } = this;
    const ready = log.openRows(service, EndpointState.Ready);
    if (ready.length === 0) {
      return place.fallsBack ? log.openRows(service, EndpointState.Terminating) : ready;
    }
    if (hints?.hasHints(service) !== true) return ready;
    return hints.inZone(ready, place.zone, scratch).slice();
  }

  /** Whether rows are of the same pods. */
  private arePodsOf(former: readonly number[], now: readonly number[]): boolean {
    if (former.length !== now.length) return false;
    const { rowPod } = this.log;
    const pods = new Set(former.map((row) => rowPod[row]!));
    return now.every((row) => pods.has(rowPod[row]!));
  }

  private enterSums(write: number): void {
    const { length } = this.log.service;
    if (this.usable.length < length) {
      this.usable = wider(this.usable, new Int32Array(length));
      this.removes = wider(this.removes, new Uint8Array(length));
      this.endpoints = wider(this.endpoints, new Float64Array(length));
      this.emptyServicePorts = wider(this.emptyServicePorts, new Int32Array(length));
    }
    this.endpoints[write] = this.endpointsNow;
    this.emptyServicePorts[write] = this.emptyNow;
  }
}

/** The same column with more room. */
export function wider<T extends Float64Array | Int32Array | Int8Array | Uint8Array>(
  from: T,
  to: T,
): T {
  to.set(from);
  return to;
}
