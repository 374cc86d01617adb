/**
 * The worked examples of the proxy fact sheet (sections 2.4 and 3.1), against the closed forms and
 * against the naive generators alike.
 */
import { describe, expect, it } from 'vitest';
import { ERAS, type Era } from '../../eras.ts';
import type { Counts, KernelObjects } from './kernel-objects.ts';
import { kernelModel } from './registry.ts';
import type { ProxyNode, ServicePort } from './service-port.ts';
import { iptablesRestore } from './testing/naive-iptables.ts';
import { type NaiveMode, naiveObjects } from './testing/naive-models.ts';
import { nftablesText, nftablesTransaction } from './testing/naive-nftables.ts';
import { endpoints, overallServices, servicePort, testNode } from './testing/service-ports.ts';

type Count = (
  mode: NaiveMode,
  era: Era,
  ports: readonly ServicePort[],
  node: ProxyNode,
) => KernelObjects;

const counters: readonly (readonly [string, Count])[] = [
  ['closed form', (mode, era, ports, node) => kernelModel(mode).objects(era, ports, node)],
  ['naive generator', naiveObjects],
];

const early = ERAS['1.26']!;
const modern = ERAS['1.34']!;

function plain(services: number, each: number, over: Partial<ServicePort> = {}): ServicePort[] {
  return Array.from({ length: services }, (_, i) =>
    servicePort(`svc${i + 1}`, { endpoints: endpoints(each), ...over }),
  );
}

const withSplit = (objects: KernelObjects, i: number, table: string) => {
  const split = objects.ports[i]!.tables[table]!.split;
  return Object.fromEntries(Object.entries(split).filter(([, rules]) => rules > 0));
};

describe.each(counters)('the %s', (_, count) => {
  it.each([
    { services: 0, each: 0, filter: 3, nat: 5 },
    { services: 1, each: 0, filter: 4, nat: 5 },
    { services: 1, each: 1, filter: 3, nat: 10 },
    { services: 1, each: 10, filter: 3, nat: 37 },
    { services: 10, each: 10, filter: 3, nat: 325 },
  ])('counts $services ClusterIP Services of $each endpoints in 2022', (example) => {
    const { tables } = count('iptables', early, plain(example.services, example.each), testNode);
    expect(tables['filter']!['rules']).toBe(example.filter);
    expect(tables['nat']!['rules']).toBe(example.nat);
  });

  it.each([
    { each: 0, filter: 7, nat: 5 },
    { each: 1, filter: 4, nat: 16 },
  ])('counts a LoadBalancer with a source range and $each endpoints in 2022', (example) => {
    const over = {
      nodePort: 3001,
      externalIPs: ['1.2.3.4'],
      loadBalancerIPs: ['5.6.7.8'],
      sourceRanges: ['1.2.3.0/28'],
    };
    const { tables } = count('iptables', early, plain(1, example.each, over), testNode);
    expect(tables['filter']!['rules']).toBe(example.filter);
    expect(tables['nat']!['rules']).toBe(example.nat);
  });

  it("splits the rules of kube-proxy's six Services as its test does", () => {
    const objects = count('iptables', modern, overallServices, testNode);
    expect(objects.tables).toEqual({
      filter: { chains: 6, rules: 10 },
      nat: { chains: 20, rules: 55 },
    });
    const splits = [
      { 'KUBE-SERVICES': 1, 'KUBE-SVC': 2, 'KUBE-SEP': 2 },
      { 'KUBE-SERVICES': 3, 'KUBE-NODEPORTS': 2, 'KUBE-SVC': 2, 'KUBE-SEP': 2, 'KUBE-EXT': 3 },
      { 'KUBE-SERVICES': 1, 'KUBE-NODEPORTS': 2, 'KUBE-SVC': 2, 'KUBE-SEP': 2, 'KUBE-EXT': 2 },
      { 'KUBE-SERVICES': 2, 'KUBE-SVC': 3, 'KUBE-SEP': 4, 'KUBE-EXT': 2 },
      {
        'KUBE-SERVICES': 2,
        'KUBE-NODEPORTS': 2,
        'KUBE-SVC': 3,
        'KUBE-SEP': 2,
        'KUBE-EXT': 2,
        'KUBE-FW': 2,
      },
      {},
    ];
    splits.forEach((split, i) => {
      expect(withSplit(objects, i, 'nat')).toEqual(split);
    });
    expect(objects.ports.map(({ tables }) => tables['nat']!['rules'])).toEqual([
      5, 12, 9, 11, 13, 0,
    ]);
    expect(objects.ports.map(({ tables }) => tables['filter']!['rules'])).toEqual([
      0, 4, 0, 0, 1, 1,
    ]);
  });

  // Counted by hand in the sheet, "plus or minus one"; with the primary address in nodeport-ips,
  // the default of this mode, nothing is off.
  it("counts the nftables objects of kube-proxy's six Services", () => {
    const node: ProxyNode = { ...testNode, nodePortAddresses: 'primary' };
    const { tables } = count('nftables', ERAS['1.33']!, overallServices, node);
    expect(tables).toEqual({ 'kube-proxy': { chains: 32, rules: 57, elements: 24, sets: 1 } });
  });
});

/** What the sheet's formulas tell apart; Lc of the E endpoints are local. */
const AXES = {
  E: [0, 1, 3],
  Lc: [0, 1],
  X: [0, 2],
  L: [0, 1, 2],
  R: [0, 1, 2],
  hasNodePort: [0, 1],
  A: [0, 1],
  isLocal: [0, 1],
  nodeInside: [0, 1],
};

