import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Dispatch, Engine } from './engine.ts';
import { lookaheadBetween, type PartitionLink, type Receiver, runWindows } from './partition.ts';
import { Streams } from './stream.ts';

interface Message {
  readonly to: number;
  readonly event: Parameters<Engine['receive']>;
}

/** A link that only collects; whoever holds it decides when a window ends. */
function collectingLink(index: number, partitions: number): PartitionLink & { sent: Message[] } {
  const sent: Message[] = [];
  return {
    index,
    partitions,
    sent,
    post: (to, ...event) => sent.push({ to, event }),
    exchange: () => Number.POSITIVE_INFINITY,
    publish: () => {},
    sum: () => {},
    gather: () => [],
  };
}

/** Processes that send to random others with the latencies of their groups, many at one instant. */
interface Model {
  readonly groupOf: Int32Array;
  readonly groups: number;
  readonly lookaheadNs: Float64Array;
  readonly seed: number;
}

const UNTIL_NS = 200;

const models: fc.Arbitrary<Model> = fc
  .record({
    groups: fc.integer({ min: 1, max: 5 }),
    processes: fc.integer({ min: 5, max: 12 }),
    lookaheads: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 25, maxLength: 25 }),
    seed: fc.integer(),
  })
  .map(({ groups, processes, lookaheads, seed }) => ({
    groups,
    groupOf: Int32Array.from({ length: processes }, (_, process) => process % groups),
    lookaheadNs: Float64Array.from({ length: groups * groups }, (_, pair) =>
      Math.floor(pair / groups) === pair % groups ? 0 : lookaheads[pair]!,
    ),
    seed,
  }));

/** Starts the model on `engine`; every process logs what it executes, in order. */
function startModel(engine: Engine, model: Model): { dispatch: Dispatch; logs: string[][] } {
  const { groupOf, groups, lookaheadNs } = model;
  const processes = groupOf.length;
  const streams = new Streams();
  const logs: string[][] = Array.from(groupOf, () => []);
  for (let process = 0; process < processes; process++) {
    streams.add(`${model.seed}/${process}`);
    for (let i = 0; i < 3; i++) engine.start(process, i, i, process, 0);
  }
  const dispatch: Dispatch = (kind, process, a, b) => {
    logs[process]!.push(`${engine.nowNs} ${kind} ${a} ${b}`);
    const to = streams.below(process, processes);
    const beyondNs = streams.below(process, 3);
    const leastNs = lookaheadNs[groupOf[process]! * groups + groupOf[to]!]!;
    if (to === process) engine.schedule(1 + beyondNs, kind, process, b + 1);
    else engine.send(to, Math.max(1, leastNs) + beyondNs, kind, process, b + 1);
  };
  return { dispatch, logs };
}

function runSequentially(model: Model): string[][] {
  const engine = new Engine(model);
  const { dispatch, logs } = startModel(engine, model);
  engine.run(UNTIL_NS, dispatch);
  return logs;
}

/** The window protocol, one partition after the other in one thread. */
function runPartitioned(model: Model, partitionOf: Int32Array, partitions: number): string[][] {
  const lookaheadNs = lookaheadBetween(partitionOf, model.groups, model.lookaheadNs);
  const parts = Array.from({ length: partitions }, (_, index) => {
    const link = collectingLink(index, partitions);
    const engine = new Engine({ ...model, partition: { link, partitionOf } });
    return { link, engine, ...startModel(engine, model) };
  });
  for (let nowNs = 0; nowNs < UNTIL_NS; ) {
    for (const { link } of parts) {
      for (const { to, event } of link.sent.splice(0)) parts[to]!.engine.receive(...event);
    }
    const floorNs = Math.min(...parts.map(({ engine }) => engine.nextNs));
    nowNs = Math.min(UNTIL_NS, floorNs + lookaheadNs);
    for (const { engine, dispatch } of parts) engine.run(nowNs, dispatch);
  }
  return Array.from(model.groupOf, (group, process) => parts[partitionOf[group]!]!.logs[process]!);
}

