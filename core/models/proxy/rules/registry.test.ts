import { expect, test } from 'vitest';
import { ERAS } from '../../eras.ts';
import { kernelModel, kernelModes, unsetNodePortAddresses } from './registry.ts';
import { overallServices, testNode } from './testing/service-ports.ts';

const era = ERAS['1.34']!;

test.each(kernelModes)(
  '%s: shares of the ports and the empty table add up to the tables',
  (mode) => {
    const model = kernelModel(mode);
    const { tables, ports } = model.objects(era, overallServices, testNode);
    const empty = model.objects(era, [], testNode).tables;
    for (const [table, counts] of Object.entries(tables)) {
      for (const [kind, count] of Object.entries(counts)) {
        const shares = ports.map((port) => port.tables[table]![kind]!);
        expect(shares.reduce((sum, one) => sum + one, empty[table]![kind]!)).toBe(count);
      }
    }
  },
);

test('only nftables mode restricts node ports when nothing is set', () => {
  expect(kernelModes.filter((mode) => unsetNodePortAddresses(mode) === 'primary')).toEqual([
    'nftables',
  ]);
});
