/**
 * What a sync from one position to another has to do, and what that costs by the model. Nodes that
 * catch up together cover the same writes, so answers are kept, each until another needs its place.
 */
import type { ConstantReader } from '../constant.ts';
import { cleanUpCpuNs } from '../models/conntrack.ts';
import type { Era } from '../models/eras.ts';
import { nothingFurther } from '../models/proxy/further-objects.ts';
import {
  type ProxyModel,
  type SyncCost,
  type SyncWork,
  Visibility,
} from '../models/proxy/proxy-model.ts';
import type { CoveredChanges } from './covered-changes.ts';
import type { NodeProxy } from './node-proxy.ts';

/** A power of two. */
const ANSWERS = 1024;

/** Kinds of syncs, which differ in cost: each does all that the later ones do. */
export const SyncKind = { Initial: 0, Full: 1, Listing: 2, Plain: 3 } as const;
export type SyncKind = (typeof SyncKind)[keyof typeof SyncKind];

class Answer {
  from = -1;
  to = -1;
  /** Age of the last full sync beyond which this one is full. */
  fullAfterNs = 0;
  /** Age of the last listing from which on this one lists. */
  listsAfterNs = 0;
  readonly work: SyncWork = {
    servicePorts: 0,
    emptyServicePorts: 0,
    endpoints: 0,
    full: false,
    initial: false,
    changedServicePorts: 0,
    changedEndpoints: 0,
    further: nothingFurther(),
    changedFurther: nothingFurther(),
    deletes: false,
    lists: false,
  };
  /** kube-proxy looks through the table of connections afterwards. */
  cleansUp = false;
  /** By kind of sync. */
  readonly costs: (SyncCost | undefined)[] = [];
}

export class SyncCosts {
  private readonly answers = Array.from({ length: ANSWERS }, () => new Answer());
  private readonly changes: CoveredChanges;
  private readonly model: ProxyModel;
  private readonly era: Era;
  private readonly program: (work: SyncWork, cost: SyncCost) => void;
  private readonly syncPeriodNs: number;
  private readonly cleanUpNs: number;

  constructor(
    model: ProxyModel,
    read: ConstantReader,
    era: Era,
    syncPeriodNs: number,
    changes: CoveredChanges,
  ) {
    this.model = model;
    this.era = era;
    this.program = model.programmingTime(read, era);
    this.syncPeriodNs = syncPeriodNs;
    this.changes = changes;
    // Of an empty table: how many entries there are depends on the node.
    this.cleanUpNs = model.visibility === Visibility.Arrival ? 0 : cleanUpCpuNs(read, 0, 0);
  }

  /**
   * Enters when a sync that starts at `at.startNs` is in the kernel and completed. It is of kind `least`,
   * or of one that does more if it is time for that.
   */
  apply(at: NodeProxy, least: SyncKind): void {
    const { startNs } = at;
    const answer = this.answerFor(at.previous, at.position);
    const full = least <= SyncKind.Full || startNs - at.lastFullNs > answer.fullAfterNs;
    const lists = full || startNs - at.lastListNs >= answer.listsAfterNs;
    const due = full ? SyncKind.Full : lists ? SyncKind.Listing : SyncKind.Plain;
    const cost = this.costOf(answer, least < due ? least : due);
    at.kernelStartNs = startNs + cost.buildNs;
    at.kernelNs = cost.kernelNs;
    at.completedNs = at.kernelStartNs + cost.kernelNs;
    at.cpuNs = cost.cpuNs;
    if (full) at.lastFullNs = at.completedNs;
    if (lists) at.lastListNs = at.completedNs;
  }

  /** The cost of a sync that is neither full nor lists, however long ago those were; else null. */
  ageless(from: number, to: number): SyncCost | null {
    const answer = this.answerFor(from, to);
    if (Math.min(answer.fullAfterNs, answer.listsAfterNs) < Number.POSITIVE_INFINITY) return null;
    return this.costOf(answer, SyncKind.Plain);
  }

  private answerFor(from: number, to: number): Answer {
    const answer = this.answers[(to + 97 * (to - from)) & (ANSWERS - 1)]!;
    if (answer.to !== to || answer.from !== from) this.describe(answer, from, to);
    return answer;
  }

  private describe(answer: Answer, from: number, to: number): void {
    answer.from = from;
    answer.to = to;
    this.changes.describe(from, to, answer.work);
    answer.cleansUp = this.changes.cleansUp;
    answer.fullAfterNs = this.model.fullSyncAfterNs(this.era, answer.work);
    answer.listsAfterNs = this.model.listsAfterNs(this.era, answer.work, this.syncPeriodNs);
    answer.costs.length = 0;
  }

  private costOf(answer: Answer, kind: number): SyncCost {
    return answer.costs[kind] ?? this.ask(answer, kind);
  }

  private ask(answer: Answer, kind: number): SyncCost {
    const { work } = answer;
    work.initial = kind === SyncKind.Initial;
    work.full = kind <= SyncKind.Full;
    work.lists = kind <= SyncKind.Listing;
    const cost: SyncCost = { buildNs: 0, kernelNs: 0, cpuNs: 0 };
    this.program(work, cost);
    if (answer.cleansUp) cost.cpuNs += this.cleanUpNs;
    answer.costs[kind] = cost;
    return cost;
  }
}
