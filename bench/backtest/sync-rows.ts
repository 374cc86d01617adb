/** Published figures of programming a kernel: syncs, restores, single rules, and what they take. */
import type { ConstantReader } from '../../core/constant.ts';
import { ERAS } from '../../core/models/eras.ts';
import type { SyncWork } from '../../core/models/proxy/proxy-model.ts';
import { proxyModel } from '../../core/models/proxy/registry.ts';
import { commandNs, IPTABLES, plain, syncCost } from './operations.ts';
import { exactly, type Reading, type Row, unknown } from './row.ts';

type Published = Omit<Row, 'kind' | 'sets' | 'unit' | 'conditions'> &
  Partial<Pick<Row, 'sets' | 'unit' | 'conditions'>>;

function published(row: Published): Row {
  return { sets: [], unit: 'ns', conditions: 'As the source says.', ...row, kind: 'published' };
}

const endpointsEach = unknown('endpoints-each', 2, [1, 10], 'count', 'Endpoints of each Service');

/** #96018: chain declarations and rules of plain Services with E endpoints are 3 + 4 E lines. */
function restoreOfLines(lines: number, change: Partial<SyncWork>, setting: string): Reading {
  return {
    setting,
    at: (read) => {
      const each = read(endpointsEach);
      const services = lines / (3 + 4 * each);
      return commandNs('iptables-nft', plain(services, services * each), change)(read);
    },
  };
}

/**
 * #138073 wrote 12,044 chains and 38,841 rules of nat: with 4 and 5 of the base and one rule of
 * KUBE-SERVICES for each Service, 439 changed Services with 11,600 endpoints solve both.
 */
const PARTIAL = { changedServicePorts: 439, changedEndpoints: 11600, deletes: true } as const;
const LARGE = plain(3595, 138792);

function iptablesRows(): Row[] {
  const build = (read: ConstantReader) => syncCost('iptables-nft', read, LARGE, PARTIAL).buildNs;
  const issue = { source: 'issue-138073', models: IPTABLES, why: 'partial-restore' } as const;
  const left =
    'Back end not stated. What was changed follows from the counts of the restore: 439 Services of 11,600 endpoints.';
  return [
    published({
      id: 'issue-96018/restore',
      models: ['iptables-nft'],
      source: 'issue-96018',
      about: 'restore of 695,992 lines, iptables-nft',
      conditions:
        'Endpoints of a Service not stated, nor whether the table was empty; iptables of 2020.',
      measured: exactly(12.77e9),
      readings: [
        restoreOfLines(695992, { initial: true, full: true }, 'into an empty table'),
        restoreOfLines(695992, { full: true }, 'over a filled table'),
      ],
      ranges: [
        'proxy.iptables-nft.initial.chain-squared-cached',
        'proxy.iptables-nft.initial.chain-squared-spilled',
      ],
      why: 'quadratic-restore',
    }),
    published({
      ...issue,
      id: 'issue-138073/build',
      about: 'partial sync, 138,792 endpoints: build',
      measured: exactly(1.29e9),
      readings: [{ setting: 'either back end', at: build }],
      sets: ['proxy.iptables.build.endpoint'],
    }),
    published({
      ...issue,
      id: 'issue-138073/restore',
      about: 'partial sync, 138,792 endpoints: restore',
      conditions: left,
      measured: exactly(1.52e9),
      readings: IPTABLES.map((model) => ({ setting: model, at: commandNs(model, LARGE, PARTIAL) })),
    }),
    published({
      ...issue,
      id: 'issue-138073/sync',
      about: 'partial sync, 138,792 endpoints: all of it',
      conditions: left,
      measured: exactly(2.84e9),
      readings: IPTABLES.map((model) => ({
        setting: model,
        at: (read: ConstantReader) => {
          const { buildNs, kernelNs } = syncCost(model, read, LARGE, PARTIAL);
          return buildNs + kernelNs;
        },
      })),
    }),
  ];
}

const processes = unknown(
  'processes',
  1,
  [1, 8],
  'count',
  'Processes that "one rule" stands for: one, or all 2 + 3 E rules of a Service with 2 endpoints',
);

function oneRuleRows(): Row[] {
  const times = { 100: 0.1e9, 1000: 1.302e9, 5000: 6.547e9, 20000: 20e9 };
  const iptables = Object.entries(times).map(([services, ns]) =>
    published({
      id: `blog-2019/iptables/${services}`,
      models: ['iptables-legacy'],
      source: 'blog-2019',
      about: `adding one rule, iptables, ${services} Services`,
      conditions:
        'Taken as an iptables process that rewrites the whole table; endpoints not stated.',
      measured: exactly(ns),
      readings: [
        {
          setting: 'one process a rule',
          at: (read) => {
            const counts = plain(Number(services), Number(services) * read(endpointsEach));
            return read(processes) * commandNs('iptables-legacy', counts)(read);
          },
        },
      ],
      why: 'one-process-a-rule',
    }),
  );
  const write: Reading = {
    setting: 'one virtual or real server',
    at: (read) => {
      const of = (changedEndpoints: number) =>
        syncCost('ipvs', read, plain(1000, 2000), { changedEndpoints }).kernelNs;
      return of(1) - of(0);
    },
  };
  return [
    ...iptables,
    published({
      id: 'blog-2019/ipvs',
      models: ['ipvs'],
      source: 'blog-2019',
      about: 'adding one rule, ipvs, any number of Services',
      conditions:
        'One entry written by a process of its own; the model writes over an open socket.',
      measured: { value: 1.2e6, low: 0.85e6, high: 1.52e6 },
      readings: [write],
      ranges: ['proxy.ipvs.write.server'],
      why: 'ipvs',
    }),
  ];
}

