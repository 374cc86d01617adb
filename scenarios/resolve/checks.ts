/** What no single field can say: checks across fields of one variant at one size. */
import { allConstants, constantById } from '../../core/models/index.ts';
import type { PopulationPlan } from '../../core/plan.ts';
import { counted } from '../counted.ts';
import { suggest } from '../suggest.ts';
import { cidr, formatCidr, overlap } from '../values/cidr.ts';
import { durationNs } from '../values/duration.ts';
import { share } from '../values/share.ts';
import { poolsOf } from './build-plan.ts';
import { checkAgents, checkPeriods } from './check-agents.ts';
import { checkEvents, checkOutages } from './check-events.ts';
import { checkPopulations, checkTraffic } from './check-workload.ts';
import { type Context, isWritten, spanOf, writtenAt } from './context.ts';
import { excessPods, podsOf, populationName, populationsOf } from './load-shape.ts';

/** Checks of a variant that do not depend on its size. */
export function checkVariant(context: Context): void {
  checkAgents(context);
  checkConstants(context);
  checkRanges(context);
  checkNames(context);
  checkPools(context);
  checkLatencies(context);
  checkEvents(context);
  checkPopulations(context);
  checkTraffic(context);
}

function checkConstants(context: Context): void {
  for (const [id, value] of Object.entries(context.spec.constants)) {
    const span = context.origins.key(context.raw, ['spec', 'constants', id], context.whole);
    const declared = constantById(id);
    if (declared === undefined) {
      const meant = nearestConstant(id);
      context.problems.error('E214', span, `no constant ${id}`, {
        help:
          meant === undefined
            ? 'knetsim explain model:NAME lists the constants of a model'
            : `did you mean ${meant}?`,
      });
      continue;
    }
    const [low, high] = declared.range;
    if (value < low || value > high) {
      context.problems.error('E215', span, `${id} is ${value}, out of range`, {
        help: `write a number from ${low} to ${high} (${declared.unit}); the default is ${declared.value}`,
      });
    }
  }
}

/** By spelling; else the one that ends, or else goes on, with what was written. */
function nearestConstant(id: string): string | undefined {
  const ids = allConstants().map((constant) => constant.id);
  const wanted = id.toLowerCase();
  return (
    suggest(id, ids) ??
    ids.find((known) => known.endsWith(`.${wanted}`)) ??
    ids.find((known) => known.startsWith(`${wanted}.`)) ??
    ids.find((known) => known.includes(wanted)) ??
    suggestSameEnd(wanted, ids)
  );
}

/** The nearest of those that share the last part of the name. */
function suggestSameEnd(wanted: string, ids: readonly string[]): string | undefined {
  const last = wanted.slice(wanted.lastIndexOf('.') + 1);
  const alike = ids.filter((known) => known.endsWith(`.${last}`));
  return alike.length === 1 ? alike[0] : undefined;
}

function checkRanges(context: Context): void {
  const { cluster } = context.spec;
  const pods = cidr(cluster.podCIDR)!;
  const services = cidr(cluster.serviceCIDR)!;
  const podSpan = spanOf(context, ['cluster', 'podCIDR']);
  const serviceSpan = spanOf(context, ['cluster', 'serviceCIDR']);
  if (overlap(pods, services)) {
    const written = isWritten(context, ['cluster', 'serviceCIDR']);
    context.problems.error(
      'E204',
      written ? serviceSpan : podSpan,
      `addresses of pods and of Services overlap: ${cluster.podCIDR} and ${cluster.serviceCIDR}`,
      {
        help: `use ${pods.base >>> 24 === 10 ? '172.16.0.0/12' : '10.0.0.0/8'} for ${pods.base >>> 24 === 10 ? 'serviceCIDR' : 'podCIDR'}`,
        ...(written && isWritten(context, ['cluster', 'podCIDR'])
          ? { also: [{ span: podSpan, label: 'addresses of pods' }] }
          : {}),
      },
    );
  }
  if (cluster.nodeMask < pods.bits) {
    context.problems.error(
      'E203',
      spanOf(context, ['cluster', 'nodeMask']),
      `a /${cluster.nodeMask} per node does not fit into ${cluster.podCIDR}`,
      {
        help: `use a nodeMask from ${pods.bits} to 30`,
      },
    );
  }
}

function checkNames(context: Context): void {
  const { spec } = context;
  const lists = {
    'workload.services': spec.workload.services.map(
      ({ name }, index) => name ?? populationName(index),
    ),
    traffic: spec.traffic.map(({ name }) => name),
    slos: spec.slos.map(({ name }) => name),
    variants: spec.variants.map(({ name }) => name),
    'cluster.pools': spec.cluster.pools.map(({ name }) => name),
  };
  for (const [list, names] of Object.entries(lists)) {
    const path = list.split('.');
    for (const [index, name] of names.entries()) {
      const first = names.indexOf(name);
      if (first === index) continue;
      context.problems.error(
        'E202',
        spanOf(context, [...path, index, 'name']),
        `two entries of ${list} are named ${name}`,
        {
          help: 'give each its own name',
          also: [{ span: spanOf(context, [...path, first, 'name']), label: 'the first' }],
        },
      );
    }
  }
}

function checkPools(context: Context): void {
  const { pools } = context.spec.cluster;
  if (pools.length === 0) return;
  const total = pools.reduce((sum, pool) => sum + share(pool.share)!, 0);
  // A share may be written with few digits: 0.33 three times is meant to be everything but is not.
  if (Math.abs(total - 1) > 1e-6) {
    context.problems.error(
      'E216',
      spanOf(context, ['cluster', 'pools']),
      `the shares of the pools add up to ${Number(total.toFixed(6))}`,
      {
        help: 'make them add up to 1 (100%)',
      },
    );
  }
}

