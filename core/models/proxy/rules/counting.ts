/**
 * Putting the counts of a proxy mode together: what a node has without Services, plus the share of
 * each Service port. Something that several ports share is in the share of the first one, so that
 * the shares always add up to the tables.
 */
import type { Counts, KernelObjects, PortObjects } from './kernel-objects.ts';
import type { ServicePort } from './service-port.ts';

/** The kinds of object of each table. */
export type Tables<Table extends string, Kind extends string> = Readonly<
  Record<Table, Readonly<Record<Kind, number>>>
>;
export type Split = Readonly<Record<string, number>>;
type Shares = PortObjects['tables'];

/** Counts of one table for one Service port, and where they are; zeros are left out of the split. */
export function share(counts: Counts, split: Split): Shares[string] {
  const filled = Object.entries(split).filter(([, count]) => count > 0);
  return Object.assign({ ...counts }, { split: Object.fromEntries(filled) });
}

/** The sum of a split. */
export function total(split: Split): number {
  return Object.values(split).reduce((sum, count) => sum + count, 0);
}

/** @param base by table, every kind of object that the mode has */
export function kernelObjects<Table extends string, Kind extends string>(
  base: Tables<Table, Kind>,
  ports: readonly ServicePort[],
  sharesOf: (port: ServicePort) => Shares,
): KernelObjects & { readonly tables: Tables<Table, Kind> } {
  const shares = ports.map((port) => ({
    namespace: port.namespace,
    service: port.service,
    port: port.port,
    tables: sharesOf(port),
  }));
  return { tables: addShares(base, shares), ports: shares };
}

/** The kinds of object in `base`, with the shares added. */
export function addShares<Table extends string, Kind extends string>(
  base: Tables<Table, Kind>,
  shares: readonly PortObjects[],
): Tables<Table, Kind> {
  return mapValues(base, (counts, table) =>
    mapValues(counts, (count, kind) =>
      shares.reduce((sum, { tables }) => sum + (tables[table]?.[kind] ?? 0), count),
    ),
  );
}

/** What belongs to one Service, given as `namespace/name`. */
export function ofService<T extends Pick<ServicePort, 'namespace' | 'service'>>(
  all: readonly T[],
  name: string,
): readonly T[] {
  return all.filter(({ namespace, service }) => `${namespace}/${service}` === name);
}

/** Answers whether a key is new to it, and remembers it. */
export function firstComers(): (key: string) => boolean {
  const seen = new Set<string>();
  return (key) => {
    const first = !seen.has(key);
    seen.add(key);
    return first;
  };
}

function mapValues<K extends string, V, W>(
  record: Readonly<Record<K, V>>,
  map: (value: V, key: K) => W,
): Record<K, W> {
  const entries = Object.entries(record) as [K, V][];
  return Object.fromEntries(entries.map(([key, value]) => [key, map(value, key)])) as Record<K, W>;
}
