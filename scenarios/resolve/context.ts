/** What every step of the resolution of one variant at one size reads, and where it reports. */
import type { Problems } from '../diagnostic.ts';
import type { ImportedObjects } from '../kubernetes/import-objects.ts';
import { at, type Origins, type Path } from '../origins.ts';
import type { Spec } from '../schema/scenario.ts';
import type { Span } from '../source-text.ts';

export interface Context {
  readonly variant: string;
  readonly spec: Spec;
  /** The document the spec was read from; positions are found by it. */
  readonly raw: unknown;
  readonly origins: Origins;
  readonly whole: Span;
  readonly problems: Problems;
  readonly objects: ImportedObjects;
}

/** Where a value below `spec` was written; the nearest thing around it for defaults. */
export function spanOf(context: Context, path: Path): Span {
  return context.origins.value(context.raw, ['spec', ...path], context.whole);
}

/** Where the value itself was written; undefined for defaults. */
export function writtenAt(context: Context, path: Path): Span | undefined {
  return context.origins.written(context.raw, ['spec', ...path]);
}

export function isWritten(context: Context, path: Path): boolean {
  return at(context.raw, ['spec', ...path]) !== undefined;
}
