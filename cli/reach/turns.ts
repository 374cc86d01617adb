/**
 * Which connections open and which close, without asking about each: only about those that the change
 * can have touched, and once for all that both sides treat alike.
 */
import { alike, eachOwnNodePair, groupOf, targetsByEntity, withTwins } from './alike.ts';
import type { Both, BothTarget, Change, Changes, Comparison, Side } from './comparison.ts';
import { touchedBy } from './touched.ts';

const CLOSED = -1;
const SAME = 0;
const OPENED = 1;
type Turn = typeof CLOSED | typeof SAME | typeof OPENED;

/** Sources, or targets, that both sides treat alike, as groups of places. */
interface Groups {
  readonly members: readonly (readonly number[])[];
  /** By place, its group. */
  readonly of: Int32Array;
  /** By group. */
  readonly touched: readonly boolean[];
}

/** Groups of targets that a group of sources meets another verdict at; in order. */
interface Row {
  readonly opened: Int32Array;
  readonly closed: Int32Array;
}

export function changesOf(
  before: Side,
  after: Side,
  both: readonly Both[],
  targets: readonly BothTarget[],
  most: number,
): Pick<Comparison, 'opens' | 'closes' | 'sourcesLeft'> {
  const touched = touchedBy(before, after);
  const sources = groupsOf(both.map(touched.source), (at) => {
    const { was, index } = both[at]!;
    return `${before.policies.sourceLikeness(was)} ${after.policies.sourceLikeness(index)}`;
  });
  const destinationTouched = new Map(both.map((one) => [one.index, touched.destination(one)]));
  const columns = groupsOf(
    targets.map(({ to }) => destinationTouched.get(to)!),
    (at) => {
      const { to, was, port, protocol } = targets[at]!;
      const { policies } = before;
      return `${policies.destinationLikeness(was)} ${after.policies.destinationLikeness(to)} ${port} ${protocol}`;
    },
  );
  const rows = rowsOf(before, after, { both, targets, sources, columns, most });
  const left = sources.members.slice(rows.length);
  const exceptions = exceptionsOf(before, after, both, targets, (source, target) => {
    const row = rows[sources.of[source]!];
    if (row === undefined) return undefined;
    const { opened, closed } = row;
    const column = columns.of[target]!;
    return includes(opened, column) ? OPENED : includes(closed, column) ? CLOSED : SAME;
  });
  const all = (turn: typeof OPENED | typeof CLOSED): Changes => {
    const placesOf = ({ opened, closed }: Row) => (turn === OPENED ? opened : closed);
    let count = exceptions.counts[turn];
    for (const [at, row] of rows.entries()) {
      for (const column of placesOf(row)) {
        count += sources.members[at]!.length * columns.members[column]!.length;
      }
    }
    return {
      count,
      *[Symbol.iterator](): Generator<Change> {
        for (const [source, { index, was }] of both.entries()) {
          const row = rows[sources.of[source]!];
          if (row === undefined) continue;
          const apart = exceptions.turns.get(source) ?? new Map<number, Turn>();
          const places = Array.from(placesOf(row))
            .flatMap((column) => columns.members[column]!)
            .filter((at) => !apart.has(at));
          for (const [at, is] of apart) if (is === turn) places.push(at);
          for (const at of places.sort((x, y) => x - y)) {
            const target = targets[at]!;
            yield { before: { from: was, to: target.was }, from: index, target };
          }
        }
      },
    };
  };
  return {
    opens: all(OPENED),
    closes: all(CLOSED),
    sourcesLeft: left.reduce((sum, { length }) => sum + length, 0),
  };
}

function groupsOf(touched: readonly boolean[], likeness: (at: number) => string): Groups {
  const members = alike(touched.length, (at) => `${touched[at]} ${likeness(at)}`);
  return {
    members,
    of: groupOf(members, touched.length),
    touched: members.map(([first]) => touched[first!]!),
  };
}

interface Question {
  readonly both: readonly Both[];
  readonly targets: readonly BothTarget[];
  readonly sources: Groups;
  readonly columns: Groups;
  readonly most: number;
}