function checkLatencies(context: Context): void {
  const { region, external } = context.spec.cluster.topology.latency;
  if (external === undefined || durationNs(external)! >= durationNs(region)!) return;
  const path = ['cluster', 'topology', 'latency'];
  const written = writtenAt(context, [...path, 'region']);
  context.problems.error(
    'E221',
    spanOf(context, [...path, 'external']),
    `clients outside are nearer (${external}) than zones to each other (${region})`,
    {
      help: `write ${region} or more, or leave it out`,
      ...(written === undefined ? {} : { also: [{ span: written, label: 'between two zones' }] }),
    },
  );
}

/** Checks of one size. Of one mistake at several sizes the first call reports. */
export function checkSize(context: Context, referenceNodes: number): void {
  const { spec, problems } = context;
  const { cluster } = spec;
  const populations = populationsOf(spec, referenceNodes);
  const added = spec.events.reduce(
    (sum, event) => sum + ('addNodes' in event ? event.addNodes : 0),
    0,
  );
  const nodes = cluster.nodes + added;
  const nodesSpan = spanOf(context, ['cluster', 'nodes']);
  const range = cidr(cluster.podCIDR)!;
  const ranges = 2 ** Math.max(0, cluster.nodeMask - range.bits);
  if (cluster.nodeMask >= range.bits && ranges < nodes) {
    const bits = Math.max(1, cluster.nodeMask - Math.ceil(Math.log2(nodes)));
    const larger = formatCidr(Math.floor(range.base / 2 ** (32 - bits)) * 2 ** (32 - bits), bits);
    problems.error('E203', spanOf(context, ['cluster', 'podCIDR']), 'pod CIDR too small', {
      label: `holds ${counted(ranges, 'node')} at /${cluster.nodeMask} per node`,
      also: [
        {
          span: nodesSpan,
          label: `but ${nodes} are asked for${added > 0 ? `, ${added} of them by events` : ''}`,
        },
      ],
      help: `use ${larger} (${2 ** (cluster.nodeMask - bits)} ranges of /${cluster.nodeMask}), or a nodeMask above ${cluster.nodeMask}`,
      once: 'size',
    });
  }
  checkServiceAddresses(
    context,
    populations.reduce((sum, { count }) => sum + count, 0),
  );
  checkPools(context);
  checkAgents(context);
  checkPeriods(context);
  checkOutages(context);
  checkPods(context, populations);
}

function checkServiceAddresses(context: Context, generated: number): void {
  const { cluster } = context.spec;
  const written = context.objects.services.filter(({ headless }) => !headless).length;
  // Network and broadcast address are not given out.
  const usable = cidr(cluster.serviceCIDR)!.size - 2;
  if (generated + written <= usable) return;
  context.problems.error(
    'E204',
    spanOf(context, ['cluster', 'serviceCIDR']),
    `${cluster.serviceCIDR} holds ${usable} Services, but there are ${generated + written} at ${cluster.nodes} nodes`,
    {
      help: 'use a larger range, such as 172.16.0.0/12',
      once: 'services',
    },
  );
}

function checkPods(context: Context, populations: readonly PopulationPlan[]): void {
  const { cluster, workload } = context.spec;
  const pods = podsOf(populations, context.objects, cluster.nodes);
  const most = pods + excessPods(populations);
  // The network address, the gateway and the broadcast address of each range are not given out.
  const addresses = 2 ** (32 - cluster.nodeMask) - 3;
  const pools = poolsOf(context.spec).filter(({ nodes }) => nodes > 0);
  const room = ({ podsPerNode }: { readonly podsPerNode: number }) =>
    Math.min(podsPerNode, addresses);
  const capacity = pools.reduce((sum, pool) => sum + pool.nodes * room(pool), 0);
  const daemons = context.objects.workloads.filter(({ perNode }) => perNode).length;
  const tight = pools.find((pool) => room(pool) < daemons);
  if (most > capacity || tight !== undefined) {
    const addressBound = pools.every(({ podsPerNode }) => podsPerNode >= addresses);
    context.problems.error(
      'E205',
      spanOf(context, ['cluster', 'nodes']),
      most > capacity
        ? `${counted(cluster.nodes, 'node')} ${cluster.nodes === 1 ? 'holds' : 'hold'} ${counted(capacity, 'pod')}, but there ${most > pods ? 'may be' : most === 1 ? 'is' : 'are'} ${most}`
        : `a node of pool ${tight!.name} holds ${counted(room(tight!), 'pod')}, but there ${daemons === 1 ? 'is' : 'are'} ${counted(daemons, 'DaemonSet')}`,
      {
        label: addressBound
          ? `a /${cluster.nodeMask} per node leaves ${counted(addresses, 'address')}`
          : 'podsPerNode is the limit',
        help: addressBound
          ? `use a smaller nodeMask, such as ${Math.max(8, cluster.nodeMask - 2)}`
          : 'ask for more nodes or fewer pods, or raise podsPerNode in cluster.pools',
        once: 'pods',
      },
    );
  }
  const churn =
    'podChangesPerNodeHour' in workload.churn
      ? workload.churn.podChangesPerNodeHour
      : workload.churn.podChangesPerSecond;
  // What was refused may have been the pods.
  if (churn > 0 && pods === 0 && !context.problems.hasErrors) {
    context.problems.error(
      'E218',
      spanOf(context, ['workload', 'churn']),
      'churn without pods to change',
      {
        help: 'add an entry to workload.services, or a workload',
        once: 'churn',
      },
    );
  }
}