describe('an engine that is one partition', () => {
  it('executes what the sequential engine does, in the same order, however the groups are cut', () => {
    const cut = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(models, cut, (model, partitions) => {
        const partitionOf = Int32Array.from(partitions.slice(0, model.groups));
        const expected = runSequentially(model);
        expect(expected.flat().length).toBeGreaterThan(200);
        expect(runPartitioned(model, partitionOf, 4)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('starts only what it owns, and posts what it sends to others with its source and sequence', () => {
    const link = collectingLink(1, 2);
    const engine = new Engine({
      groupOf: Int32Array.of(0, 1, 1),
      groups: 2,
      lookaheadNs: Float64Array.of(0, 10, 10, 0),
      partition: { link, partitionOf: Int32Array.of(0, 1) },
    });
    engine.start(0, 5, 1, 0, 0);
    engine.start(2, 5, 1, 0, 0);
    expect([0, 1, 2].map((process) => engine.owns(process))).toEqual([false, true, true]);
    expect(engine.pending).toBe(1);
    engine.run(6, () => {
      engine.send(1, 3, 2, 0, 0);
      engine.send(0, 12, 3, 7, 8);
    });
    expect(engine.pending).toBe(1);
    expect(link.sent).toEqual([{ to: 0, event: [17, 2, 2, 0, 3, 7, 8] }]);
  });
});

describe('runWindows', () => {
  const groupOf = Int32Array.of(0, 1);
  const lookaheadNs = Float64Array.of(0, 10, 10, 0);

  /** Answers exchanges from a script: what arrives, and until when it is safe. */
  function scriptedLink(script: readonly { safeNs: number; arriveNs?: number }[]) {
    const announced: number[] = [];
    const link: PartitionLink = {
      ...collectingLink(0, 2),
      exchange: (nextNs, receiver) => {
        const { safeNs, arriveNs } = script[announced.length]!;
        announced.push(nextNs);
        if (arriveNs !== undefined) receiver.receive(arriveNs, 1, announced.length, 0, 9, 0, 0);
        return safeNs;
      },
    };
    return { link, announced };
  }

  function run(script: Parameters<typeof scriptedLink>[0], starts: readonly number[]) {
    const { link, announced } = scriptedLink(script);
    const partition = { link, partitionOf: Int32Array.of(0, 1) };
    const engine = new Engine({ groupOf, groups: 2, lookaheadNs, partition });
    for (const timeNs of starts) engine.start(0, timeNs, 1, 0, 0);
    const receiver: Receiver = {
      receive: (...event) => engine.receive(...event),
      published: () => {},
    };
    const executed: string[] = [];
    const dispatch: Dispatch = (kind) => executed.push(`${engine.nowNs}:${kind}`);
    runWindows(engine, link, receiver, 50, dispatch);
    return { engine, announced, executed };
  }

  it('executes up to what is safe, with what has arrived, and ends at the time it was given', () => {
    const script = [{ safeNs: 15 }, { safeNs: 40, arriveNs: 20 }, { safeNs: 51, arriveNs: 45 }];
    const { engine, announced, executed } = run(script, [5, 15, 30, 49, 50]);
    expect(executed).toEqual(['5:1', '15:1', '20:9', '30:1', '45:9', '49:1']);
    expect(announced).toEqual([5, 15, 49]);
    expect(engine.nowNs).toBe(50);
    expect(engine.nextNs).toBe(50);
  });

  it('ends after one exchange when nothing is pending anywhere', () => {
    const { engine, announced, executed } = run([{ safeNs: Number.POSITIVE_INFINITY }], []);
    expect(announced).toEqual([Number.POSITIVE_INFINITY]);
    expect(executed).toEqual([]);
    expect(engine.nowNs).toBe(50);
  });
});

describe('lookaheadBetween', () => {
  const lookaheadNs = Float64Array.of(0, 1, 20, 1, 0, 30, 25, 30, 0);

  it('is the least of the links that are cut, in either direction', () => {
    expect(lookaheadBetween(Int32Array.of(0, 0, 1), 3, lookaheadNs)).toBe(20);
    expect(lookaheadBetween(Int32Array.of(0, 1, 1), 3, lookaheadNs)).toBe(1);
    expect(lookaheadBetween(Int32Array.of(0, 1, 0), 3, lookaheadNs)).toBe(1);
  });

  it('is infinite where nothing is cut', () => {
    expect(lookaheadBetween(Int32Array.of(1, 1, 1), 3, lookaheadNs)).toBe(Number.POSITIVE_INFINITY);
  });
});
