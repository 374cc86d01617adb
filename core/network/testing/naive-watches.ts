/**
 * Reference: what each node receives and when, one record a delivery: the fan-out of the apiservers,
 * the lists of joining, restarted and cut-off nodes, outages, and the links of slow watchers. Sections
 * "Watch fan-out" and "Interruptions" of docs/models/network-programming.md.
 */
import type { Committed } from './naive-committed.ts';
import type { NaiveNode, NaiveWorld } from './naive-world.ts';

export interface Delivery {
  readonly write: Committed;
  /** Infinity while the watch is broken and no lists are on their way. */
  receivedNs: number;
}

/** A node's watch. */
export interface Watch {
  readonly node: NaiveNode;
  readonly slow: boolean;
  /** Sent to the node and not yet programmed, in order of commit. */
  incoming: Delivery[];
  /** From when on the watch is whole: a node's newest lists; Infinity if they are not sent yet. */
  wholeNs: number;
  /** Nothing is received by watch before it: the newest lists of a watch that was broken. */
  floorNs: number;
  linkNs: number;
  /** The newest request for lists, and when it reaches the apiserver, or did. */
  request: number;
  askNs: number;
}

interface Apiserver {
  /** Nodes by place. */
  readonly places: NaiveNode[];
  freeNs: number;
  outageEndNs: number;
}

/** How often what happened: a differential test that met nothing of it would show nothing. */
export interface NaiveTally {
  /** Watches broken by outages. */
  outages: number;
  /** Watches closed for a full buffer. */
  overflows: number;
  /** Lists overtaken by another request of their node. */
  lostLists: number;
  /** Restarts and upgrades that a node was told of, and those it was deaf to. */
  restarts: number;
  upgrades: number;
  ignored: number;
  /** First syncs of another model beside the objects of the one before. */
  replacements: number;
}

export function emptyTally(): NaiveTally {
  return {
    outages: 0,
    overflows: 0,
    lostLists: 0,
    restarts: 0,
    upgrades: 0,
    ignored: 0,
    replacements: 0,
  };
}

/** The proxies. */
interface Told {
  /** A node may have received something. */
  received(node: NaiveNode): void;
  /** A node has lists that it asked for. */
  listed(node: NaiveNode): void;
  /** Whether a node has heard of a restart and is about to stop. */
  willAsk(node: NaiveNode): boolean;
}

/** Behind everything else that happens at the same time; requests of nodes in order of their numbers. */
const LAST = 2e9;
/** The same, of nodes that join. */
const FIRST = 1e9;
/** More than a node ever sends. */
const REQUESTS = 1000;

export class NaiveWatches {
  private readonly world: NaiveWorld;
  private readonly listBytes: () => number;
  private readonly told: Told;
  private readonly tally: NaiveTally;
  private readonly apiservers: Apiserver[] = [];
  private readonly watches = new Map<NaiveNode, Watch>();

  constructor(world: NaiveWorld, listBytes: () => number, told: Told, tally: NaiveTally) {
    this.world = world;
    this.listBytes = listBytes;
    this.told = told;
    this.tally = tally;
    const { nodes, streams, stream, plan } = world;
    for (let a = 0; a < plan.controlPlane.apiservers; a++) {
      const places = nodes.filter((node) => node.apiserver === a);
      for (let i = places.length - 1; i > 0; i--) {
        const j = streams.below(stream.fanout, i + 1);
        [places[i], places[j]] = [places[j]!, places[i]!];
      }
      this.apiservers.push({ places, freeNs: 0, outageEndNs: 0 });
    }
    for (const node of nodes) this.add(node, 0);
  }

  of(node: NaiveNode): Watch {
    return this.watches.get(node)!;
  }

  /** The node is there and lists everything now, or when its apiserver is back. */
  join(node: NaiveNode): void {
    const { clock } = this.world;
    const watch = this.add(node, Number.POSITIVE_INFINITY);
    const apiserver = this.apiservers[node.apiserver]!;
    apiserver.places.push(node);
    if (clock.nowNs < apiserver.outageEndNs) {
      this.ask(node, apiserver.outageEndNs, FIRST);
      return;
    }
    watch.wholeNs = this.sendLists(watch) + node.latencyNs;
    watch.linkNs = watch.wholeNs;
    watch.askNs = clock.nowNs;
    this.arrive(watch);
  }

  commit(write: Committed, bytes: number): void {
    const { clock, constants, plan } = this.world;
    const unitNs = Math.max(
      (constants.fanoutPerWatcher + constants.fanoutPerByte * bytes) / constants.fanoutCores,
      (1e9 * bytes) / plan.controlPlane.fanoutBytesPerSecond,
    );
    for (const apiserver of this.apiservers) {
      const startNs = Math.max(clock.nowNs, apiserver.freeNs);
      if (clock.nowNs >= apiserver.outageEndNs) {
        apiserver.freeNs = startNs + Math.ceil(apiserver.places.length * unitNs);
      }
      apiserver.places.forEach((node, place) => {
        const arriveNs = startNs + Math.round((place + 1) * unitNs) + node.latencyNs;
        const watch = this.of(node);
        if (watch.slow) this.checkBuffer(watch, write);
        const receivedNs = this.receipt(watch, arriveNs, bytes);
        watch.incoming.push({ write, receivedNs });
        this.wake(watch, receivedNs);
      });
    }
  }

