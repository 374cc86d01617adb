/**
 * SimJS (npm `simjs`), a simulator for browsers and Node: an entity a process, a timer an event.
 * It is not a dependency, and measured where somebody has installed it.
 */
import { assert } from '../../core/assert.ts';
import { inFreshProcess } from '../fresh-process.ts';
import { secondsSince } from '../timed-loop.ts';
import {
  EVENTS_PER_PROCESS,
  LOOKAHEAD_NS,
  MEAN_NS,
  type Peer,
  type PeerMeasurement,
  PROCESSES,
  REMOTE,
} from './peer.ts';

const PACKAGE = 'simjs';
const WARM_UP = 100_000;
const EVENTS = 600_000;

export const simjs: Peer = {
  name: 'SimJS',
  absent: async () => {
    try {
      import.meta.resolve(PACKAGE);
      return null;
    } catch {
      return `npm package ${PACKAGE} is not installed (npm install --no-save ${PACKAGE})`;
    }
  },
  measure: () => inFreshProcess({ kind: 'peer', peer: 'simjs' }),
};

/** What is used of the package, which has no types. */
interface Sim {
  addEntity(of: new () => SimEntity): SimEntity;
  simulate(untilNs: number, maxEvents: number): void;
}
interface SimEntity {
  start(): void;
  setTimer(delayNs: number): { done(callback: () => void): void };
}
interface SimModule {
  readonly Sim: new () => Sim;
  readonly Entity: new (...args: readonly unknown[]) => SimEntity;
}

export async function runSimjs(): Promise<PeerMeasurement> {
  const { Sim, Entity } = await load();
  const entities: Process[] = [];
  class Process extends Entity {
    visits = 0;

    override start(): void {
      entities.push(this);
      for (let i = 0; i < EVENTS_PER_PROCESS; i++) this.expect(Math.random() * 1000);
    }

    expect(delayNs: number): void {
      this.setTimer(delayNs).done(() => this.arrive());
    }

    private arrive(): void {
      this.visits++;
      const isRemote = Math.random() < REMOTE;
      const next = isRemote ? entities[Math.floor(Math.random() * PROCESSES)]! : this;
      next.expect(LOOKAHEAD_NS - Math.log(1 - Math.random()) * MEAN_NS);
    }
  }
  const sim = new Sim();
  for (let i = 0; i < PROCESSES; i++) sim.addEntity(Process);
  sim.simulate(Number.POSITIVE_INFINITY, WARM_UP);
  const start = process.hrtime.bigint();
  sim.simulate(Number.POSITIVE_INFINITY, EVENTS);
  return { events: EVENTS, seconds: secondsSince(start) };
}

/** The package is a script for browsers: it exports to `window.Sim`. */
async function load(): Promise<SimModule> {
  const window: { Sim?: SimModule } = {};
  Object.assign(globalThis, { window });
  await import(PACKAGE);
  assert(window.Sim !== undefined, `${PACKAGE} has not exported itself to window.Sim`);
  return window.Sim;
}
