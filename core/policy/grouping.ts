/** Things by a key they share, in the order in which they came. */
export function groupBy<T, K>(things: Iterable<T>, keyOf: (thing: T) => K): Map<K, T[]> {
  const byKey = new Map<K, T[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const others = byKey.get(key);
    if (others === undefined) byKey.set(key, [thing]);
    else others.push(thing);
  }
  return byKey;
}
