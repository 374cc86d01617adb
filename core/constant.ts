/**
 * A constant of a model, declared once by the model that owns it. From the declaration come the
 * override by id (`spec.constants`), the range check, `knetsim explain <id>` and the provenance
 * table of every report. No number with a physical meaning lives outside such a declaration.
 */

export type SourceKind = 'measured' | 'published' | 'derived' | 'assumed';

export interface ConstantSource {
  readonly kind: SourceKind;
  /** Document, data file, issue or pull request; for `derived`, its parents and formula. */
  readonly ref: string;
  /** Conditions: kernel, CPU, release, size. */
  readonly setup?: string;
}

export interface Constant {
  /** Dotted and unique, for example `proxy.iptables-nft.walk.hot`. */
  readonly id: string;
  readonly value: number;
  /** `ns`, `ns/rule`, `bytes`, `count`, `1/s`, ... */
  readonly unit: string;
  /** Inclusive. An override outside of it is an error. */
  readonly range: readonly [low: number, high: number];
  /** One line. */
  readonly about: string;
  readonly source: ConstantSource;
}

/** Returns the declaration unchanged; throws if it contradicts itself. */
export function constant(declaration: Constant): Constant {
  const [low, high] = declaration.range;
  if (!(low <= declaration.value && declaration.value <= high)) {
    throw new RangeError(`${declaration.id}: ${declaration.value} is outside [${low}, ${high}]`);
  }
  return declaration;
}

/** Reads constants by id, overrides first. */
export type ConstantReader = (declaration: Constant) => number;

/** A reader over a plan's overrides. */
export function constantReader(overrides: Readonly<Record<string, number>>): ConstantReader {
  return (declaration) => overrides[declaration.id] ?? declaration.value;
}
