/**
 * The counts for a reader: what each Service port costs and in which chains or maps, the sums, what
 * is skipped and why, what the next sync writes, and where the formulas come from.
 */
import type { Era } from '../../core/models/eras.ts';
import type { Counts, PortObjects } from '../../core/models/proxy/rules/kernel-objects.ts';
import type { KernelMode } from '../../core/models/proxy/rules/registry.ts';
import type { ServicePort } from '../../core/models/proxy/rules/service-port.ts';
import { TEXT_COLUMNS } from '../reach/wrapped.ts';
import { table, width } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import type { RulesAnswer } from './answer.ts';
import { fixedWords, kindWords, partWords } from './words.ts';

const SPLIT_INDENT = '     ';

/** A kind of object in a table, such as the rules of `nat`. */
interface Kind {
  readonly table: string;
  readonly kind: string;
}

type Tables = Readonly<Record<string, Counts>>;

export function rulesText(answer: RulesAnswer, { style }: Pick<Terminal, 'style'>): string[] {
  const { mode, change, input } = answer;
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', ` ${style('bold', title)}`, ...lines];
  return [
    ` ${headline(answer)}`,
    '',
    ...serviceTable(answer),
    '',
    ...totals(answer),
    '',
    ` ${fixedWords[mode]}`,
    ...section('In the split', glossary(answer)),
    ...section(
      'Skipped: no proxy keeps anything for them',
      table(
        [{ header: '' }, { header: '' }],
        input.skipped.map(({ namespace, name, why }) => [`${namespace}/${name}`, why]),
        '   ',
      ),
    ),
    ...(change === undefined
      ? section('After a change of one Service', [
          ...syncLines(mode, answer.era),
          '   --change service/NAMESPACE/NAME counts it',
        ])
      : section(`After a change of ${change.service}`, changeLines(answer, change.written))),
    ...section('Source', [
      '   Formulas derived from the code of the proxies; for iptables and nftables they give the counts',
      '   that the tests of kube-proxy expect. What is not known for sure: docs/models/proxy.md',
    ]),
  ];
}

function headline({ mode, era, input, node }: RulesAnswer): string {
  const { name, knownAddresses, addresses } = input.node;
  const where = name === null ? 'a node without endpoints of its own' : `node ${name}`;
  const count = node.addresses.length === 1 ? '1 address' : `${node.addresses.length} addresses`;
  const known = knownAddresses < addresses.length ? `${count}, not known` : count;
  return `${mode}, Kubernetes ${era.version}, IPv${input.family}, on ${where} (${known})`;
}

/** A column for each kind of object that any Service port has, and below a port where they are. */
function serviceTable({ objects, input }: RulesAnswer): string[] {
  const kinds = kindsOf(objects.tables).filter((kind) =>
    objects.ports.some(({ tables }) => countOf(tables, kind) > 0),
  );
  const isAlone = Object.keys(objects.tables).length === 1;
  const columns = [
    { header: 'service' },
    { header: 'port' },
    ...kinds.map((kind) => ({ header: kindName(kind, isAlone), align: 'right' as const })),
  ];
  const counts = objects.ports.map((port, at) => [
    `${port.namespace}/${port.service}`,
    portText(input.ports[at]!),
    ...kinds.map((kind) => String(countOf(port.tables, kind))),
  ]);
  if (counts.length === 0) return [' no Service with an address in the input'];
  const [header, ...rows] = table(columns, counts, ' ');
  const splits = objects.ports.map((port) => indented(splitOf(port), ', ', SPLIT_INDENT));
  return [header!, ...rows.flatMap((row, at) => [row, ...splits[at]!])];
}

/** Parts joined into lines of the width of a text, if each part fits; none for no parts. */
function indented(parts: readonly string[], separator: string, indent: string): string[] {
  const lines: string[] = [];
  for (const [at, part] of parts.entries()) {
    const text = at < parts.length - 1 ? part + separator : part;
    const last = lines.at(-1);
    if (last === undefined || width(last + text.trimEnd()) > TEXT_COLUMNS) {
      lines.push(indent + text);
    } else lines[lines.length - 1] = last + text;
  }
  return lines.map((line) => line.trimEnd());
}

