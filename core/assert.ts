/**
 * Assertions of our own invariants, on in production. A failed one is a bug of knetsim (exit 1),
 * never something a user's input can cause.
 */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

export function assert(condition: boolean, text: string): asserts condition {
  if (!condition) throw new InvariantError(text);
}

/** Ends a switch over a closed union: a missing case does not compile. */
export function unreachable(value: never): never {
  throw new InvariantError(`unreachable: ${String(value)}`);
}
