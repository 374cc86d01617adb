/**
 * Where to cut a run into partitions. Groups of processes are never divided; links between groups have
 * a lookahead, and the shortest link that is cut bounds every window. So groups on short links are
 * kept together, and what is left is spread by load. Each length of link is a cut of its own: longer
 * links mean longer windows, but fewer and larger pieces; the caller knows which it needs.
 */
import { lookaheadBetween } from './partition.ts';

export interface Cut {
  readonly partitions: number;
  /** Partition of each group; group 0 is in partition 0. */
  readonly partitionOf: Int32Array;
  /** The shortest link that is cut. */
  readonly lookaheadNs: number;
  /** Share of the load that the fullest partition carries. */
  readonly largestShare: number;
}

export interface Groups {
  readonly groups: number;
  /** `lookaheadNs[from * groups + to]`; a link of 0 is never cut. */
  readonly lookaheadNs: Float64Array;
  /** Expected work of each group, in any unit, positive. */
  readonly loads: Float64Array;
}

/**
 * All cuts into `partitions`, one for each length of link worth cutting at; none if there are too few
 * groups, or if all cuts would go through links that take no time.
 */
export function cutsInto(groups: Groups, partitions: number): Cut[] {
  const cuts: Cut[] = [];
  for (const limitNs of lengthsOf(groups).filter((lengthNs) => lengthNs > 0)) {
    const pieces = joinedBelow(limitNs, groups);
    if (pieces.length < partitions) continue;
    const partitionOf = spread(pieces, groups, partitions);
    const lookaheadNs = lookaheadBetween(partitionOf, groups.groups, groups.lookaheadNs);
    if (cuts.some((cut) => cut.lookaheadNs === lookaheadNs)) continue;
    cuts.push({
      partitions,
      partitionOf,
      lookaheadNs,
      largestShare: share(partitionOf, groups, partitions),
    });
  }
  return cuts;
}

/** The cut that leaves everything in one piece. */
export function noCut({ groups }: Pick<Groups, 'groups'>): Cut {
  return {
    partitions: 1,
    partitionOf: new Int32Array(groups),
    lookaheadNs: Number.POSITIVE_INFINITY,
    largestShare: 1,
  };
}

/** Lengths of links between different groups, longest first. */
function lengthsOf({ groups, lookaheadNs }: Groups): number[] {
  const lengths = lookaheadNs.filter((_, i) => Math.floor(i / groups) !== i % groups);
  return [...new Set(lengths)].sort((a, b) => b - a);
}

/** Pieces of groups that shorter links than `limitNs` hold together, either way; ascending. */
function joinedBelow(limitNs: number, { groups, lookaheadNs }: Groups): number[][] {
  const pieces: number[][] = [];
  const isTaken = new Uint8Array(groups);
  for (let first = 0; first < groups; first++) {
    if (isTaken[first] === 1) continue;
    isTaken[first] = 1;
    const piece = [first];
    for (const member of piece) {
      for (let other = 0; other < groups; other++) {
        if (isTaken[other] === 1) continue;
        const linkNs = Math.min(
          lookaheadNs[member * groups + other]!,
          lookaheadNs[other * groups + member]!,
        );
        if (linkNs >= limitNs) continue;
        isTaken[other] = 1;
        piece.push(other);
      }
    }
    pieces.push(piece);
  }
  return pieces;
}

/** Heaviest piece first, each to the partition with the least load so far. */
function spread(pieces: number[][], { groups, loads }: Groups, partitions: number): Int32Array {
  const loadOf = (piece: readonly number[]) => piece.reduce((sum, g) => sum + loads[g]!, 0);
  const heaviestFirst = pieces.toSorted((a, b) => loadOf(b) - loadOf(a) || a[0]! - b[0]!);
  const partitionOf = new Int32Array(groups);
  const carried = new Float64Array(partitions);
  for (const piece of heaviestFirst) {
    const lightest = carried.indexOf(Math.min(...carried));
    carried[lightest]! += loadOf(piece);
    for (const group of piece) partitionOf[group] = lightest;
  }
  const first = partitionOf[0]!;
  return partitionOf.map((partition) =>
    partition === first ? 0 : partition === 0 ? first : partition,
  );
}

function share(partitionOf: Int32Array, { loads }: Groups, partitions: number): number {
  const carried = new Float64Array(partitions);
  for (const [group, partition] of partitionOf.entries()) carried[partition]! += loads[group]!;
  return Math.max(...carried) / carried.reduce((sum, load) => sum + load, 0);
}
