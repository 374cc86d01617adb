/**
 * kube-proxy in iptables mode, as far as both back ends of iptables agree: how many rules and
 * chains there are, when a sync is full, when it lists the kernel's table, and how one sync is put
 * together from commands whose cost a back end supplies. Everything is visible when the restore
 * commits. What Services have beyond plain ClusterIP ones is added (`further-objects.ts`).
 */
import { type Constant, type ConstantReader, constant } from '../../constant.ts';
import type { Era } from '../eras.ts';
import { assumed, fitted, published } from '../sources.ts';
import { kubeProxyMemory, userMemory } from './kube-proxy-memory.ts';
import {
  type ProxyModel,
  type ProxyPathCosts,
  type RuleCounts,
  Visibility,
} from './proxy-model.ts';
import { FILTER_CHAINS, NAT_BASE_CHAINS, NAT_BASE_RULES } from './rules/iptables.ts';

/** Endpoints beyond which kube-proxy is in large-cluster mode (largeClusterEndpointsThreshold). */
export const LARGE_CLUSTER_ENDPOINTS = 1000;

/**
 * Longest time without any sync, and age of the last full sync beyond which the next one is full.
 * The latter is from kubernetes PR #129329 (1.33) and assumed for every release with partial syncs.
 */
const HOUR_NS = 3600e9;
const SECOND_NS = 1e9;

export interface TableSize {
  readonly rules: number;
  readonly chains: number;
}

/**
 * Rules and chains of the two tables for plain ClusterIP Services. Per service port with E
 * endpoints: 1 in KUBE-SERVICES, 1 + E in KUBE-SVC, 2 E in KUBE-SEP, hence nat 5 + sum(2 + 3 E);
 * without endpoints: one REJECT in filter.
 */
export function iptablesRules(
  counts: RuleCounts,
  era: Era,
): { readonly filter: TableSize; readonly nat: TableSize } {
  return {
    filter: {
      rules: era.iptablesFilterBaseRules + counts.emptyServicePorts,
      chains: FILTER_CHAINS,
    },
    nat: {
      rules: NAT_BASE_RULES + serviceRules(counts),
      chains: NAT_BASE_CHAINS + serviceChains(counts),
    },
  };
}

/** Rules of nat that belong to Services. */
export function serviceRules(counts: RuleCounts): number {
  return 2 * (counts.servicePorts - counts.emptyServicePorts) + 3 * counts.endpoints;
}

/** KUBE-SVC and KUBE-SEP chains. */
export function serviceChains(counts: RuleCounts): number {
  return counts.servicePorts - counts.emptyServicePorts + counts.endpoints;
}

/** Costs of the commands of one back end. CPU nanoseconds, except where it says asleep. */
export interface IptablesCommands {
  /** One iptables process that finds what it was to create. */
  readonly invocationNs: number;
  /** iptables-restore of everything into an empty kernel. */
  load(rules: number, chains: number): number;
  /** iptables-restore of everything over what is there. */
  replace(rules: number, chains: number): number;
  /** iptables-restore of a partial sync with one changed service port; `frontEnds` written anew. */
  change(frontEnds: number, rules: number, chains: number): number;
  /** What further changed service ports add to `change`. */
  changeFurther(rules: number, chains: number): number;
  /** iptables-save. */
  save(rules: number, chains: number): number;
  /** Asleep in the kernel, beyond the CPU time, in `replace` and in `change`. */
  readonly replaceSleepNs: number;
  readonly changeSleepNs: number;
}

export interface IptablesBackEnd {
  readonly title: string;
  readonly models: readonly string[];
  readonly ignores: readonly string[];
  readonly minimumKernel: string;
  readonly constants: readonly Constant[];
  readonly calibrated: ProxyModel['calibrated'];
  path(read: ConstantReader): ProxyPathCosts;
  /** Bytes of so many rules, with their chains. */
  memory(read: ConstantReader, rules: number, cores: number): number;
  commands(read: ConstantReader): IptablesCommands;
}

const buildEndpoint = constant({
  id: 'proxy.iptables.build.endpoint',
  value: 9300,
  unit: 'ns/endpoint',
  range: [3000, 20000],
  about: "Building a sync's input in user space, for each endpoint of the cluster, full or partial",
  source: published(
    'kubernetes issue #138073: 1.29 s for 138,792 endpoints',
    'kube-proxy of early 2026, partial sync, 3,595 Services',
  ),
});

const ensureInvocations = constant({
  id: 'proxy.iptables.full.invocations',
  value: 24,
  unit: 'count',
  range: [0, 28],
  about: 'iptables processes a full sync starts to check its chains and jumps',
  source: published('kubernetes PR #114181', 'kube-proxy of 2022; skipped in partial syncs'),
});

/** Shared with the other modes that start a process per command. */
export const commandWait = fitted(
  'proxy.command.wait',
  488e3,
  'ns',
  'Wall-clock time of one command that is not CPU time, when nothing makes it sleep',
);

const inputRule = constant({
  id: 'proxy.iptables.memory.rule',
  value: 200,
  unit: 'bytes/rule',
  range: [50, 600],
  about:
    "A rule in the proxy's buffers for iptables-restore, which keep the size of the largest input",
  source: assumed('a line of 100 to 200 characters, in a buffer that grows by doubling'),
});

