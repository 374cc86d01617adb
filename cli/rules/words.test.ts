/** The glossary below the counts, against every name that the counts can have. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERAS } from '../../core/models/eras.ts';
import { kernelModel, kernelModes } from '../../core/models/proxy/rules/registry.ts';
import { readServicePorts } from '../../scenarios/index.ts';
import { partWords } from './words.ts';

const text = readFileSync(new URL('testing/six-services.yaml', import.meta.url), 'utf8');

describe('the glossary', () => {
  it.each(kernelModes)('explains every part of a split in mode %s', (mode) => {
    for (const era of [ERAS['1.34']!, ERAS['1.37']!]) {
      const options = { era, node: 'other', nodeAddresses: 1 };
      const { ports, node } = readServicePorts([{ name: 'six.yaml', text }], options).input!;
      const proxy = { localhostNodePorts: true, nodePortAddresses: 'all' } as const;
      const objects = kernelModel(mode).objects(era, ports, { ...node, ...proxy });
      const unexplained = objects.ports.flatMap(({ tables }) =>
        Object.entries(tables).flatMap(([table, { split }]) =>
          Object.keys(split).filter((part) => partWords(mode, table, part) === undefined),
        ),
      );
      // Names of ipsets say what they hold.
      expect(unexplained.filter((part) => mode !== 'ipvs' || !part.startsWith('KUBE-'))).toEqual(
        [],
      );
      expect(objects.ports).toHaveLength(6);
    }
  });
});
