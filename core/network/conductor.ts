/**
 * Drives a world through time, alone or in step with the other partitions of its run: executes
 * events, meets the others, finds out whether anything that counts is still under way anywhere, and
 * collects what the partitions have recorded at the first of them.
 */
import { type PartitionLink, type Receiver, runWindows } from '../engine/partition.ts';
import { dispatcher } from './dispatch.ts';
import type { LastNodeColumns } from './last-nodes.ts';
import { learn } from './learning.ts';
import type { Publication } from './publication.ts';
import type { RecorderParts } from './recorder.ts';
import type { World } from './world.ts';

export interface Conductor {
  /** Executes all events before `untilNs`; everybody stops there. */
  runTo(untilNs: number): void;
  /** Waits for all partitions; what they have published is known afterwards. */
  meet(): void;
  /** Nothing that counts is under way any more, in any partition. */
  isSettled(): boolean;
  /** Every request has been answered or has failed, in all partitions. */
  isAnswered(): boolean;
  /** Events executed so far, in all partitions. */
  executed(): number;
  /** Brings what all partitions have recorded to the first; true there. */
  collect(): boolean;
}

export function conductorOf(world: World): Conductor {
  return world.partition === null ? alone(world) : together(world, world.partition.link);
}

function alone(world: World): Conductor {
  const { engine } = world;
  const dispatch = dispatcher(world);
  return {
    runTo: (untilNs) => engine.run(untilNs, dispatch),
    meet: () => {},
    isSettled: () => underWay(world).every((count) => count === 0),
    isAnswered: () => world.requests.unanswered() === 0,
    executed: () => engine.executed,
    collect: () => true,
  };
}

/** What one partition hands over to the first. */
interface HandOver {
  readonly recorder: RecorderParts;
  readonly last: LastNodeColumns;
  readonly events: number;
  readonly unready: number;
  readonly restarting: number;
  readonly inFlight: number;
}

function together(world: World, link: PartitionLink): Conductor {
  const { engine, log, proxies, recorder, requests, elsewhere } = world;
  const dispatch = dispatcher(world);
  const receiver: Receiver = {
    receive: (timeNs, source, sequence, process, kind, a, b) =>
      engine.receive(timeNs, source, sequence, process, kind, a, b),
    published: (value) => learn(world, value as Publication),
  };
  const total = (values: readonly number[]): Float64Array => {
    const sums = Float64Array.from(values);
    link.sum(sums);
    return sums;
  };
  const meet = () => void link.exchange(engine.nextNs, receiver);
  return {
    runTo: (untilNs) => runWindows(engine, link, receiver, untilNs, dispatch),
    meet,
    isSettled: () => {
      meet();
      return total(underWay(world)).every((count) => count === 0);
    },
    isAnswered: () => {
      meet();
      return total([requests.unanswered()])[0] === 0;
    },
    executed: () => total([engine.executed])[0]!,
    collect: () => {
      meet();
      const mine: HandOver = {
        recorder: recorder.parts(),
        last: proxies.last.columns(),
        events: engine.executed,
        unready: proxies.unready,
        restarting: proxies.gaps.open,
        inFlight: requests.inFlight(),
      };
      for (const theirs of link.gather(mine).slice(1) as HandOver[]) {
        recorder.absorb(theirs.recorder);
        proxies.last.absorb(theirs.last, log.length);
        elsewhere.events += theirs.events;
        elsewhere.unready += theirs.unready;
        elsewhere.restarting += theirs.restarting;
        elsewhere.inFlight += theirs.inFlight;
      }
      return link.index === 0;
    },
  };
}

/** Counts of what is under way in this partition; some are differences that only add up over all. */
function underWay({ recorder, pods, proxies, slices, requests }: World): number[] {
  const { fromNs, toNs } = recorder;
  return [
    recorder.openTriggers,
    proxies.outstanding,
    proxies.unready,
    proxies.gaps.open,
    slices.owedWrites(fromNs, toNs, () => true),
    pods.starting(fromNs, toNs),
    requests.unanswered(),
  ];
}