const sharedConstants = [
  buildEndpoint,
  ensureInvocations,
  commandWait,
  inputRule,
  ...Object.values(userMemory),
];

const SHARED_MODELS = [
  'Rules and chains of every kind of Service, exactly; under Local policies of a node without local endpoints',
  'Full syncs: at the start, after a failure, and by age; partial syncs rewrite KUBE-SERVICES whole',
  'iptables-save at every sync, or once per syncPeriod above 1,000 endpoints (large-cluster mode)',
  'First packets walk KUBE-SERVICES to a place that changes with every sync, then the endpoint rules',
];

const SHARED_IGNORES = [
  'Endpoints on the node itself under Local policies; nodes inside the source ranges of a load balancer',
  'The rest of the nat table that a full sync of ~24 processes may have to read: only their base cost',
  'Waiting for the xtables lock held by somebody else; masquerading; hairpin traffic',
];

/** A proxy model from the costs of one back end. */
export function iptablesProxy(backEnd: IptablesBackEnd): ProxyModel {
  return {
    title: backEnd.title,
    models: [...SHARED_MODELS, ...backEnd.models],
    ignores: [...SHARED_IGNORES, ...backEnd.ignores],
    lifecycle: { since: '1.2' },
    minimumKernel: backEnd.minimumKernel,
    constants: [...sharedConstants, ...backEnd.constants],
    kernel: 'iptables',
    visibility: Visibility.Commit,
    calibrated: backEnd.calibrated,
    defaults: { minSyncPeriodNs: SECOND_NS, syncPeriodNs: 30 * SECOND_NS },
    forcedSyncNs: () => HOUR_NS,
    fullSyncAfterNs: (era, counts) => {
      if (!era.iptablesPartialSync) return 0;
      const large = counts.endpoints > LARGE_CLUSTER_ENDPOINTS;
      return large && !era.iptablesHourlyFullSyncInLargeClusters ? Infinity : HOUR_NS;
    },
    listsAfterNs: (era, counts, syncPeriodNs) => {
      const large = counts.endpoints > LARGE_CLUSTER_ENDPOINTS;
      return large && era.iptablesLargeClusterMode ? syncPeriodNs : 0;
    },
    kernelRules: (era, counts) => {
      const { filter, nat } = iptablesRules(counts, era);
      return filter.rules + nat.rules + counts.further.rules;
    },
    kernelMemory: (read, era, counts, cores) => {
      const { filter, nat } = iptablesRules(counts, era);
      return backEnd.memory(read, filter.rules + nat.rules + counts.further.rules, cores);
    },
    proxyMemory: (read, era, counts) => {
      const { filter, nat } = iptablesRules(counts, era);
      const rules = filter.rules + nat.rules + counts.further.rules;
      return kubeProxyMemory(read, counts) + read(inputRule) * rules;
    },
    compile: (read, era) => ({
      ...backEnd.path(read),
      localhostNodePortRules: era.iptablesLocalhostNodePortRules,
    }),
    programmingTime: (read) => {
      const commands = backEnd.commands(read);
      const buildNs = read(buildEndpoint);
      const invocations = read(ensureInvocations);
      const waitNs = read(commandWait);
      return (work, cost) => {
        const { further, changedFurther } = work;
        const rules = serviceRules(work) + work.emptyServicePorts + further.rules;
        const chains = serviceChains(work) + further.chains;
        let buildCpuNs = buildNs * work.endpoints;
        let waitingNs = 0;
        if (work.full || work.initial) {
          buildCpuNs += invocations * commands.invocationNs;
          waitingNs += invocations * waitNs;
        }
        if (work.lists) {
          buildCpuNs += commands.save(rules, chains);
          waitingNs += waitNs;
        }
        let kernelCpuNs: number;
        let sleepNs = waitNs;
        if (work.initial) {
          kernelCpuNs = commands.load(rules, chains);
        } else if (work.full) {
          kernelCpuNs = commands.replace(rules, chains);
          sleepNs = commands.replaceSleepNs;
        } else {
          const share = furtherShare(work.changedServicePorts);
          const changedRules = 2 * work.changedServicePorts + 3 * work.changedEndpoints;
          const changedChains = work.changedServicePorts + work.changedEndpoints;
          kernelCpuNs =
            commands.change(work.servicePorts + further.frontEnds, rules, chains) +
            commands.changeFurther(
              share * (changedRules + changedFurther.rules),
              share * (changedChains + changedFurther.chains),
            );
          sleepNs = commands.changeSleepNs;
        }
        cost.buildNs = Math.round(buildCpuNs + waitingNs);
        cost.kernelNs = Math.round(kernelCpuNs + sleepNs);
        cost.cpuNs = Math.round(buildCpuNs + kernelCpuNs);
      };
    },
  };
}

/** Share of the changed service ports that the measured one-change cost does not hold. */
export function furtherShare(changedServicePorts: number): number {
  return changedServicePorts > 1 ? (changedServicePorts - 1) / changedServicePorts : 0;
}