  /** The node has no watch from now on; what is still to be received comes with the next lists. */
  break(node: NaiveNode): void {
    const watch = this.of(node);
    const { nowNs } = this.world.clock;
    watch.wholeNs = Number.POSITIVE_INFINITY;
    for (const delivery of watch.incoming) {
      if (delivery.receivedNs >= nowNs) delivery.receivedNs = Number.POSITIVE_INFINITY;
    }
  }

  /** A request for lists of a node with a broken watch reaches the apiserver at `atNs`. */
  ask(node: NaiveNode, atNs: number, order = LAST): void {
    const watch = this.of(node);
    watch.askNs = atNs;
    this.answerAt(watch, ++watch.request, atNs, order);
  }

  outage(index: number, forNs: number): void {
    const { clock, constants, plan } = this.world;
    const { nowNs } = clock;
    const apiserver = this.apiservers[index]!;
    const endNs = nowNs + forNs;
    apiserver.freeNs = Math.max(apiserver.freeNs, endNs);
    apiserver.outageEndNs = Math.max(apiserver.outageEndNs, endNs);
    const joining = plan.events.reduce((sum, e) => sum + (e.kind === 'addNodes' ? e.count : 0), 0);
    const all = Array.from({ length: plan.cluster.nodes + joining }, (_, i) => i);
    const watchers = all.filter((i) => i % plan.controlPlane.apiservers === index).length;
    apiserver.places.forEach((node, place) => {
      this.tally.outages++;
      this.break(node);
      if (this.of(node).askNs >= nowNs || this.told.willAsk(node)) return;
      const waitNs = Math.round((constants.watchReconnect * place) / watchers);
      this.ask(node, endNs + node.latencyNs + waitNs);
    });
  }

  private answerAt(watch: Watch, request: number, atNs: number, order: number): void {
    const { node } = watch;
    const answer = () => {
      const newest = request === watch.request;
      const { outageEndNs } = this.apiservers[node.apiserver]!;
      if (atNs < outageEndNs) {
        if (newest) watch.askNs = outageEndNs;
        this.answerAt(watch, request, outageEndNs, order);
        return;
      }
      const listsNs = this.sendLists(watch);
      if (!newest) {
        this.tally.lostLists++;
        return;
      }
      watch.wholeNs = listsNs;
      watch.floorNs = listsNs;
      watch.linkNs = listsNs;
      for (const delivery of watch.incoming) {
        if (delivery.receivedNs === Number.POSITIVE_INFINITY) delivery.receivedNs = listsNs;
      }
      this.arrive(watch);
    };
    this.world.clock.at(atNs, answer, order + node.index * REQUESTS + request);
  }

  /** The lists just sent arrive, unless others are asked for meanwhile. */
  private arrive(watch: Watch): void {
    const { request, node, wholeNs } = watch;
    const have = () => {
      if (request === watch.request && wholeNs === watch.wholeNs) this.told.listed(node);
      else this.tally.lostLists++;
    };
    this.world.clock.at(wholeNs, have, node.index + 1);
  }

  private add(node: NaiveNode, wholeNs: number): Watch {
    const { share } = this.world.plan.controlPlane.slowWatchers;
    const watch: Watch = {
      node,
      slow: Math.floor((node.index + 1) * share) > Math.floor(node.index * share),
      incoming: [],
      wholeNs,
      floorNs: 0,
      linkNs: 0,
      request: 0,
      askNs: Number.NEGATIVE_INFINITY,
    };
    this.watches.set(node, watch);
    return watch;
  }

  /** Sends the lists, at once or behind what is being sent; returns when the node has them. */
  private sendLists(watch: Watch): number {
    const { clock, plan } = this.world;
    const apiserver = this.apiservers[watch.node.apiserver]!;
    const bytes = this.listBytes();
    const sentNs =
      Math.max(clock.nowNs, apiserver.freeNs) +
      Math.ceil((1e9 * bytes) / plan.controlPlane.fanoutBytesPerSecond);
    apiserver.freeNs = sentNs;
    return sentNs + watch.node.latencyNs + this.onLinkNs(watch, bytes);
  }

  private receipt(watch: Watch, arriveNs: number, bytes: number): number {
    // Broken, and no lists are on their way that could miss the write.
    if (watch.wholeNs === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
    if (arriveNs < watch.floorNs) return watch.floorNs;
    if (!watch.slow) return arriveNs;
    watch.linkNs = Math.max(arriveNs, watch.linkNs) + this.onLinkNs(watch, bytes);
    return watch.linkNs;
  }

  private onLinkNs(watch: Watch, bytes: number): number {
    if (!watch.slow) return 0;
    return Math.round((1e9 * bytes) / this.world.plan.controlPlane.slowWatchers.bytesPerSecond);
  }

  /** The apiserver closes the watch of a node that has too much still to receive. */
  private checkBuffer(watch: Watch, write: Committed): void {
    const { clock, constants } = this.world;
    const { node } = watch;
    const check = () => {
      if (watch.wholeNs > clock.nowNs) return;
      const behind = watch.incoming.filter(
        (delivery) => delivery.write.index < write.index && delivery.receivedNs > clock.nowNs,
      );
      if (behind.length <= constants.watchBuffer) return;
      this.tally.overflows++;
      this.break(node);
      this.ask(node, clock.nowNs + constants.watchReconnectFixed + node.latencyNs);
    };
    clock.at(clock.nowNs + node.latencyNs, check, node.index + 1);
  }

  private wake(watch: Watch, atNs: number): void {
    if (atNs === Number.POSITIVE_INFINITY) return;
    this.world.clock.at(atNs, () => this.told.received(watch.node), watch.node.index + 1);
  }
}
