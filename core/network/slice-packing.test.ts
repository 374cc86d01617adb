/** Packing against a reconciler written from the rules of docs/models/network-programming.md alone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type EndpointChange,
  EndpointState,
  type PackedService,
  packInitially,
  packSlices,
} from './slice-packing.ts';

/** A slice with all that is in it: state by pod. */
interface FullSlice {
  readonly age: number;
  content: Map<number, EndpointState>;
}

interface ExpectedWrite {
  readonly kind: 'create' | 'update' | 'delete';
  readonly age: number;
  readonly pods: number[];
  readonly carried: number;
}

class NaiveReconciler {
  slices: FullSlice[] = [];
  private born = 0;
  private readonly limit: number;

  constructor(pods: readonly number[], limit: number) {
    this.limit = limit;
    const rest = [...pods];
    do {
      const content = rest.splice(0, limit).map((pod) => [pod, EndpointState.Ready] as const);
      this.slices.push({ age: this.born++, content: new Map(content) });
    } while (rest.length > 0);
  }

  reconcile(changes: readonly EndpointChange[]): ExpectedWrite[] {
    const before = this.slices.map(({ age, content }) => ({ age, content: new Map(content) }));
    const touched = new Set<FullSlice>();
    const missing: EndpointChange[] = [];
    // 1. Remove and change in place.
    for (const change of changes) {
      const home = this.slices.find(({ content }) => content.has(change.pod));
      if (home === undefined) {
        if (change.state !== EndpointState.Absent) missing.push(change);
        continue;
      }
      if (home.content.get(change.pod) === change.state) continue;
      touched.add(home);
      if (change.state === EndpointState.Absent) home.content.delete(change.pod);
      else home.content.set(change.pod, change.state);
    }
    const isEmpty = (slice: FullSlice) => slice.content.size === 0;
    const candidates = this.slices.filter(
      (slice) => isEmpty(slice) && (touched.has(slice) || missing.length > 0),
    );
    const updates = new Set([...touched].filter((slice) => !isEmpty(slice)));
    const fill = (slice: FullSlice, count: number) => {
      for (const { pod, state } of missing.splice(0, count)) slice.content.set(pod, state);
    };
    const fullest = (slices: readonly FullSlice[]) =>
      slices.toSorted((a, b) => b.content.size - a.content.size || a.age - b.age);
    // 2. Fill the updates.
    for (const slice of fullest([...updates])) fill(slice, this.limit - slice.content.size);
    // 3. What remains.
    const created: FullSlice[] = [];
    const takenOver = new Set<FullSlice>();
    while (missing.length > 0) {
      const roomy = this.slices.filter(
        (slice) =>
          !updates.has(slice) &&
          !candidates.includes(slice) &&
          !created.includes(slice) &&
          slice.content.size + missing.length <= this.limit,
      );
      const room = missing.length < this.limit ? fullest(roomy)[0] : undefined;
      if (room !== undefined) {
        updates.add(room);
        fill(room, missing.length);
        continue;
      }
      // 4. A new slice takes over one that would be deleted.
      const heir = candidates.find((slice) => !takenOver.has(slice));
      const slice = heir ?? { age: this.born++, content: new Map() };
      if (heir) {
        takenOver.add(heir);
        updates.add(heir);
      } else {
        created.push(slice);
        this.slices.push(slice);
      }
      fill(slice, this.limit);
    }
    let deleted = candidates.filter((slice) => !takenOver.has(slice));
    if (deleted.length === this.slices.length) {
      updates.add(deleted[0]!);
      deleted = deleted.slice(1);
    }
    this.slices = this.slices.filter((slice) => !deleted.includes(slice));
    // What changed between before and after is what the writes carry, oldest slice first.
    const write = (kind: ExpectedWrite['kind'], { age, content }: FullSlice): ExpectedWrite => {
      const old = before.find((slice) => slice.age === age)?.content ?? new Map();
      const all = new Set([...old.keys(), ...content.keys()]);
      return {
        kind,
        age,
        pods: [...all].filter((pod) => old.get(pod) !== content.get(pod)).sort((a, b) => a - b),
        carried: kind === 'delete' ? old.size : content.size,
      };
    };
    const byAge = (slices: Iterable<FullSlice>) => [...slices].sort((a, b) => a.age - b.age);
    return [
      ...created.map((slice) => write('create', slice)),
      ...byAge(updates).map((slice) => write('update', slice)),
      ...byAge(deleted).map((slice) => write('delete', slice)),
    ];
  }
}

