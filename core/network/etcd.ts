/**
 * Writes: the apiserver's processing, then etcd as one FIFO station. Requests arrive in time order
 * and all objects share it, so a write's commit is its place in etcd's order.
 */

import type { ConstantReader } from '../constant.ts';
import { visit } from '../engine/station.ts';
import { controlPlane } from '../models/control-plane.ts';

export class Etcd {
  writes = 0;
  private readonly processingNs: number;
  private readonly serviceNs: number;
  private readonly latencyNs: number;
  private readonly lastDepartureNs = new Float64Array(1);

  constructor(read: ConstantReader) {
    this.processingNs = Math.round(read(controlPlane.apiserverProcessing));
    this.serviceNs = Math.round(read(controlPlane.etcdService));
    this.latencyNs = Math.round(read(controlPlane.etcdLatency));
  }

  /** Commit time of a write whose request reaches the apiserver at `nowNs`. */
  commit(nowNs: number): number {
    this.writes++;
    const departure = visit(this.lastDepartureNs, 0, nowNs + this.processingNs, this.serviceNs);
    return departure + this.latencyNs;
  }
}
