/**
 * What a sync has to do: the state of all Services after the newest write it covers, and how much has
 * changed since the last. A Service that several covered writes change counts once, as the newest
 * leaves it: coalescing is what kube-proxy does.
 */
import type { SyncWork } from '../models/proxy/proxy-model.ts';
import type { SliceLog } from './slice-log.ts';

export class CoveredChanges {
  private readonly log: SliceLog;
  private readonly ports: Int32Array;
  private readonly servicePorts: number;
  /** Serial number of the last description that met each Service. */
  private readonly metBy: Float64Array;
  private serial = 0;
  /** `ports` by Service; 0 for those that kube-proxy does not program. */
  constructor(log: SliceLog, ports: Int32Array) {
    this.log = log;
    this.ports = ports;
    this.servicePorts = ports.reduce((sum, count) => sum + count, 0);
    this.metBy = new Float64Array(ports.length);
  }

  /** Enters into `work` what a sync from position `from` to `to` has to do. */
  describe(from: number, to: number, work: SyncWork): void {
    const { log, ports, metBy } = this;
    const serial = ++this.serial;
    work.servicePorts = this.servicePorts;
    work.endpoints = log.endpoints[to]!;
    work.emptyServicePorts = log.emptyServicePorts[to]!;
    work.changedServicePorts = 0;
    work.changedEndpoints = 0;
    work.deletes = false;
    for (let write = to; write > from; write--) {
      if (log.removes[write] === 1) work.deletes = true;
      const service = log.service[write]!;
      if (metBy[service] === serial) continue;
      metBy[service] = serial;
      work.changedServicePorts += ports[service]!;
      work.changedEndpoints += ports[service]! * log.usable[write]!;
    }
  }
}