/** By group of sources; those that would take more than `most` questions have none. */
function rowsOf(before: Side, after: Side, question: Question): Row[] {
  const { both, targets, sources, columns, most } = question;
  const all = columns.members.map((_, column) => column);
  const few = all.filter((column) => columns.touched[column]);
  const isOne = (row: number) => sources.touched[row] ?? false;
  const asked: number[] = [];
  let questions = 0;
  for (const row of sources.members.keys()) {
    questions += (isOne(row) ? all : few).length;
    if (row > 0 && questions > most) break;
    asked.push(row);
  }
  if (few.length === 0 && !asked.some(isOne)) return asked.map(() => unchanged);
  const askedSources = asked.map((row) => both[sources.members[row]![0]!]!);
  const askedTargets = columns.members.map(([first]) => targets[first!]!);
  const meeting = few.length > 0 ? askedSources : askedSources.filter((_, row) => isOne(row));
  const met = asked.some(isOne) ? askedTargets : few.map((column) => askedTargets[column]!);
  const old = [meeting.map(({ was }) => was), met.map(({ was }) => was)] as const;
  const now = [meeting.map(({ index }) => index), met.map(({ to }) => to)] as const;
  return withTwins(before.world.entities, before.policies, ...old, (askOld) =>
    withTwins(after.world.entities, after.policies, ...now, (askNow) =>
      askedSources.map((source, row) =>
        rowOf(isOne(row) ? all : few, (column) => {
          const target = askedTargets[column]!;
          return turned(
            askOld(source.was, target.was, target),
            askNow(source.index, target.to, target),
          );
        }),
      ),
    ),
  );
}

function rowOf(columns: readonly number[], turnAt: (column: number) => Turn): Row {
  const opened: number[] = [];
  const closed: number[] = [];
  for (const column of columns) {
    const turn = turnAt(column);
    if (turn === OPENED) opened.push(column);
    else if (turn === CLOSED) closed.push(column);
  }
  return { opened: Int32Array.from(opened), closed: Int32Array.from(closed) };
}

const unchanged: Row = { opened: new Int32Array(0), closed: new Int32Array(0) };

/** Of numbers in order. */
function includes(numbers: Int32Array, wanted: number): boolean {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return numbers[low] === wanted;
}

function turned(was: boolean, is: boolean): Turn {
  return was === is ? SAME : is ? OPENED : CLOSED;
}

interface Exceptions {
  /** By source, then target. */
  readonly turns: ReadonlyMap<number, ReadonlyMap<number, Turn>>;
  /** What they add to the counts of the groups. */
  readonly counts: Readonly<Record<Turn, number>>;
}

/** Where an entity meets itself or its own node, as far as its group is `told` otherwise, and anything. */
function exceptionsOf(
  before: Side,
  after: Side,
  both: readonly Both[],
  targets: readonly BothTarget[],
  told: (source: number, target: number) => Turn | undefined,
): Exceptions {
  const turns = new Map<number, Map<number, Turn>>();
  const counts = { [CLOSED]: 0, [SAME]: 0, [OPENED]: 0 };
  const visit = (source: number, target: number) => {
    const from = both[source]!;
    const to = targets[target]!;
    const { protocol, port } = to;
    const turn = turned(
      before.policies.connects(from.was, to.was, protocol, port),
      after.policies.connects(from.index, to.to, protocol, port),
    );
    const assumed = told(source, target);
    const row = turns.get(source) ?? new Map<number, Turn>();
    if (turn === assumed || assumed === undefined || row.has(target)) return;
    turns.set(source, row.set(target, turn));
    counts[assumed]--;
    counts[turn]++;
  };
  const ownTargets = targetsByEntity(targets);
  for (const [source, { index }] of both.entries()) {
    for (const target of ownTargets.get(index) ?? []) visit(source, target);
  }
  const old = {
    sources: both.map(({ was }) => was),
    targets: targets.map(({ was, port, protocol }) => ({ to: was, port, protocol })),
  };
  eachOwnNodePair(before.world.entities, old, visit);
  const now = { sources: both.map(({ index }) => index), targets };
  eachOwnNodePair(after.world.entities, now, visit);
  return { turns, counts };
}
