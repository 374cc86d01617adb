/**
 * What the product's models say about one operation under stated conditions, as functions of a
 * reader of constants: the vocabulary in which rows of the ledger are written. Plain ClusterIP
 * Services, all with as many endpoints.
 */
import type { Constant, ConstantReader } from '../../core/constant.ts';
import { dataplane } from '../../core/models/dataplane.ts';
import { ERAS } from '../../core/models/eras.ts';
import { curveNs } from '../../core/models/proxy/cost-curve.ts';
import { nothingFurther } from '../../core/models/proxy/further-objects.ts';
import type { RuleCounts, SyncCost, SyncWork } from '../../core/models/proxy/proxy-model.ts';
import { proxyModel } from '../../core/models/proxy/registry.ts';

export type At = (read: ConstantReader) => number;

/** Back ends of iptables mode, where a source does not say which. */
export const IPTABLES = ['iptables-legacy', 'iptables-nft'] as const;

/** Where the figures were taken with no release in sight: costs do not depend on it. */
const ANY_RELEASE = '1.34';

export function plain(servicePorts: number, endpoints: number): RuleCounts {
  return { servicePorts, emptyServicePorts: 0, endpoints, further: nothingFurther() };
}

/** The cost of one sync, of one changed Service with 2 endpoints unless `change` says otherwise. */
export function syncCost(
  model: string,
  read: ConstantReader,
  counts: RuleCounts,
  change: Partial<SyncWork> = {},
  release = ANY_RELEASE,
): SyncCost {
  const work: SyncWork = {
    full: false,
    initial: false,
    changedServicePorts: 1,
    changedEndpoints: 2,
    changedFurther: nothingFurther(),
    deletes: false,
    lists: false,
    ...counts,
    ...change,
  };
  const cost: SyncCost = { buildNs: 0, kernelNs: 0, cpuNs: 0 };
  proxyModel(model).programmingTime(read, ERAS[release]!)(work, cost);
  return cost;
}

/** Wall-clock time of the commands of a sync alone, nothing built. */
export function commandNs(model: string, counts: RuleCounts, change: Partial<SyncWork> = {}): At {
  return (read) => syncCost(model, read, counts, change).kernelNs;
}

/** Wall-clock time of listing the kernel's table: iptables-save. */
export function saveNs(model: string, counts: RuleCounts): At {
  return (read) =>
    syncCost(model, read, counts, { lists: true }).buildNs - syncCost(model, read, counts).buildNs;
}

/** One way over a veth pair and `hops` routed hops, without netfilter. `cold` is a share. */
export function routedNs(read: ConstantReader, hops: number, cold: number): number {
  const mixed = (hot: Constant, coldOne: Constant) =>
    (cold < 1 ? (1 - cold) * read(hot) : 0) + (cold > 0 ? cold * read(coldOne) : 0);
  return (
    mixed(dataplane.directVethHot, dataplane.directVethCold) +
    hops * mixed(dataplane.routedHopHot, dataplane.routedHopCold)
  );
}

export interface PacketConditions {
  readonly services: number;
  readonly endpointsEach: number;
  /** Rules of KUBE-SERVICES tested. */
  readonly walked: number;
  /** Share of cold values, 0 to 1. */
  readonly cold: number;
}

/** The proxy's share of a first packet. */
export function firstPacketNs(
  model: string,
  read: ConstantReader,
  { services, endpointsEach, walked, cold }: PacketConditions,
): number {
  const counts = plain(services, services * endpointsEach);
  const path = proxyModel(model).compile(read, ERAS[ANY_RELEASE]!, counts);
  const selected = path.selectsLinearly ? (endpointsEach + 1) / 2 : endpointsEach;
  const { hotNs, coldNs } = path.newFlow;
  return (
    hotNs +
    cold * (coldNs - hotNs) +
    (path.walks ? curveNs(path.walk, walked, cold) : 0) +
    curveNs(path.select, selected, cold)
  );
}

/** The proxy's share of a packet of an established flow. */
export function establishedNs(
  model: string,
  read: ConstantReader,
  services: number,
  cold: number,
): number {
  const counts = plain(services, 2 * services);
  const { hotNs, coldNs } = proxyModel(model).compile(read, ERAS[ANY_RELEASE]!, counts).established;
  return hotNs + cold * (coldNs - hotNs);
}