/** A Service of `size` pods and batches of changes; pods from 0 to 39, each once a batch. */
const history = fc.record({
  size: fc.nat(25),
  limit: fc.integer({ min: 1, max: 8 }),
  batches: fc.array(
    fc.uniqueArray(
      fc.record({
        pod: fc.nat(39),
        state: fc.constantFrom(
          EndpointState.Absent,
          EndpointState.Absent,
          EndpointState.Ready,
          EndpointState.Terminating,
        ),
      }),
      { selector: ({ pod }) => pod, maxLength: 25 },
    ),
    { maxLength: 8 },
  ),
});

const podsUpTo = (count: number) => Array.from({ length: count }, (_, pod) => pod);

function contentOf(service: PackedService): [age: number, pods: number][] {
  return service.slices.map(({ age, endpoints }) => [age, endpoints]);
}

describe('packSlices', () => {
  it('sends the writes of a reconciler that keeps whole slices, in the same order', () => {
    let compared = 0;
    fc.assert(
      fc.property(history, ({ size, limit, batches }) => {
        const service = packInitially(podsUpTo(size), limit);
        const naive = new NaiveReconciler(podsUpTo(size), limit);
        for (const batch of batches) {
          const writes = packSlices(service, batch, limit).map((write) => ({
            kind: write.kind,
            age: write.slice.age,
            pods: write.changes.map(({ pod }) => pod).sort((a, b) => a - b),
            carried: write.carried,
          }));
          const expected = naive.reconcile(batch);
          expect(writes).toEqual(expected);
          expect(contentOf(service)).toEqual(
            naive.slices.map(({ age, content }) => [age, content.size]),
          );
          for (const slice of naive.slices) {
            for (const [pod, state] of slice.content) {
              expect(service.placed.get(pod)).toMatchObject({ state, slice: { age: slice.age } });
            }
          }
          compared += writes.length;
        }
      }),
      { seed: 30_011, numRuns: 400 },
    );
    expect(compared).toBeGreaterThan(2000);
  });

  it('never overfills a slice, and never leaves a Service without one', () => {
    fc.assert(
      fc.property(history, ({ size, limit, batches }) => {
        const service = packInitially(podsUpTo(size), limit);
        for (const batch of batches) {
          packSlices(service, batch, limit);
          expect(service.slices.length).toBeGreaterThan(0);
          for (const { endpoints } of service.slices) {
            expect(endpoints).toBeLessThanOrEqual(limit);
            if (service.slices.length > 1) expect(endpoints).toBeGreaterThan(0);
          }
          const placed = service.slices.reduce((sum, { endpoints }) => sum + endpoints, 0);
          expect(service.placed.size).toBe(placed);
        }
      }),
      { seed: 30_012, numRuns: 200 },
    );
  });

  it('writes nothing for a pod that came and went, or that has not changed', () => {
    const service = packInitially([1, 2], 100);
    expect(packSlices(service, [{ pod: 9, state: EndpointState.Absent }], 100)).toEqual([]);
    expect(packSlices(service, [{ pod: 1, state: EndpointState.Ready }], 100)).toEqual([]);
  });

  it('puts 250 pods into three slices, and writes one of them for one change', () => {
    const service = packInitially(podsUpTo(250), 100);
    expect(service.slices.map(({ endpoints }) => endpoints)).toEqual([100, 100, 50]);
    const writes = packSlices(service, [{ pod: 120, state: EndpointState.Terminating }], 100);
    expect(writes).toMatchObject([{ kind: 'update', slice: { age: 1 }, carried: 100 }]);
  });
});
