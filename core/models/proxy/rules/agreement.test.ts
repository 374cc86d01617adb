/**
 * The closed forms against generators that write every rule out and count lines: the same tables and
 * the same share of every Service port, for random Services, nodes and releases.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KernelObjects } from './kernel-objects.ts';
import { kernelModel } from './registry.ts';
import type { ServicePort } from './service-port.ts';
import { type World, world } from './testing/arbitraries.ts';
import { iptablesFormat, iptablesRestore, iptablesText } from './testing/naive-iptables.ts';
import { naiveModes, naiveObjects } from './testing/naive-models.ts';
import { nftablesFormat, nftablesText, nftablesTransaction } from './testing/naive-nftables.ts';
import { allLines, countLines } from './testing/rule-text.ts';
import { brokenChains } from './testing/text-validity.ts';

const RUNS = { numRuns: 500 };

function filled(split: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(split).filter(([, count]) => count > 0));
}

function comparable({ tables, ports }: KernelObjects): unknown {
  return {
    tables,
    ports: ports.map((port) => ({
      ...port,
      tables: Object.entries(port.tables).map(([table, { split, ...counts }]) => ({
        table,
        counts,
        split: filled(split),
      })),
    })),
  };
}

/** A Service of the world, or one that is no more. */
function serviceOf({ ports }: World, pick: number): string {
  const port = ports[pick % (ports.length + 1)];
  return port ? `${port.namespace}/${port.service}` : 'default/gone';
}

describe.each(naiveModes)('the closed form of %s', (mode) => {
  it('counts the tables and splits the ports as the written-out rules do', () => {
    fc.assert(
      fc.property(world(6), ({ era, node, ports }) => {
        const closed = kernelModel(mode).objects(era, ports, node);
        expect(comparable(closed)).toEqual(comparable(naiveObjects(mode, era, ports, node)));
      }),
      RUNS,
    );
  });
});

describe('what a change of one Service writes', () => {
  it('is in iptables mode the input of the next iptables-restore', () => {
    fc.assert(
      fc.property(world(5), fc.nat(50), (drawn, pick) => {
        const { era, node, ports } = drawn;
        const changed = serviceOf(drawn, pick);
        const restore = iptablesRestore(era, ports, node, changed);
        expect(kernelModel('iptables').change(era, ports, node, changed).written).toEqual({
          filter: countLines(iptablesFormat, 'filter', restore.filter),
          nat: countLines(iptablesFormat, 'nat', restore.nat),
        });
      }),
      RUNS,
    );
  });

  it('is in nftables mode the transaction that replaces an endpoint of each of its ports', () => {
    fc.assert(
      fc.property(world(5), fc.nat(50), (drawn, pick) => {
        const { era, node, ports } = drawn;
        const changed = serviceOf(drawn, pick);
        const { written } = kernelModel('nftables').change(era, ports, node, changed);
        if (!era.nftablesPartialSync) {
          expect(written).toEqual(naiveObjects('nftables', era, ports, node).tables);
          return;
        }
        const before = ports.map((port) => withReplaced(drawn, port));
        const transaction = nftablesTransaction(
          nftablesText(era, before, node),
          nftablesText(era, ports, node),
          changed,
        );
        const lines = transaction.filter((line) => line.startsWith('add'));
        expect(written['kube-proxy']).toEqual({
          ...countLines(nftablesFormat, 'kube-proxy', lines),
          operations: transaction.length,
        });
      }),
      RUNS,
    );
  });

  it.each(['ipvs', 'ebpf'] as const)(
    'is in %s mode at most what that Service would have alone',
    (mode) => {
      fc.assert(
        fc.property(world(5), fc.nat(50), (drawn, pick) => {
          const { era, node, ports } = drawn;
          const changed = serviceOf(drawn, pick);
          const own = ports.filter((p) => `${p.namespace}/${p.service}` === changed);
          const { written } = kernelModel(mode).change(era, ports, node, changed);
          expect(written).toEqual(naiveObjects(mode, era, own, node).tables);
        }),
        RUNS,
      );
    },
  );
});

/** The port as it was when another endpoint stood in the place of one that the node uses now. */
function withReplaced({ era, node }: World, port: ServicePort): ServicePort {
  for (const { address, port: number } of port.endpoints) {
    const endpoints = port.endpoints.map((endpoint) =>
      endpoint.address === address && endpoint.port === number
        ? { ...endpoint, port: 7777 }
        : endpoint,
    );
    const before = { ...port, endpoints };
    const text = (of: ServicePort) => allLines(iptablesText(era, [of], node), 'nat').join('\n');
    if (text(before) !== text(port)) return before;
  }
  return port;
}

describe('the written-out rules', () => {
  it('would load into iptables: jumps lead to chains, and every Service chain is jumped to', () => {
    fc.assert(
      fc.property(world(5), ({ era, node, ports }) => {
        const text = iptablesText(era, ports, node);
        const lines = allLines(text, 'nat');
        const own = /-[0-9A-V]{16}$/;
        expect(brokenChains(lines, /^:(\S+)/, /-j (KUBE-\S+)/g, own)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('would load into nftables: verdicts lead to chains, and every Service chain is led to', () => {
    fc.assert(
      fc.property(world(5), ({ era, node, ports }) => {
        const lines = allLines(nftablesText(era, ports, node), 'kube-proxy');
        const own = /-[0-9A-V]{16}$/;
        expect(brokenChains(lines, /^add chain (\S+)/, /(?:goto|jump) (\S+)/g, own)).toEqual([]);
      }),
      RUNS,
    );
  });
});
