/** Checks of `workload.services` and `traffic`: fields that do not go together, and distributions. */
import { eraOf } from '../../core/models/eras.ts';
import type { Path } from '../origins.ts';
import { durationNs } from '../values/duration.ts';
import { type Context, spanOf, writtenAt } from './context.ts';

export function checkPopulations(context: Context): void {
  checkDistributions(context);
  for (const [index, population] of context.spec.workload.services.entries()) {
    const path = ['workload', 'services', index];
    const written = writtenAt(context, [...path, 'type']);
    const also = written === undefined ? {} : { also: [{ span: written, label: 'the type' }] };
    const refuse = (field: string, message: string, help: string) =>
      context.problems.error('E224', spanOf(context, [...path, field]), message, { help, ...also });
    const { type, externalIPs, externalTrafficPolicy, loadBalancerSourceRanges } = population;
    if (externalTrafficPolicy !== undefined && type === 'ClusterIP' && externalIPs === 0) {
      const message = 'externalTrafficPolicy without an entry from outside';
      refuse(
        'externalTrafficPolicy',
        message,
        'it goes with NodePort, LoadBalancer or externalIPs',
      );
    }
    if (loadBalancerSourceRanges > 0 && type !== 'LoadBalancer') {
      const message = 'loadBalancerSourceRanges without a load balancer';
      refuse('loadBalancerSourceRanges', message, 'write type: LoadBalancer, or remove it');
    }
    checkDistribution(context, path, population);
    checkAffinity(context, path, population);
  }
}

type Population = Context['spec']['workload']['services'][number];

/** What a release does nothing for is refused. */
function checkDistribution(
  context: Context,
  path: Path,
  { trafficDistribution: value }: Population,
): void {
  const { kubernetesVersion } = context.spec.cluster;
  const known = eraOf(kubernetesVersion)?.trafficDistributions;
  if (value === undefined || known === undefined || known.includes(value)) return;
  const span = spanOf(context, [...path, 'trafficDistribution']);
  const help =
    known.length === 0
      ? 'trafficDistribution is on by default from 1.31'
      : `it knows ${known.join(', ')}`;
  const message = `Kubernetes ${kubernetesVersion} does nothing for ${value}`;
  context.problems.error('E224', span, message, { help });
}

const longestAffinityNs = 86_400e9;

function checkAffinity(
  context: Context,
  path: Path,
  { sessionAffinity, sessionAffinityTimeout: timeout }: Population,
): void {
  if (timeout === undefined) return;
  const span = spanOf(context, [...path, 'sessionAffinityTimeout']);
  const ns = durationNs(timeout)!;
  if (sessionAffinity === 'None') {
    context.problems.error('E224', span, 'sessionAffinityTimeout without sessionAffinity', {
      help: 'write sessionAffinity: ClientIP, or remove it',
    });
  } else if (ns < 1e9 || ns > longestAffinityNs) {
    const help = 'Kubernetes takes 1s to 24h';
    context.problems.error('E107', span, `sessionAffinityTimeout is ${timeout}, out of range`, {
      help,
    });
  }
}

export function checkTraffic(context: Context): void {
  checkUses(context);
  for (const [index, { connections }] of context.spec.traffic.entries()) {
    const lifetime = connections?.lifetime;
    if (lifetime === undefined) continue;
    const span = spanOf(context, ['traffic', index, 'connections', 'lifetime']);
    if (typeof lifetime !== 'string' && lifetime.distribution === 'pareto') {
      const { min, p95 } = lifetime;
      if (durationNs(min)! > 0 && durationNs(p95)! > durationNs(min)!) continue;
      const message =
        durationNs(min) === 0
          ? 'a pareto distribution from 0'
          : `p95 ${p95} is not above min ${min}`;
      context.problems.error('E217', span, message, {
        help: 'the shortest is above 0, and one in twenty is longer than p95',
      });
    } else if (mean(lifetime) === 0) {
      context.problems.error('E107', span, 'a lifetime of 0', {
        help: 'without `connections` a connection is closed after its first exchange',
      });
    }
  }
}

function checkUses(context: Context): void {
  for (const [index, { connections }] of context.spec.traffic.entries()) {
    const usedEvery = connections?.usedEvery;
    if (usedEvery === undefined || durationNs(usedEvery)! >= 1e6) continue;
    const span = spanOf(context, ['traffic', index, 'connections', 'usedEvery']);
    const message = `usedEvery is ${usedEvery}, out of range`;
    context.problems.error('E107', span, message, { help: 'write 1ms or more' });
  }
}

function mean(
  lifetime: NonNullable<Context['spec']['traffic'][number]['connections']>['lifetime'],
): number | undefined {
  if (typeof lifetime === 'string') return durationNs(lifetime);
  if (lifetime.distribution === 'constant') return durationNs(lifetime.value);
  return lifetime.distribution === 'exponential' ? durationNs(lifetime.mean) : undefined;
}

function checkDistributions(context: Context): void {
  for (const [index, { endpoints }] of context.spec.workload.services.entries()) {
    const span = spanOf(context, ['workload', 'services', index, 'endpoints']);
    if ('min' in endpoints && endpoints.min > endpoints.max) {
      context.problems.error('E217', span, `min ${endpoints.min} is above max ${endpoints.max}`, {
        help: 'swap them',
      });
    }
    if ('median' in endpoints && endpoints.p99 < endpoints.median) {
      context.problems.error(
        'E217',
        span,
        `p99 ${endpoints.p99} is below the median ${endpoints.median}`,
        {
          help: 'swap them',
        },
      );
    }
    if ('median' in endpoints && endpoints.max < endpoints.median) {
      context.problems.error(
        'E217',
        span,
        `max ${endpoints.max} is below the median ${endpoints.median}`,
        {
          help: 'raise max; it cuts off the few largest Services',
        },
      );
    }
  }
}
