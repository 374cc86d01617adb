/**
 * CPU time of one packet on one node, from tables that models have filled: hot and cold values of
 * every part, mixed by how much memory the core has touched since its last packet (kernel
 * measurements: 0 up to half the L2 cache, 1 from twice the L2 on). No model is called per packet.
 */
import type { ConstantReader } from '../constant.ts';
import { dataplane } from '../models/dataplane.ts';
import type { CostCurve, HotCold, ProxyPathCosts } from '../models/proxy/proxy-model.ts';
import type { ProxyPlan } from '../plan.ts';

/** A curve made for look-ups: sorted knots in typed arrays. */
export interface CurveTable {
  readonly knots: Float64Array;
  readonly hotNs: Float64Array;
  readonly coldNs: Float64Array;
}

export function curveTable(curve: CostCurve): CurveTable {
  return {
    knots: Float64Array.from(curve.knots),
    hotNs: Float64Array.from(curve.hotNs),
    coldNs: Float64Array.from(curve.coldNs),
  };
}

/** Value of a curve at `x` >= 0 with share `cold` of the cold values; the last slope goes on. */
export function curveAt(table: CurveTable, x: number, cold: number): number {
  const { knots, hotNs, coldNs } = table;
  const last = knots.length - 1;
  if (last === 0) return mix(hotNs[0]!, coldNs[0]!, cold);
  let i = 1;
  while (i < last && knots[i]! < x) i++;
  const share = (x - knots[i - 1]!) / (knots[i]! - knots[i - 1]!);
  const hot = hotNs[i - 1]! + share * (hotNs[i]! - hotNs[i - 1]!);
  const coldValue = coldNs[i - 1]! + share * (coldNs[i]! - coldNs[i - 1]!);
  return mix(hot, coldValue, cold);
}

export function mix(hotNs: number, coldNs: number, cold: number): number {
  return hotNs + cold * (coldNs - hotNs);
}

export interface PacketCosts {
  readonly proxy: ProxyPathCosts;
  readonly walk: CurveTable;
  readonly select: CurveTable;
  /** Half of a veth pair's way (one end), and one routed hop. */
  readonly endHotNs: number;
  readonly endColdNs: number;
  readonly hopHotNs: number;
  readonly hopColdNs: number;
  readonly wakeUpNs: number;
  readonly l2Bytes: number;
  readonly touchBytesPerNs: number;
  /** Of connections of pods: translated in connect(); null where packet by packet. */
  readonly connect: HotCold | null;
  /** Replies to outside clients, by protocol, go from the endpoint's node straight to the client. */
  readonly repliesDirectly: { readonly tcp: boolean; readonly udp: boolean };
  /** Rules of KUBE-NODEPORTS for one node port. */
  readonly rulesPerNodePort: number;
}

/** What of a proxy's configuration decides about packets. */
export type PacketAgent = Pick<ProxyPlan, 'socketTranslation' | 'externalReplies'>;

const PACKET_BY_PACKET: PacketAgent = { socketTranslation: false, externalReplies: 'snat' };

export function packetCosts(
  read: ConstantReader,
  proxy: ProxyPathCosts,
  agent: PacketAgent = PACKET_BY_PACKET,
  rulesPerNodePort = 1,
): PacketCosts {
  return {
    proxy,
    connect: agent.socketTranslation ? proxy.connect : null,
    repliesDirectly: {
      tcp: agent.externalReplies !== 'snat',
      udp: agent.externalReplies === 'dsr',
    },
    rulesPerNodePort,
    walk: curveTable(proxy.walk),
    select: curveTable(proxy.select),
    endHotNs: read(dataplane.directVethHot) / 2,
    endColdNs: read(dataplane.directVethCold) / 2,
    hopHotNs: read(dataplane.routedHopHot),
    hopColdNs: read(dataplane.routedHopCold),
    wakeUpNs: Math.round(read(dataplane.wakeUp)),
    l2Bytes: read(dataplane.l2Bytes),
    touchBytesPerNs: read(dataplane.touchRate) / 1e9,
  };
}

/** Share of cold values after `idleNs` without a packet on the core. */
export function coldShare(costs: PacketCosts, idleNs: number): number {
  const touched = idleNs * costs.touchBytesPerNs;
  const low = costs.l2Bytes / 2;
  const high = costs.l2Bytes * 2;
  if (touched <= low) return 0;
  return touched >= high ? 1 : (touched - low) / (high - low);
}