type Form = Readonly<Record<keyof typeof AXES, number>>;

function forms(): Form[] {
  const combinations = Object.entries(AXES).reduce<Partial<Form>[]>(
    (drawn, [axis, values]) =>
      drawn.flatMap((form) => values.map((value) => ({ ...form, [axis]: value }))),
    [{}],
  );
  return (combinations as Form[]).filter(({ E, Lc }) => Lc <= E);
}

function portOf({ E, Lc, X, L, R, hasNodePort, A, isLocal, nodeInside }: Form): ServicePort {
  const ranges = ['198.51.100.0/24', nodeInside ? '192.168.0.0/16' : '203.0.113.0/24'];
  return servicePort('svc1', {
    endpoints: endpoints(E).map((e, i) => (i < Lc ? { ...e, node: 'test-node' } : e)),
    externalIPs: ['192.168.99.1', '192.168.99.2'].slice(0, X),
    loadBalancerIPs: ['1.2.3.4', '1.2.3.5'].slice(0, L),
    sourceRanges: R === 1 ? ranges.slice(1) : ranges.slice(0, R),
    nodePort: hasNodePort ? 3001 : null,
    affinity: A === 1,
    externalPolicy: isLocal ? 'Local' : 'Cluster',
  });
}

/** Section 2.2 of the sheet, letter by letter. */
function sheetCounts(form: Form): { readonly nat: number; readonly filter: number } {
  const { E, Lc, X, L, R, hasNodePort, A, isLocal, nodeInside } = form;
  if (E === 0) return { nat: 0, filter: 1 + X + L + hasNodePort };
  const isAccessible = X + L + hasNodePort > 0;
  const external = isLocal ? 3 + (Lc > 0 ? 1 : 0) : 2;
  const hasFirewall = L > 0 && R > 0;
  const KS = 1 + X + L;
  const NP = 2 * hasNodePort;
  const SVC = 1 + E + A * E;
  const SEP = 2 * E;
  const EXT = isAccessible ? external : 0;
  const SVL = isAccessible && isLocal ? Lc + A * Lc : 0;
  const FW = hasFirewall ? R + 1 + (nodeInside ? L : 0) : 0;
  return {
    nat: KS + NP + SVC + SEP + EXT + SVL + FW,
    filter: (isLocal && Lc === 0 ? X + L + hasNodePort : 0) + (hasFirewall ? L : 0),
  };
}

describe.each(counters)('by the formulas of the fact sheet, the %s', (_, count) => {
  it('counts every combination of endpoints, addresses, ranges, affinity and policy', () => {
    for (const form of forms()) {
      const [port] = count('iptables', modern, [portOf(form)], testNode).ports;
      const counted = {
        nat: port!.tables['nat']!['rules'],
        filter: port!.tables['filter']!['rules'],
      };
      expect({ form, ...counted }).toEqual({ form, ...sheetCounts(form) });
    }
  });
});

describe('a transaction of nftables', () => {
  const none = servicePort('svc4');
  const one = servicePort('svc4', { endpoints: endpoints(1) });
  const other = servicePort('svc4', { endpoints: endpoints(2).slice(1) });

  it.each([
    { step: 'deletes a Service with an endpoint', before: [one], after: [], operations: 4 },
    { step: 'adds a Service without endpoints', before: [], after: [none], operations: 2 },
    { step: 'gives it an endpoint', before: [none], after: [one], operations: 10 },
    { step: 'replaces the endpoint', before: [one], after: [other], operations: 9 },
  ])('$step in $operations operations, written out', ({ before, after, operations }) => {
    const text = (ports: readonly ServicePort[]) => nftablesText(modern, ports, testNode);
    const written = nftablesTransaction(text(before), text(after), 'ns/svc4');
    expect(written).toHaveLength(operations);
  });

  it('replaces the endpoint in as many operations by the closed form', () => {
    const { written } = kernelModel('nftables').change(modern, [other], testNode, 'ns/svc4');
    expect(written['kube-proxy']!['operations']).toBe(9);
  });
});

describe('a partial sync', () => {
  const [svc1, svc2, svc3] = plain(3, 1) as [ServicePort, ServicePort, ServicePort];
  const svc4 = servicePort('svc4');

  it.each([
    { step: 'adding a Service', ports: [svc1, svc2, svc3], changed: 'svc3', filter: 4, nat: 12 },
    { step: 'deleting one', ports: [svc1, svc3], changed: 'svc2', filter: 4, nat: 7 },
    { step: 'an empty one', ports: [svc1, svc3, svc4], changed: 'svc4', filter: 5, nat: 7 },
    { step: 'no change', ports: [svc1, svc2, svc3], changed: 'none', filter: 4, nat: 8 },
  ])('restores the $nat lines of nat that the fact sheet has for $step', (example) => {
    const changed = `ns/${example.changed}`;
    const restore = iptablesRestore(modern, example.ports, testNode, changed);
    const rules = (lines: readonly string[]) => lines.filter((l) => l.startsWith('-A')).length;
    expect(rules(restore.filter)).toBe(example.filter);
    expect(rules(restore.nat)).toBe(example.nat);
    const model = kernelModel('iptables');
    const written: Readonly<Record<string, Counts>> = model.change(
      modern,
      example.ports,
      testNode,
      changed,
    ).written;
    expect(written['filter']!['rules']).toBe(example.filter);
    expect(written['nat']!['rules']).toBe(example.nat);
  });
});
