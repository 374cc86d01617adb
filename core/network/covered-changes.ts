/**
 * What a sync has to do: the state of all Services after the newest write it covers, and how much has
 * changed since the last. A Service that several covered writes change counts once, as the newest
 * leaves it: coalescing is what kube-proxy does.
 */
import type { FurtherObjects } from '../models/proxy/further-objects.ts';
import type { SyncWork } from '../models/proxy/proxy-model.ts';
import type { FurtherTotals } from './further-totals.ts';
import type { UsableColumns } from './place-counts.ts';
import type { SliceLog } from './slice-log.ts';

export class CoveredChanges {
  /** The last sync described takes endpoints from a UDP Service: kube-proxy cleans up after it. */
  cleansUp = false;
  private readonly log: SliceLog;
  private readonly counts: UsableColumns;
  private readonly ports: Int32Array;
  private readonly servicePorts: number;
  private readonly further: FurtherTotals | null;
  private readonly hasUdp: readonly boolean[];
  /** Serial number of the last description that met each Service. */
  private readonly metBy: Float64Array;
  private serial = 0;

  /**
   * `counts` of the place of the nodes whose syncs are described. `ports` by Service; 0 for those that kube-proxy does not program. `further` of the nodes whose syncs
   * are described; null if all Services are plain. `hasUdp` by Service: it has a UDP port.
   */
  constructor(
    log: SliceLog,
    counts: UsableColumns,
    ports: Int32Array,
    further: FurtherTotals | null,
    hasUdp: readonly boolean[],
  ) {
    this.hasUdp = hasUdp;
    this.log = log;
    this.counts = counts;
    this.further = further;
    this.ports = ports;
    this.servicePorts = ports.reduce((sum, count) => sum + count, 0);
    this.metBy = new Float64Array(ports.length);
  }

  /** Enters into `work` what a sync from position `from` to `to` has to do. */
  describe(from: number, to: number, work: SyncWork): void {
    const { log, counts, ports, metBy, further } = this;
    const serial = ++this.serial;
    work.servicePorts = this.servicePorts;
    work.endpoints = counts.endpoints[to]!;
    work.emptyServicePorts = counts.emptyServicePorts[to]!;
    work.changedServicePorts = 0;
    work.changedEndpoints = 0;
    work.deletes = false;
    this.cleansUp = false;
    if (further !== null) {
      further.at(to, work.further);
      clear(work.changedFurther);
    }
    for (let write = to; write > from; write--) {
      const service = log.service[write]!;
      if (counts.removes[write] === 1) {
        work.deletes = true;
        if (this.hasUdp[service]) this.cleansUp = true;
      }
      if (metBy[service] === serial) continue;
      metBy[service] = serial;
      work.changedServicePorts += ports[service]!;
      work.changedEndpoints += ports[service]! * counts.usable[write]!;
      if (further !== null) further.add(service, counts.usable[write]!, work.changedFurther);
    }
  }
}

function clear(sum: FurtherObjects): void {
  sum.rules = 0;
  sum.chains = 0;
  sum.frontEnds = 0;
  sum.sets = 0;
}
