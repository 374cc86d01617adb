/**
 * Checks of every Service proxy of a variant: of the cluster, of pools, of upgrades. What one has from
 * another is reported where it was written, once.
 */
import { eraOf, knownVersions } from '../../core/models/eras.ts';
import type { Path } from '../origins.ts';
import { modesOf } from '../schema/proxy.ts';
import { oneOf } from '../schema/walk.ts';
import { durationNs, formatDuration } from '../values/duration.ts';
import { type Agent, agentsOf, everyAgent, sameAgent } from './agents.ts';
import { type Context, spanOf } from './context.ts';
import { proxyModelOf } from './models.ts';

/** Releases, modes and their fields, and upgrades. */
export function checkAgents(context: Context): void {
  for (const agent of everyAgent(context)) {
    checkVersion(context, agent);
    checkFields(context, agent);
    checkConntrack(context, agent);
  }
  checkUpgrades(context);
}

/** What kube-proxy's own validation of its configuration refuses; a sweep may set it right. */
export function checkPeriods(context: Context): void {
  for (const agent of everyAgent(context)) checkPeriodsOf(context, agent);
}

function checkVersion(context: Context, agent: Agent): void {
  const { kubernetesVersion: version, proxy } = agent;
  const era = eraOf(version);
  if (era === undefined) {
    const plain = /^v?(\d+\.\d+)/.exec(version)?.[1] ?? version;
    const meant = knownVersions.includes(plain) ? plain : undefined;
    context.problems.error(
      'E212',
      agent.place(['kubernetesVersion']),
      `unknown Kubernetes release ${version}`,
      {
        help: `${meant === undefined ? '' : `did you mean "${meant}"? `}known: ${knownVersions.join(', ')}`,
      },
    );
  }
  if (proxy.mode !== 'nftables' || era?.nftables !== 'absent') return;
  context.problems.error(
    'E213',
    agent.place(['proxy', 'mode']),
    `Kubernetes ${version} has no nftables mode`,
    {
      help: 'use 1.29 or later (stable since 1.33), or another mode',
      also: [{ span: agent.place(['kubernetesVersion']), label: 'this release' }],
    },
  );
}

/** Fields of other modes than the one that runs. */
function checkFields(context: Context, agent: Agent): void {
  const { proxy } = agent;
  for (const [field, value] of Object.entries(proxy)) {
    const modes = modesOf(field);
    if (value === undefined || modes === undefined || modes.includes(proxy.mode)) continue;
    const word = modes.length === 1 ? 'mode' : 'modes';
    context.problems.error(
      'E201',
      agent.place(['proxy', field]),
      `${field} belongs to ${word} ${oneOf(modes)}, not to ${proxy.mode}`,
      {
        help: `remove \`${field}\``,
        also: [{ span: agent.place(['proxy', 'mode']), label: 'the mode' }],
      },
    );
  }
}

/** Time-outs of the kernel, which kube-proxy leaves where it is given 0 (nf_conntrack-sysctl.rst). */
const timeoutsOfKernel = { tcpEstablishedTimeout: '120h', tcpCloseWaitTimeout: '60s' } as const;

function checkConntrack(context: Context, agent: Agent): void {
  const written = agent.proxy.conntrack ?? {};
  for (const [field, kernel] of Object.entries(timeoutsOfKernel)) {
    const value = written[field as keyof typeof timeoutsOfKernel];
    if (value === undefined || durationNs(value) !== 0) continue;
    context.problems.error('E107', agent.place(['proxy', 'conntrack', field]), `${field} of 0`, {
      help: `kube-proxy leaves what the kernel has with 0; write it: ${kernel}`,
    });
  }
  const { maxPerCore, min } = written;
  if (maxPerCore !== 0 || min === undefined) return;
  const message = 'conntrack.min has no effect: with maxPerCore 0 the kernel chooses';
  context.problems.error('E201', agent.place(['proxy', 'conntrack', 'min']), message, {
    help: 'remove `min`, or give maxPerCore',
    also: [{ span: agent.place(['proxy', 'conntrack', 'maxPerCore']), label: 'this 0' }],
  });
}

function checkPeriodsOf(context: Context, agent: Agent): void {
  const { proxy } = agent;
  if (proxy.mode === 'ebpf') return;
  const { defaults } = proxyModelOf(proxy);
  const ns = (text: string | undefined, otherwise: number) =>
    text === undefined ? otherwise : durationNs(text)!;
  const syncPeriodNs = ns(proxy.syncPeriod, defaults.syncPeriodNs);
  const minSyncPeriodNs = ns(proxy.minSyncPeriod, defaults.minSyncPeriodNs);
  const entry = (name: string, periodNs: number) => {
    const path: Path = ['proxy', name];
    const label = `${name} is ${formatDuration(periodNs)}`;
    return { span: agent.place(path), isWritten: agent.written(path) !== undefined, label };
  };
  const sync = entry('syncPeriod', syncPeriodNs);
  const min = entry('minSyncPeriod', minSyncPeriodNs);
  if (syncPeriodNs === 0) {
    context.problems.error('E220', sync.span, 'a syncPeriod of 0', {
      help: `kube-proxy takes a syncPeriod above 0; its default is ${formatDuration(defaults.syncPeriodNs)}`,
      once: 'period',
    });
    return;
  }
  if (syncPeriodNs >= minSyncPeriodNs) return;
  const [at, other] = sync.isWritten ? [sync, min] : [min, sync];
  context.problems.error(
    'E220',
    at.span,
    `syncPeriod ${formatDuration(syncPeriodNs)} is shorter than minSyncPeriod ${formatDuration(minSyncPeriodNs)}`,
    {
      label: other.isWritten ? at.label : `${other.label} by default`,
      ...(other.isWritten ? { also: [{ span: other.span, label: other.label }] } : {}),
      help: `kube-proxy refuses to start with it; write syncPeriod: ${formatDuration(minSyncPeriodNs)} or more`,
      once: 'period',
    },
  );
}

/** An upgrade makes one thing of its nodes, and another one than they were. */
function checkUpgrades(context: Context): void {
  for (const { event, from, to } of agentsOf(context).upgrades) {
    const [first] = to;
    if (first === undefined || to.some((agent) => eraOf(agent.kubernetesVersion) === undefined)) {
      continue;
    }
    const path = ['events', event, 'to'];
    if (to.some((agent) => !sameAgent(agent, first))) {
      context.problems.error(
        'E223',
        spanOf(context, ['events', event, 'upgradeAgents']),
        'pools that differ would not become the same by this upgrade',
        { help: 'write one event for each pool, or all that they differ in below `to`' },
      );
    } else if (from.every((agent) => sameAgent(agent, first))) {
      context.problems.error('E223', spanOf(context, path), 'an upgrade that changes nothing', {
        help: 'its nodes are like that already; change something, or write restartAgents',
      });
    }
  }
}
