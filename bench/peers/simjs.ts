/**
 * SimJS (npm `simjs`), a simulator for browsers and Node: an entity a process, a timer an event.
 * It is not a dependency, and measured where somebody has installed it.
 */
import { assert } from '../../core/assert.ts';
import { inFreshProcess } from '../fresh-process.ts';
import { secondsSince } from '../timed-loop.ts';
import { EVENTS_PER_PROCESS, type Peer, type PeerMeasurement, PROCESSES } from './peer.ts';
import { PholdDraws } from './phold-draws.ts';

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
  const draws = new PholdDraws();
  class Process extends Entity {
    visits = 0;
    private index = 0;

    override start(): void {
      this.index = entities.push(this) - 1;
      for (let i = 0; i < EVENTS_PER_PROCESS; i++) this.expect(draws.startNs());
    }

    expect(delayNs: number): void {
      this.setTimer(delayNs).done(() => this.arrive());
    }

    private arrive(): void {
      this.visits++;
      entities[draws.destination(this.index)]!.expect(draws.delayNs());
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
