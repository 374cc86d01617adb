/** Rule counts that an upstream test asserts: arithmetic without constants, so without an interval. */
import { ERAS } from '../../core/models/eras.ts';
import { iptablesRules } from '../../core/models/proxy/iptables.ts';
import { IPTABLES, plain } from './operations.ts';
import { exactly, type Row } from './row.ts';

/** Services, endpoints of each, and rules of both tables. */
const EXAMPLES = [
  [0, 0, 3, 5],
  [1, 0, 4, 5],
  [1, 1, 3, 10],
  [1, 10, 3, 37],
  [10, 10, 3, 325],
] as const;

export function countRows(): Row[] {
  return EXAMPLES.flatMap(([services, each, filter, nat]) => {
    const empty = each === 0 ? services : 0;
    const counts = { ...plain(services, services * each), emptyServicePorts: empty };
    const rules = iptablesRules(counts, ERAS['1.26']!);
    return Object.entries({ filter, nat }).map(([table, value]): Row => {
      const predicted = rules[table as 'filter' | 'nat'].rules;
      return {
        id: `upstream-tests/${services}x${each}/${table}`,
        models: IPTABLES,
        source: 'upstream-tests',
        about: `rules of ${table}, ${services} Services x ${each} endpoints, 1.26`,
        conditions: 'ClusterIP Services.',
        unit: 'count',
        measured: exactly(value),
        readings: [{ setting: 'iptables', at: () => predicted }],
        sets: [],
        kind: 'count',
      };
    });
  });
}
