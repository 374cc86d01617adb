/** The ways a packet of a request takes between nodes, and over an outside client back to one. */
import type { Engine } from '../engine/engine.ts';
import type { Topology } from './topology.ts';

export class PacketLinks {
  private readonly engine: Engine;
  private readonly topology: Topology;
  /** From any node to an outside client, one way. */
  private readonly externalNs: number;

  constructor(engine: Engine, topology: Topology, externalNs: number) {
    this.engine = engine;
    this.topology = topology;
    this.externalNs = externalNs;
  }

  /** A packet leaves `node` in `delayNs` for `to`, which may be the same. */
  deliver(node: number, to: number, delayNs: number, kind: number, slot: number, b: number): void {
    const { engine, topology } = this;
    if (to === node) engine.schedule(delayNs, kind, slot, b);
    else
      engine.send(topology.nodeProcess(to), delayNs + topology.latencyNs(node, to), kind, slot, b);
  }

  /** `ways` between any node and the outside client, who is no process: its node hears of it. */
  viaClient(
    to: number,
    delayNs: number,
    ways: number,
    kind: number,
    slot: number,
    b: number,
  ): void {
    const { engine, topology, externalNs } = this;
    engine.send(topology.nodeProcess(to), delayNs + ways * externalNs, kind, slot, b);
  }
}
