import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SliceLog } from './slice-log.ts';
import { type EndpointChange, EndpointState } from './slice-packing.ts';

type States = Map<number, EndpointState>;

/** What kube-proxy would program: the ready endpoints, or else the terminating ones. */
function usable(states: States): Set<number> {
  const of = (wanted: EndpointState) =>
    new Set([...states].filter(([, state]) => state === wanted).map(([pod]) => pod));
  const ready = of(EndpointState.Ready);
  return ready.size > 0 ? ready : of(EndpointState.Terminating);
}

/** Endpoints of a Service at a position, as rows tell. */
function statesAt(log: SliceLog, service: number, position: number): States {
  const states: States = new Map();
  for (const row of log.services[service]!.rows) {
    if (log.rowFrom[row]! > position || log.rowTo[row]! <= position) continue;
    if (states.has(log.rowPod[row]!)) throw new Error(`pod ${log.rowPod[row]} has two open rows`);
    states.set(log.rowPod[row]!, log.rowState[row] as EndpointState);
  }
  return states;
}

const ascending = (pods: Iterable<number>) => [...pods].sort((a, b) => a - b);

const PORTS = Int32Array.of(1, 3, 0, 2);

/** Wanted states of a few pods of one Service, as a packed write would carry them. */
const batch = fc.record({
  service: fc.constantFrom(0, 1, 3),
  wanted: fc.uniqueArray(
    fc.record({
      pod: fc.nat(7),
      state: fc.constantFrom(
        EndpointState.Absent,
        EndpointState.Absent,
        EndpointState.Ready,
        EndpointState.Terminating,
        EndpointState.Terminating,
      ),
    }),
    { selector: ({ pod }) => pod, minLength: 1, maxLength: 4 },
  ),
});

const initial = fc
  .tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(3))
  .map((counts) => counts.map((count) => Array.from({ length: count }, (_, pod) => pod)));

/** Applies batches to a log and to plain maps; `after[w]` is the state of all Services after w. */
function replay(
  pods: number[][],
  batches: readonly { service: number; wanted: EndpointChange[] }[],
) {
  const log = new SliceLog(PORTS, 2, pods);
  const now = pods.map((list) => new Map(list.map((pod) => [pod, EndpointState.Ready] as const)));
  const moved: { gained: number[]; lost: number[] }[] = [];
  const after: States[][] = [now.map((states) => new Map<number, EndpointState>(states))];
  for (const { service, wanted } of batches) {
    const states = now[service]! as States;
    const changes = wanted.filter(
      ({ pod, state }) => (states.get(pod) ?? EndpointState.Absent) !== state,
    );
    log.append(service, changes);
    moved.push({ gained: ascending(log.gained), lost: ascending(log.lost) });
    for (const { pod, state } of changes) {
      if (state === EndpointState.Absent) states.delete(pod);
      else states.set(pod, state);
    }
    after.push(now.map((each) => new Map<number, EndpointState>(each)));
  }
  return { log, after, moved };
}

const PROGRAMMED = [0, 1, 3];

describe('SliceLog', () => {
  it('tells at every position the endpoints after that many writes', () => {
    fc.assert(
      fc.property(initial, fc.array(batch, { maxLength: 40 }), (pods, batches) => {
        const { log, after } = replay(pods, batches);
        expect(log.length).toBe(batches.length);
        after.forEach((states, position) => {
          for (const service of PROGRAMMED) {
            expect(statesAt(log, service, position)).toEqual(states[service]);
          }
        });
      }),
      { seed: 30_013, numRuns: 150 },
    );
  });

  it('counts usable endpoints and empty ports after each write as a recount does', () => {
    fc.assert(
      fc.property(initial, fc.array(batch, { maxLength: 40 }), (pods, batches) => {
        const { log, after } = replay(pods, batches);
        after.forEach((states, write) => {
          const counts = PROGRAMMED.map((service) => usable(states[service]!).size);
          const total = PROGRAMMED.reduce(
            (sum, service, i) => sum + PORTS[service]! * counts[i]!,
            0,
          );
          const empty = PROGRAMMED.filter((_, i) => counts[i] === 0);
          expect(log.endpoints[write]).toBe(total);
          expect(log.emptyServicePorts[write]).toBe(
            empty.reduce((sum, service) => sum + PORTS[service]!, 0),
          );
          if (write > 0) {
            expect(log.usable[write]).toBe(usable(states[log.service[write]!]!).size);
          }
        });
      }),
      { seed: 30_014, numRuns: 150 },
    );
  });

  it('tells of each write the pods it makes usable and those it takes away', () => {
    let marked = 0;
    fc.assert(
      fc.property(initial, fc.array(batch, { maxLength: 40 }), (pods, batches) => {
        const { log, after, moved } = replay(pods, batches);
        for (let write = 1; write <= log.length; write++) {
          const service = log.service[write]!;
          const before = usable(after[write - 1]![service]!);
          const now = usable(after[write]![service]!);
          const lost = [...before].filter((pod) => !now.has(pod));
          const gained = [...now].filter((pod) => !before.has(pod));
          expect(moved[write - 1]).toEqual({
            gained: ascending(gained),
            lost: ascending(lost),
          });
          const replaced = before.size > 0 && lost.length + gained.length > 0;
          expect(log.removes[write] === 1).toBe(replaced);
          marked += log.removes[write]!;
        }
      }),
      { seed: 30_015, numRuns: 150 },
    );
    expect(marked).toBeGreaterThan(100);
  });

  it('keeps on compaction what nodes at the lowest position or later may see', () => {
    let forgotten = 0;
    fc.assert(
      fc.property(
        initial,
        fc.array(batch, { minLength: 30, maxLength: 120 }),
        fc.nat(120),
        (pods, batches, lowest) => {
          const { log, after } = replay(pods, batches);
          const rows = () => log.services.reduce((sum, service) => sum + service.rows.length, 0);
          const before = rows();
          log.compact(Math.min(lowest, log.length));
          forgotten += before - rows();
          for (let position = lowest; position <= log.length; position++) {
            for (const service of PROGRAMMED) {
              expect(statesAt(log, service, position)).toEqual(after[position]![service]);
            }
          }
        },
      ),
      { seed: 30_016, numRuns: 40 },
    );
    expect(forgotten).toBeGreaterThan(200);
  });

  it('keeps its columns when it grows', () => {
    const log = new SliceLog(Int32Array.of(1), 2, [[]]);
    for (let write = 1; write <= 5000; write++) {
      const state = write % 2 === 1 ? EndpointState.Ready : EndpointState.Absent;
      expect(log.append(0, [{ pod: 1, state }])).toBe(write);
    }
    for (let write = 1; write <= 5000; write++) {
      expect([log.usable[write], log.endpoints[write]]).toEqual([write % 2, write % 2]);
    }
  });
});
