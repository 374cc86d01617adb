/**
 * What Services that are not plain ClusterIP ones bring into kernels of one class of nodes, after each
 * write of the slice log. Sums are entered when somebody asks; a cluster of plain Services has none of
 * this, and pays nothing.
 */
import type { Era } from '../models/eras.ts';
import {
  addOfService,
  type FurtherObjects,
  type FurtherObjectsOfService,
  furtherObjectsOf,
  nothingFurther,
} from '../models/proxy/further-objects.ts';
import type { ProxyModel } from '../models/proxy/proxy-model.ts';
import type { ProxyPlan, ServicePlan, ServicePortPlan } from '../plan.ts';
import type { UsableColumns } from './place-counts.ts';
import type { SliceLog } from './slice-log.ts';

/** Columns of a row. */
const RULES = 0;
const CHAINS = 1;
const FRONT_ENDS = 2;
const SETS = 3;
const STRIDE = 4;
const INITIAL_ROWS = 256;

export class FurtherTotals {
  private readonly log: SliceLog;
  private readonly counts: UsableColumns;
  private readonly services: readonly (FurtherObjectsOfService | null)[];
  /** By write: sums over all Services. */
  private rows = new Float64Array(INITIAL_ROWS * STRIDE);
  private entered = 0;
  /** After write `entered`: usable endpoints by Service, and the sums. */
  private readonly usable: Int32Array;
  private readonly sum = nothingFurther();

  /**
   * `counts` of the place of the nodes; `services`: null for plain ones. To be made before the log's
   * first write.
   */
  constructor(
    log: SliceLog,
    counts: UsableColumns,
    services: readonly (FurtherObjectsOfService | null)[],
  ) {
    this.log = log;
    this.counts = counts;
    this.services = services;
    this.usable = Int32Array.from(services, (_, service) => counts.usableNow(service));
    services.forEach((further, service) => {
      if (further !== null) addOfService(this.sum, further, this.usable[service]!, 1);
    });
    this.enterRow(0);
  }

  /** Enters the sums over all Services after the first `position` writes into `total`. */
  at(position: number, total: FurtherObjects): void {
    while (this.entered < position) this.enter(this.entered + 1);
    const { rows } = this;
    const row = position * STRIDE;
    total.rules = rows[row + RULES]!;
    total.chains = rows[row + CHAINS]!;
    total.frontEnds = rows[row + FRONT_ENDS]!;
    total.sets = rows[row + SETS]!;
  }

  /** Adds what a Service has with `usable` endpoints. */
  add(service: number, usable: number, sum: FurtherObjects): void {
    const further = this.services[service]!;
    if (further !== null) addOfService(sum, further, usable, 1);
  }

  private enter(write: number): void {
    const { log, counts, services, usable, sum } = this;
    const service = log.service[write]!;
    const further = services[service]!;
    if (further !== null) {
      addOfService(sum, further, usable[service]!, -1);
      addOfService(sum, further, counts.usable[write]!, 1);
      usable[service] = counts.usable[write]!;
    }
    this.entered = write;
    this.enterRow(write);
  }

  private enterRow(write: number): void {
    const row = write * STRIDE;
    if (row + STRIDE > this.rows.length) {
      const wider = new Float64Array(2 * this.rows.length);
      wider.set(this.rows);
      this.rows = wider;
    }
    const { rows, sum } = this;
    rows[row + RULES] = sum.rules;
    rows[row + CHAINS] = sum.chains;
    rows[row + FRONT_ENDS] = sum.frontEnds;
    rows[row + SETS] = sum.sets;
  }
}

/** For nodes with this proxy; null if no Service brings anything further. */
export function furtherTotals(
  log: SliceLog,
  counts: UsableColumns,
  services: readonly ServicePlan[],
  model: ProxyModel,
  era: Era,
  proxy: ProxyPlan,
): FurtherTotals | null {
  const byPorts = new Map<string, FurtherObjectsOfService | null>();
  let last: readonly ServicePortPlan[] = [];
  let lastFurther: FurtherObjectsOfService | null = null;
  const ofPorts = (ports: readonly ServicePortPlan[]) => {
    // Services of a population have one array of ports.
    if (ports === last) return lastFurther;
    const key = JSON.stringify(ports);
    let further = byPorts.get(key);
    if (further === undefined) {
      further = furtherObjectsOf(model.kernel, era, ports, proxy);
      byPorts.set(key, further);
    }
    last = ports;
    lastFurther = further;
    return further;
  };
  const all = services.map((service) => (service.headless ? null : ofPorts(service.ports)));
  return all.some((further) => further !== null) ? new FurtherTotals(log, counts, all) : null;
}
