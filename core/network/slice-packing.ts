/**
 * How the EndpointSlice controller packs the changed endpoints of one Service into slices: as few
 * writes as possible, no compaction (KEP-752; rules in docs/models/network-programming.md). Works on
 * the changes alone; unchanged slices are never looked into.
 */

export const EndpointState = { Absent: 0, Ready: 1, Terminating: 2 } as const;
export type EndpointState = (typeof EndpointState)[keyof typeof EndpointState];

/** A slice as the controller has last written it. */
export interface Slice {
  /** Creation order within the Service. */
  readonly age: number;
  endpoints: number;
  /** Endpoints it had at its last commit; what a list returns. */
  committed: number;
}

export interface PlacedEndpoint {
  slice: Slice;
  state: EndpointState;
}

/** A Service's slices, oldest first, and its endpoints by pod. */
export interface PackedService {
  slices: Slice[];
  created: number;
  readonly placed: Map<number, PlacedEndpoint>;
}

export interface EndpointChange {
  readonly pod: number;
  readonly state: EndpointState;
  /** Zone the endpoint hints at; none if absent. */
  readonly hint?: number;
}

export interface SliceWrite {
  readonly kind: 'create' | 'update' | 'delete';
  readonly slice: Slice;
  /** Endpoints that change with this write. */
  readonly changes: EndpointChange[];
  /** Endpoints the watch event carries: after the write, before it for a delete. */
  carried: number;
}

/**
 * Packs `changes` (wanted states, each pod once, in order) and returns the writes in the order in
 * which they are sent. `service` is updated to what it will be once they have committed.
 */
export function packSlices(
  service: PackedService,
  changes: readonly EndpointChange[],
  maxEndpoints: number,
): SliceWrite[] {
  const touched = new Map<Slice, SliceWrite>();
  const before = new Map<Slice, number>();
  const touch = (slice: Slice): SliceWrite => {
    let write = touched.get(slice);
    if (write === undefined) {
      write = { kind: 'update', slice, changes: [], carried: 0 };
      touched.set(slice, write);
      before.set(slice, slice.endpoints);
    }
    return write;
  };
  const place = (change: EndpointChange, write: SliceWrite): void => {
    write.changes.push(change);
    write.slice.endpoints++;
    service.placed.set(change.pod, { slice: write.slice, state: change.state });
  };

  const added: EndpointChange[] = [];
  for (const change of changes) {
    const placed = service.placed.get(change.pod);
    if (placed === undefined) {
      if (change.state !== EndpointState.Absent) added.push(change);
    } else if (change.state === EndpointState.Absent) {
      touch(placed.slice).changes.push(change);
      placed.slice.endpoints--;
      service.placed.delete(change.pod);
    } else if (change.state !== placed.state) {
      touch(placed.slice).changes.push(change);
      placed.state = change.state;
    }
  }
  if (added.length > 0) {
    for (const slice of service.slices) if (slice.endpoints === 0) touch(slice);
  }

  const updates = [...touched.values()].filter((write) => write.slice.endpoints > 0);
  const emptied = [...touched.values()].filter((write) => write.slice.endpoints === 0).sort(byAge);
  let next = 0;
  for (const write of [...updates].sort(fullestFirst)) {
    while (next < added.length && write.slice.endpoints < maxEndpoints)
      place(added[next++]!, write);
  }

  const created: SliceWrite[] = [];
  while (next < added.length) {
    const remaining = added.length - next;
    const room =
      remaining < maxEndpoints ? roomIn(service, touched, remaining, maxEndpoints) : null;
    if (room !== null) {
      const write = touch(room);
      updates.push(write);
      while (next < added.length) place(added[next++]!, write);
      continue;
    }
    const replaced = emptied.shift();
    const write: SliceWrite = replaced ?? {
      kind: 'create',
      slice: { age: service.created++, endpoints: 0, committed: 0 },
      changes: [],
      carried: 0,
    };
    if (replaced === undefined) {
      created.push(write);
      service.slices.push(write.slice);
    } else {
      updates.push(write);
    }
    while (next < added.length && write.slice.endpoints < maxEndpoints)
      place(added[next++]!, write);
  }

  if (emptied.length === service.slices.length) {
    const kept = emptied.shift();
    if (kept !== undefined) updates.push(kept);
  }
  const deletes = emptied.map((write): SliceWrite => ({ ...write, kind: 'delete' }));
  for (const write of deletes) {
    write.carried = before.get(write.slice)!;
    service.slices.splice(service.slices.indexOf(write.slice), 1);
  }
  for (const write of [...updates, ...created]) write.carried = write.slice.endpoints;
  return [...created, ...updates.sort(byAge), ...deletes];
}

function byAge(a: SliceWrite, b: SliceWrite): number {
  return a.slice.age - b.slice.age;
}

function fullestFirst(a: SliceWrite, b: SliceWrite): number {
  return b.slice.endpoints - a.slice.endpoints || byAge(a, b);
}

/** The fullest untouched slice that takes `remaining` endpoints whole; the oldest on a tie. */
function roomIn(
  service: PackedService,
  touched: ReadonlyMap<Slice, SliceWrite>,
  remaining: number,
  maxEndpoints: number,
): Slice | null {
  let best: Slice | null = null;
  for (const slice of service.slices) {
    if (touched.has(slice) || slice.endpoints + remaining > maxEndpoints) continue;
    if (best === null || slice.endpoints > best.endpoints) best = slice;
  }
  return best;
}

/** A Service at the start: slices full, first to last, in pod order; one empty slice without pods. */
export function packInitially(pods: readonly number[], maxEndpoints: number): PackedService {
  const service: PackedService = { slices: [], created: 0, placed: new Map() };
  for (let i = 0; i < pods.length || i === 0; i += maxEndpoints) {
    const slice: Slice = { age: service.created++, endpoints: 0, committed: 0 };
    service.slices.push(slice);
    for (const pod of pods.slice(i, i + maxEndpoints)) {
      slice.endpoints++;
      service.placed.set(pod, { slice, state: EndpointState.Ready });
    }
    slice.committed = slice.endpoints;
  }
  return service;
}