function portText({ port, number, protocol }: ServicePort): string {
  const known = protocol === 'TCP' ? String(number) : `${number}/${protocol}`;
  return port === '' ? known : `${port} (${known})`;
}

function totals({ objects, fixed }: RulesAnswer): string[] {
  const isAlone = Object.keys(objects.tables).length === 1;
  const rows = kindsOf(objects.tables).map((kind) => {
    const all = countOf(objects.tables, kind);
    const always = countOf(fixed, kind);
    return [kindName(kind, isAlone), String(all - always), String(always), String(all)];
  });
  const headers = ['of Services', 'fixed', 'total'];
  const columns = headers.map((header) => ({ header, align: 'right' as const }));
  return table([{ header: 'in the kernel' }, ...columns], rows, ' ');
}

function kindName({ table: name, kind }: Kind, isAlone: boolean): string {
  return isAlone ? kindWords(kind) : `${name} ${kindWords(kind)}`;
}

function kindsOf(tables: Tables): Kind[] {
  return Object.entries(tables).flatMap(([name, counts]) =>
    Object.keys(counts).map((kind) => ({ table: name, kind })),
  );
}

function countOf(tables: Tables, { table: name, kind }: Kind): number {
  return tables[name]?.[kind] ?? 0;
}

/** Parts of all tables; those of iptables' filter are marked. */
function splitOf({ tables }: PortObjects): string[] {
  return Object.entries(tables).flatMap(([name, { split }]) =>
    Object.entries(split).map(
      ([part, count]) => `${name === 'filter' ? 'filter ' : ''}${part} ${count}`,
    ),
  );
}

function glossary({ mode, objects }: RulesAnswer): string[] {
  const rows = new Map<string, string>();
  for (const { tables } of objects.ports) {
    for (const [name, { split }] of Object.entries(tables)) {
      for (const part of Object.keys(split)) {
        const meaning = partWords(mode, name, part);
        if (meaning !== undefined) rows.set(name === 'filter' ? `filter ${part}` : part, meaning);
      }
    }
  }
  return table([{ header: '' }, { header: '' }], [...rows], '   ');
}

function changeLines({ mode, era, objects }: RulesAnswer, written: Tables): string[] {
  const rows = kindsOf(written).map((one) => {
    const name = one.kind === 'operations' ? 'operations' : kindWords(one.kind);
    const all = objects.tables[one.table]?.[one.kind];
    return [
      `${one.table} ${name}`,
      String(countOf(written, one)),
      all === undefined ? '' : `of ${all}`,
    ];
  });
  const columns = [{ header: '' }, { header: 'written', align: 'right' as const }, { header: '' }];
  return [...syncLines(mode, era), ...table(columns, rows, '   ')];
}

function syncLines(mode: KernelMode, era: Era): string[] {
  return indented(syncWords(mode, era).split(' '), ' ', '   ');
}

/** What the next sync does when one Service has changed. */
function syncWords(mode: KernelMode, era: Era): string {
  switch (mode) {
    case 'iptables':
      return era.iptablesPartialSync
        ? 'A partial sync writes filter, KUBE-SERVICES and KUBE-NODEPORTS whole, and the other chains of the changed Service.'
        : `Every sync of Kubernetes ${era.version} writes both tables whole.`;
    case 'nftables':
      return era.nftablesPartialSync
        ? 'A transaction holds the changed Service only: here, one endpoint of each port is replaced.'
        : `Every sync of Kubernetes ${era.version} writes the whole table.`;
    case 'ipvs':
      return 'Every sync compares everything, and writes what differs: at most what the changed Service has.';
    case 'ebpf':
      return 'The agent writes what differs: at most what the changed Service has.';
  }
}
