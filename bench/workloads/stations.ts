/**
 * Packets through one station of every kind: 64 nodes, each with a link that drops what does not fit
 * its buffer, four cores that packets and an agent's jobs share, a ring of places, and three servers of
 * one queue. An event a hop; now and then a node fails, and what was under way there is void.
 */

import { exponential } from '../../core/engine/samplers.ts';
import { DROPPED } from '../../core/engine/station.ts';
import { ByteBuffers } from '../../core/engine/stations/byte-buffers.ts';
import { Generations } from '../../core/engine/stations/generations.ts';
import { PacketBuffers } from '../../core/engine/stations/packet-buffers.ts';
import { PreemptiveCores } from '../../core/engine/stations/preemptive-cores.ts';
import { ReceiveSideScaling } from '../../core/engine/stations/receive-side-scaling.ts';
import { SharedQueues } from '../../core/engine/stations/shared-queues.ts';
import { Streams } from '../../core/engine/stream.ts';
import type { Workload } from '../timed-loop.ts';
import { EventHash, engineOver, steps } from './event-lists.ts';

const NODES = 64;
const MEAN_GAP_NS = 4000;
const PACKET_BYTES = 1500;
const JOB_GAP_NS = 1e6;
const JOB_WORK_NS = 200e3;
const FAILURE_GAP_NS = 20e6;
const STEP_NS = 1e6;

const Kind = {
  Packet: 0,
  AtCore: 1,
  AtRing: 2,
  AtServers: 3,
  Out: 4,
  Job: 5,
  JobEnd: 6,
  Failure: 7,
};

export function stations(): Workload {
  const engine = engineOver('engine', NODES);
  const streams = new Streams();
  const stream = streams.add('stations');
  const of = (value: number) => new Int32Array(NODES).fill(value);
  const links = new ByteBuffers(
    new Float64Array(NODES).fill(10_000_000),
    new Float64Array(NODES).fill(64 * PACKET_BYTES),
  );
  const scaling = new ReceiveSideScaling(of(4));
  const cores = new PreemptiveCores(scaling.servers, NODES);
  const rings = new PacketBuffers(of(256));
  const servers = new SharedQueues(of(3));
  const generations = new Generations(NODES);
  const hash = new EventHash();
  for (let node = 0; node < NODES; node++) {
    engine.start(node, node, Kind.Packet, 0, 0);
    engine.start(node, node, Kind.Job, 0, 0);
    engine.start(node, FAILURE_GAP_NS + node, Kind.Failure, 0, 0);
  }

  const drawNs = (meanNs: number) => Math.round(exponential(streams, stream) * meanNs);
  const goOn = (departureNs: number, kind: number, node: number, flow: number) => {
    if (departureNs === DROPPED) return;
    engine.schedule(departureNs - engine.nowNs, kind, flow, generations.of(node));
  };
  const dispatch = (kind: number, node: number, flow: number, generation: number): void => {
    const { nowNs } = engine;
    hash.add(node, nowNs);
    const isVoid = generation !== generations.of(node);
    switch (kind) {
      case Kind.Packet:
        engine.schedule(drawNs(MEAN_GAP_NS), Kind.Packet, flow + 1, generations.of(node));
        return goOn(links.visit(node, nowNs, PACKET_BYTES), Kind.AtCore, node, flow);
      case Kind.AtCore: {
        if (isVoid) return;
        const core = scaling.serverOf(node, flow);
        return goOn(cores.visit(core, nowNs, 2000), Kind.AtRing, node, flow);
      }
      case Kind.AtRing:
        if (isVoid) return;
        return goOn(rings.visit(node, nowNs, 3000), Kind.AtServers, node, flow);
      case Kind.AtServers:
        if (isVoid) return;
        return goOn(servers.visit(node, nowNs, drawNs(9000)), Kind.Out, node, flow);
      case Kind.Job:
        if (isVoid) return;
        cores.submit(node, scaling.serverOf(node, 0), nowNs, JOB_WORK_NS);
        return goOn(cores.endNs(node), Kind.JobEnd, node, 0);
      case Kind.JobEnd: {
        if (isVoid) return;
        const endNs = cores.endNs(node);
        const isDone = endNs <= nowNs;
        return goOn(isDone ? nowNs + JOB_GAP_NS : endNs, isDone ? Kind.Job : Kind.JobEnd, node, 0);
      }
      case Kind.Failure: {
        generations.advance(node);
        links.voidStation(node, nowNs);
        for (let flows = 0; flows < 4; flows++)
          cores.voidStation(scaling.serverOf(node, flows), nowNs);
        rings.voidStation(node, nowNs);
        servers.voidStation(node, nowNs);
        goOn(nowNs + FAILURE_GAP_NS, Kind.Failure, node, 0);
        return goOn(nowNs + JOB_GAP_NS, Kind.Job, node, 0);
      }
      default:
        return;
    }
  };
  return steps(engine, STEP_NS, dispatch, () => hash.value);
}
