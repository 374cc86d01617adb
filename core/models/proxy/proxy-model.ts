/**
 * What a proxy mode tells the simulator. Three moments, none of them per packet: `compile` fills
 * the tables the packet path walks, `programmingTime` says how long a node needs for one sync,
 * and the text says what is modelled. One file a mode, one line in `index.ts`.
 */
import type { Constant, ConstantReader } from '../../constant.ts';
import type { Era } from '../eras.ts';
import type { FurtherObjects } from './further-objects.ts';
import type { KernelMode } from './rules/registry.ts';

/** When a change that a sync carries becomes visible to packets. */
export const Visibility = {
  /** All at once, when the sync commits (iptables, nftables). */
  Commit: 0,
  /** Entry by entry, in the order in which a walk over all Services meets them (IPVS). */
  Walk: 1,
  /** Entry by entry, in the order in which the changes arrived (eBPF). */
  Arrival: 2,
} as const;
export type Visibility = (typeof Visibility)[keyof typeof Visibility];

/** The counts a model may depend on. Counted per Service *port*, as kernel objects are. */
export interface RuleCounts {
  /** Service ports that kube-proxy programs (headless and ExternalName excluded). */
  servicePorts: number;
  /** Those of `servicePorts` without any usable endpoint. */
  emptyServicePorts: number;
  /** Sum over service ports of their endpoints. */
  endpoints: number;
  /** What Services have beyond plain ClusterIP ones with as many ports and endpoints. */
  further: FurtherObjects;
}

/** What one sync has to program. Reused between calls: models must not keep it. */
export interface SyncWork extends RuleCounts {
  /** Everything is written again. */
  full: boolean;
  /** The first sync after a start: the kernel holds nothing yet (implies `full`). */
  initial: boolean;
  changedServicePorts: number;
  /** Endpoints, after the change, of the changed service ports. */
  changedEndpoints: number;
  /** As `further`, of the changed Services after the change. */
  changedFurther: FurtherObjects;
  /** The sync removes chains, elements or entries. */
  deletes: boolean;
  /** The sync also lists what is in the kernel (iptables-save), see `listsAfterNs`. */
  lists: boolean;
}

/** The answer. Written by the model, reused between calls. Whole nanoseconds. */
export interface SyncCost {
  /** Building the input in user space. */
  buildNs: number;
  /** From handing it over until the last change is visible, sleeping included. */
  kernelNs: number;
  /** CPU time of both. */
  cpuNs: number;
}

/** Piecewise-linear in a count: `ns[i]` at `knots[i]`, straight between, last slope beyond. */
export interface CostCurve {
  readonly knots: readonly number[];
  readonly hotNs: readonly number[];
  readonly coldNs: readonly number[];
}

/** A cost with everything in the cache, and with everything out of it. */
export interface HotCold {
  readonly hotNs: number;
  readonly coldNs: number;
}

/**
 * The proxy's own share of one packet's way through one node:
 * first packet = newFlow + walk(rules met before the match) + select(endpoint rules evaluated).
 */
export interface ProxyPathCosts {
  readonly newFlow: HotCold;
  readonly established: HotCold;
  /** By rules walked; a Service's place is random and changes with each sync if `walks`. */
  readonly walk: CostCurve;
  readonly walks: boolean;
  /** By endpoint rules evaluated (`selectsLinearly`) or by number of endpoints. */
  readonly select: CostCurve;
  readonly selectsLinearly: boolean;
  readonly pick: 'random' | 'roundRobin';
  /** Each endpoint whose session affinity is looked up; nothing where one look-up finds the client. */
  readonly affinity: HotCold;
  /** What a first packet from outside costs more, besides the rules it walks and masquerading. */
  readonly external: HotCold;
  readonly masquerade: {
    readonly newFlow: HotCold;
    /** Of each packet after the first, either way. */
    readonly established: HotCold;
    /** The client's address is kept where the endpoint is on the node that took the packet. */
    readonly remoteOnly: boolean;
  };
  /** Rules a node port takes where node ports are on localhost too; 1 if not given. */
  readonly localhostNodePortRules?: number;
  /** Translation in connect(); null where there is none. */
  readonly connect: HotCold | null;
}

export interface ProxyModel {
  readonly title: string;
  /** What it models and what it leaves out, a line each, for the report and `explain`. */
  readonly models: readonly string[];
  readonly ignores: readonly string[];
  readonly lifecycle: {
    readonly since: string;
    readonly deprecated?: string;
    readonly removed?: string;
  };
  readonly minimumKernel: string;
  readonly constants: readonly Constant[];
  /** What it keeps in a kernel: rules/ counts it for every kind of Service. */
  readonly kernel: KernelMode;
  readonly visibility: Visibility;
  /** Flows are tracked in maps of the proxy's own, not by the kernel. */
  readonly tracksFlowsItself?: true;
  /** Largest counts at which the costs were measured; beyond, a warning stands beside the verdict. */
  readonly calibrated: { readonly servicePorts: number; readonly endpoints: number };
  readonly defaults: { readonly minSyncPeriodNs: number; readonly syncPeriodNs: number };
  /**
   * Longest time between two syncs without any change; 0 when the mode has no such timer.
   * `syncPeriodNs` is the scenario's value.
   */
  forcedSyncNs(era: Era, syncPeriodNs: number): number;
  /** Age of the last full sync beyond which the next sync is full; Infinity when never. */
  fullSyncAfterNs(era: Era, counts: RuleCounts): number;
  /**
   * Time since the kernel's table was last listed from which on a sync lists it; 0 when every sync
   * does, Infinity when none but a full one.
   */
  listsAfterNs(era: Era, counts: RuleCounts, syncPeriodNs: number): number;
  /** Rules of all tables, or entries of all maps, in one node's kernel: as `rules/` counts them. */
  kernelRules(era: Era, counts: RuleCounts): number;
  /** Bytes of it all in a kernel with `cores` cores, without nf_conntrack's entries. */
  kernelMemory(read: ConstantReader, era: Era, counts: RuleCounts, cores: number): number;
  /** Bytes of the agent itself, in user space. */
  proxyMemory(read: ConstantReader, era: Era, counts: RuleCounts): number;
  compile(read: ConstantReader, era: Era, counts: RuleCounts): ProxyPathCosts;
  /** A function of the work alone: no clock, no random numbers, no allocation. */
  programmingTime(read: ConstantReader, era: Era): (work: SyncWork, cost: SyncCost) => void;
}
