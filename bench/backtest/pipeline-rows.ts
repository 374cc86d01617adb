/**
 * KEP-3453's scale test as runs of the product: 5,000 nodes, minSyncPeriod 10 s, the runner of the time,
 * with and without partial syncs. What the KEP leaves open is put at the thresholds of SIG Scalability:
 * 150,000 pods, 20 pod changes a second. Only what moves the length of a sync is moved in further runs.
 */
import type { Constant, ConstantReader } from '../../core/constant.ts';
import { allConstants } from '../../core/models/index.ts';
import { proxyModel } from '../../core/models/proxy/registry.ts';
import { plainPorts, plainProxy } from '../../core/plain-plans.ts';
import type { Plan } from '../../core/plan.ts';
import { simulate } from '../../core/simulate.ts';
import { bucketsOfBounds } from '../../core/stats/buckets.ts';
import { quantileOf } from '../../core/stats/quantile.ts';
import { benchmarkPlan } from '../workloads/plans.ts';
import { plain, syncCost } from './operations.ts';
import { constantsRead, pull } from './propagate.ts';
import { type Known, plusMinus, type Reading, type Row, unknown } from './row.ts';

const NODES = 5000;
const PODS = 150_000;
const MODEL = 'iptables-legacy';
const SECOND_NS = 1e9;
const REPLICATIONS = 2;
/** A constant that moves the length of a sync by less is not worth two runs. */
const WORTH_A_RUN = 0.1;

const services = unknown(
  'services',
  10_000,
  [5000, 16_000],
  'count',
  'Services of the test cluster, which share its 150,000 pods',
);

/** The last release in which each was the default. */
const RELEASES = { before: '1.26', after: '1.28' } as const;
type When = keyof typeof RELEASES;

const QUANTILES = { p50: 0.5, p90: 0.9, p99: 0.99 } as const;
type Quantile = keyof typeof QUANTILES;

const MEASURED: Readonly<Record<When, Readonly<Record<Quantile, Known>>>> = {
  before: { p50: plusMinus(27e9, 0.5e9), p90: plusMinus(36e9, 2e9), p99: plusMinus(42e9, 2e9) },
  after: { p50: plusMinus(13e9, 0.5e9), p90: plusMinus(20e9, 2e9), p99: plusMinus(24e9, 2e9) },
};

export function scaleTest(read: ConstantReader, when: When): Plan {
  const count = read(services);
  const own = new Set(proxyModel(MODEL).constants);
  return benchmarkPlan(NODES, {
    kubernetesVersion: RELEASES[when],
    warmUpNs: 90 * SECOND_NS,
    horizonNs: 60 * SECOND_NS,
    drainNs: 300 * SECOND_NS,
    podChangesPerSecond: 20,
    populations: [
      {
        name: 'services',
        count,
        ports: plainPorts(1),
        endpoints: { kind: 'constant', value: Math.round(PODS / count) },
      },
    ],
    proxy: plainProxy(MODEL, {
      minSyncPeriodNs: 10 * SECOND_NS,
      syncPeriodNs: 30 * SECOND_NS,
    }),
    constants: Object.fromEntries(
      allConstants()
        .filter((one) => own.has(one) && read(one) !== one.value)
        .map((one) => [one.id, read(one)]),
    ),
  });
}

/** Quantiles of the SLI's histogram, which is what a scale test scrapes. */
type Figures = Readonly<Record<Quantile, number>>;

function run(plan: Plan, replication: number): Figures {
  const cell = simulate(plan, replication);
  const buckets = bucketsOfBounds(cell.buckets['networkProgramming.sli']!);
  const at = (quantile: Quantile) => quantileOf(buckets, QUANTILES[quantile])!.value;
  return { p50: at('p50'), p90: at('p90'), p99: at('p99') };
}

/** One run serves three rows. */
function remembering() {
  const known = new Map<string, Figures>();
  return (plan: Plan, replication: number): Figures => {
    const key = JSON.stringify([plan, replication]);
    const figures = known.get(key) ?? run(plan, replication);
    known.set(key, figures);
    return figures;
  };
}

/** The length of the syncs that the run is made of. */
function typicalSync(when: When): Reading {
  return {
    setting: when,
    at: (read) => {
      const change = {
        full: when === 'before',
        lists: when === 'before',
        changedServicePorts: 100,
        changedEndpoints: 1500,
      };
      const counts = plain(read(services), PODS);
      const { buildNs, kernelNs } = syncCost(MODEL, read, counts, change, RELEASES[when]);
      return buildNs + kernelNs;
    },
  };
}

function worthRuns(when: When): readonly Constant[] {
  const sync = typicalSync(when);
  const value = sync.at((one) => one.value);
  return constantsRead(sync).filter((one) =>
    pull(sync, one, value).some((by) => Math.abs(by) > WORTH_A_RUN),
  );
}

export function pipelineRows(): Row[] {
  const figures = remembering();
  const declared: ConstantReader = ({ value }) => value;
  return (Object.keys(RELEASES) as When[]).flatMap((when) =>
    (Object.keys(QUANTILES) as Quantile[]).map((quantile): Row => {
      const replication = (i: number) => figures(scaleTest(declared, when), i)[quantile];
      return {
        id: `kep-3453/${when}/${quantile}`,
        models: ['pipeline'],
        source: 'kep-3453',
        about: `network programming ${quantile}, 5,000 nodes, ${when} partial syncs`,
        conditions:
          'Simulated. Services, endpoints, churn and back end not stated: thresholds of SIG Scalability, and iptables-legacy, as a full sync of iptables-nft would last most of an hour.',
        unit: 'ns',
        measured: MEASURED[when][quantile],
        readings: [
          {
            setting: MODEL,
            at: (read) => figures(scaleTest(read, when), 0)[quantile],
            moves: () => worthRuns(when),
            replications: () =>
              Array.from({ length: REPLICATIONS - 1 }, (_, i) => replication(i + 1)),
          },
        ],
        sets: [],
        kind: 'published',
        why: 'scale-test',
      };
    }),
  );
}
