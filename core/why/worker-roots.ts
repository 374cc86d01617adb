/**
 * Roots of waiting for the EndpointSlice controller: a change that waits for a worker, for the sync of
 * its own Service or for earlier writes of its own sync waits for whatever holds up those writes. The
 * root of such a wait is what they lost most time to while it lasted; it counts for all of it.
 */
import type { ObservedWrite } from '../trace.ts';
import { CAUSE_IDS, type Cause, type Detail } from './causes.ts';
import type { RunMemory } from './run-memory.ts';
import { type Stage, WaitSums, type Waits } from './waits.ts';

/** Whose writes a wait is for: of all Services, or of the one that waits. */
const WAITS_FOR: Partial<Readonly<Record<Cause, 'all' | 'own'>>> = {
  workersBusy: 'all',
  ownSync: 'own',
  earlierWrites: 'own',
};

/** Walks what a worker waited for since it asked for a write, or since its sync began. */
type WalkWrite = (write: ObservedWrite, waits: Waits) => void;

export class WorkerRoots {
  private readonly memory: RunMemory;
  private readonly walk: WalkWrite;

  constructor(memory: RunMemory, walk: WalkWrite) {
    this.memory = memory;
    this.walk = walk;
  }

  /** Null if no write was under way; writes that have yet to commit are not known. */
  rootOf(service: number | null, fromNs: number, toNs: number): Cause | null {
    const { writes } = this.memory;
    const sums = new WaitSums();
    const clipped = new ClippedWaits(sums, fromNs, toNs);
    for (let i = this.firstAfter(fromNs); i < writes.length; i++) {
      const { write } = writes[i]!;
      const sinceNs = write.index === 0 ? write.syncStartNs : write.askedNs;
      if (sinceNs < toNs && (service ?? write.service) === write.service) this.walk(write, clipped);
      // The client limit and etcd are first come, first served: later ones began after the end.
      if (write.requestNs >= toNs && sinceNs >= toNs) break;
    }
    const root = sums.dominant();
    return sums.sumsNs[root]! > 0 ? CAUSE_IDS[root]! : null;
  }

  /** The first write that was committed after `ns`. */
  private firstAfter(ns: number): number {
    const { writes } = this.memory;
    let low = 0;
    let high = writes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (writes[middle]!.write.commitNs > ns) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Hands on waits with their roots. */
export class RootedWaits implements Waits {
  readonly detailed: boolean;
  private readonly waits: Waits;
  private readonly roots: WorkerRoots;
  private readonly service: number;

  constructor(waits: Waits, roots: WorkerRoots, service: number) {
    this.detailed = waits.detailed;
    this.waits = waits;
    this.roots = roots;
    this.service = service;
  }

  add(stage: Stage, cause: Cause, fromNs: number, toNs: number, detail: Detail = []): void {
    const whose = WAITS_FOR[cause];
    const root =
      whose === undefined || toNs <= fromNs
        ? null
        : this.roots.rootOf(whose === 'own' ? this.service : null, fromNs, toNs);
    if (root === null) this.waits.add(stage, cause, fromNs, toNs, detail);
    else this.waits.add(stage, root, fromNs, toNs, [], { cause, detail });
  }
}

/** Hands on the parts of waits that lie in a span. */
class ClippedWaits implements Waits {
  readonly detailed = false;
  private readonly waits: Waits;
  private readonly fromNs: number;
  private readonly toNs: number;

  constructor(waits: Waits, fromNs: number, toNs: number) {
    this.waits = waits;
    this.fromNs = fromNs;
    this.toNs = toNs;
  }

  add(stage: Stage, cause: Cause, fromNs: number, toNs: number): void {
    const sinceNs = Math.max(fromNs, this.fromNs);
    const untilNs = Math.min(toNs, this.toNs);
    if (untilNs > sinceNs) this.waits.add(stage, cause, sinceNs, untilNs);
  }
}