const servicesOfIpvs = unknown('services', 400, [40, 4000], 'count', 'Services of 4,000 endpoints');

function ipvsRows(): Row[] {
  return [
    published({
      id: 'issue-73382/sync',
      models: ['ipvs'],
      source: 'issue-73382',
      about: 'sync, ipvs, about 4,000 endpoints, average',
      conditions: 'Services, kernel and release not stated.',
      measured: exactly(20e9),
      readings: [
        {
          setting: 'ipvs',
          at: (read) => {
            const { buildNs, kernelNs } = syncCost('ipvs', read, plain(read(servicesOfIpvs), 4000));
            return buildNs + kernelNs;
          },
        },
      ],
      ranges: ['proxy.ipvs.walk.endpoint'],
      why: 'ipvs',
    }),
    published({
      id: 'issue-55975/port',
      models: ['ipvs'],
      source: 'issue-55975',
      about: 'adding one of 30,000 externalIPs, ipvs',
      conditions: '1 to 2 ports a second; taken as one address, ipset entry and virtual server.',
      measured: { value: 0.75e9, low: 0.5e9, high: 1e9 },
      readings: [
        {
          setting: 'ipvs',
          at: (read) => {
            const load = (services: number) =>
              syncCost('ipvs', read, plain(services, 0), { initial: true, full: true });
            return load(30001).kernelNs - load(30000).kernelNs;
          },
        },
      ],
      ranges: ['proxy.ipvs.write.service'],
      why: 'ipvs',
    }),
  ];
}

const TEN_THOUSAND = plain(10000, 20000);
const ISSUE_139513 = plain(44125, 44152);
const MIB = 2 ** 20;

function nftablesSync(
  counts: typeof TEN_THOUSAND,
  change: Partial<SyncWork>,
  release: string,
  setting = release,
): Reading {
  return { setting, at: (read) => syncCost('nftables', read, counts, change, release).kernelNs };
}

function nftablesRows(): Row[] {
  const pr = { models: ['nftables'], source: 'pr-126013' } as const;
  const issue = { models: ['nftables'], source: 'issue-139513' } as const;
  const memory = (release: string): Reading => ({
    setting: release,
    at: (read) => proxyModel('nftables').proxyMemory(read, ERAS[release]!, TEN_THOUSAND),
  });
  const layouts = (change: Partial<SyncWork>) =>
    ['1.35', '1.36'].map((release) => nftablesSync(ISSUE_139513, change, release));
  return [
    published({
      ...pr,
      id: 'pr-126013/add/before',
      about: 'adding one Service, nftables, without partial syncs',
      conditions: 'Taken as one full sync over a filled table.',
      measured: exactly(480e9),
      readings: [nftablesSync(TEN_THOUSAND, { full: true }, '1.32')],
      why: 'full-nftables-syncs',
    }),
    published({
      ...pr,
      id: 'pr-126013/add/after',
      about: 'adding one Service, nftables, with partial syncs',
      measured: exactly(141e6),
      readings: [nftablesSync(TEN_THOUSAND, {}, '1.33')],
    }),
    published({
      ...pr,
      id: 'pr-126013/memory/before',
      about: 'kube-proxy memory, nftables, without partial syncs',
      unit: 'bytes',
      measured: exactly(650 * MIB),
      readings: [memory('1.32')],
      sets: ['proxy.nftables.memory.transaction'],
    }),
    published({
      ...pr,
      id: 'pr-126013/memory/after',
      about: 'kube-proxy memory, nftables, with partial syncs',
      unit: 'bytes',
      measured: exactly(260 * MIB),
      readings: [memory('1.33')],
      sets: ['proxy.user-memory.service-port', 'proxy.user-memory.endpoint'],
    }),
    published({
      ...issue,
      id: 'issue-139513/full',
      about: 'full sync, nftables, 44,125 Services',
      conditions: 'Layout of rules not stated, nor whether the table was empty.',
      measured: exactly(1003.9e9),
      readings: [...layouts({ full: true }), ...layouts({ full: true, initial: true })],
      why: 'full-nftables-syncs',
    }),
    published({
      ...issue,
      id: 'issue-139513/listing',
      about: 'listing chains and sets, nftables, 44,125 Services',
      conditions: 'The model has no listing of its own: the whole of one change stands for it.',
      measured: exactly(63e9),
      readings: layouts({}),
      why: 'nftables-listing',
    }),
    published({
      ...issue,
      id: 'issue-139513/incremental',
      about: 'incremental sync, patched, nftables, 44,125 Services',
      conditions: 'Taken as one change; the patch leaves the listing out.',
      measured: exactly(1.33e9),
      readings: layouts({}),
    }),
  ];
}

export function syncRows(): Row[] {
  return [...iptablesRows(), ...oneRuleRows(), ...ipvsRows(), ...nftablesRows()];
}
