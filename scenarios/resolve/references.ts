/** `deployment/web`, `shop/service/cart`, the name of a population, `*`: what references mean. */

import type { TrafficPlan } from '../../core/plan.ts';
import type { Path } from '../origins.ts';
import { suggest } from '../suggest.ts';
import type { Context } from './context.ts';
import { spanOf } from './context.ts';
import { populationName } from './load-shape.ts';

const shortKinds: Readonly<Record<string, string>> = {
  deploy: 'deployment',
  sts: 'statefulset',
  ds: 'daemonset',
  rs: 'replicaset',
  po: 'pod',
  svc: 'service',
};

interface Named {
  readonly namespace: string;
  readonly name: string;
  readonly kind: string;
}

/** Index of a workload, of one of `kinds`; undefined after a reported error. */
export function workloadReference(
  context: Context,
  text: string,
  path: Path,
  kinds: readonly string[],
): number | undefined {
  const index = find(context, text, path, context.objects.workloads, 'workload');
  if (index === undefined) return undefined;
  const { kind } = context.objects.workloads[index]!;
  if (kinds.includes(kind)) return index;
  context.problems.error(
    'E208',
    spanOf(context, path),
    `a ${kind} cannot be the target of ${String(path.at(-1))}`,
    {
      help: `name a ${kinds.map((name) => name.toLowerCase()).join(', ')}`,
    },
  );
  return undefined;
}

/** What a traffic entry goes to; undefined after a reported error. */
export function trafficTarget(
  context: Context,
  text: string,
  path: Path,
): TrafficPlan['to'] | undefined {
  if (text === '*') return { kind: 'all' };
  if (text.includes('/')) {
    const { services, externalNames } = context.objects;
    const named = [...services, ...externalNames].map(({ namespace, name }) => ({
      namespace,
      name,
      kind: 'Service',
    }));
    const index = find(context, text, path, named, 'Service');
    if (index === undefined || index < services.length) {
      return index === undefined ? undefined : { kind: 'service', index };
    }
    const message = `${text} is of type ExternalName: a CNAME in DNS, and no proxy has it`;
    const help = 'name a Service with a cluster IP; connections to an alias go where DNS says';
    context.problems.error('E225', spanOf(context, path), message, { help });
    return undefined;
  }
  const names = context.spec.workload.services.map(
    ({ name }, index) => name ?? populationName(index),
  );
  const index = names.indexOf(text);
  if (index >= 0) return { kind: 'population', index };
  const service = context.objects.services.find(({ name }) => name === text);
  const meant = service === undefined ? suggest(text, names) : `service/${text}`;
  context.problems.error(
    'E207',
    spanOf(context, path),
    `no entry of workload.services is named ${text}`,
    {
      help:
        meant === undefined
          ? `write one of ${[...names, 'service/NAME', '"*"'].join(', ')}`
          : `did you mean ${meant}?`,
    },
  );
  return undefined;
}

function find(
  context: Context,
  text: string,
  path: Path,
  candidates: readonly Named[],
  noun: string,
): number | undefined {
  const parts = text.split('/');
  const [kind, name] = [parts.at(-2)!.toLowerCase(), parts.at(-1)!];
  const wanted = shortKinds[kind] ?? kind.replace(/s$/, '');
  const namespace = parts.length === 3 ? parts[0] : undefined;
  const found = candidates.flatMap((candidate, index) =>
    candidate.kind.toLowerCase() === wanted &&
    candidate.name === name &&
    (namespace === undefined || candidate.namespace === namespace)
      ? [index]
      : [],
  );
  if (found.length === 1) return found[0];
  const span = spanOf(context, path);
  if (found.length > 1) {
    const all = found.map((index) => `${candidates[index]!.namespace}/${wanted}/${name}`);
    context.problems.error('E207', span, `${text} names ${found.length} objects`, {
      help: `write ${all.slice(0, 5).join(' or ')}`,
    });
    return undefined;
  }
  const known = candidates.map((candidate) => `${candidate.kind.toLowerCase()}/${candidate.name}`);
  const meant = suggest(`${wanted}/${name}`, known);
  context.problems.error('E207', span, `no ${noun} ${text} in the objects of this scenario`, {
    help:
      meant !== undefined
        ? `did you mean ${meant}?`
        : known.length > 0
          ? `there is ${known.slice(0, 5).join(', ')}${known.length > 5 ? ', ...' : ''}`
          : 'add its manifest after `---`, or list its file in spec.workload.objects',
  });
  return undefined;
}
