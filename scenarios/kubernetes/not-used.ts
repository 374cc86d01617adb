/**
 * Objects that were left out, by kind, with what that means for the answers: kinds known to be of no
 * matter, kinds whose rules are missing, and kinds nobody here knows, which may well create pods; and
 * single objects of kinds that are read, with a reason of their own.
 */
import { printableName } from '../diagnostic.ts';
import type { NotUsed } from './policy-input.ts';

type Meaning = Pick<NotUsed, 'known' | 'why'>;

/** Kinds by which other programs decide about traffic too. */
const otherPolicies = /(NetworkPolicy|AuthorizationPolicy|NetworkPolicies)$/;

export function isOtherPolicy(kind: string): boolean {
  return otherPolicies.test(kind);
}

const reasons: Readonly<Record<string, string>> = {
  Scenario: 'what may happen, not what runs over time, is asked here',
  Ingress: 'connections are asked for between pods, not through a proxy',
  Gateway: 'connections are asked for between pods, not through a proxy',
  HTTPRoute: 'connections are asked for between pods, not through a proxy',
  EndpointSlice: 'pods are found by the selector of their Service',
  Endpoints: 'pods are found by the selector of their Service',
};

/** Groups of Kubernetes' own API: every kind of theirs that runs pods or decides about them is read. */
export const ownGroups = /^(|apps|batch|autoscaling|policy|extensions|([a-z.]+\.)?k8s\.io)$/;

/** Of other projects, kinds that create no pods. */
const withoutPods: ReadonlySet<string> = new Set([
  'monitoring.coreos.com/AlertmanagerConfig',
  'monitoring.coreos.com/PodMonitor',
  'monitoring.coreos.com/Probe',
  'monitoring.coreos.com/PrometheusRule',
  'monitoring.coreos.com/ScrapeConfig',
  'monitoring.coreos.com/ServiceMonitor',
  'cert-manager.io/Certificate',
  'cert-manager.io/ClusterIssuer',
  'cert-manager.io/Issuer',
]);

/** An object that no answer is about. */
export interface LeftOut {
  readonly apiVersion: string;
  readonly kind: string;
  /** Undefined where the kind says it. */
  readonly why?: string;
}

/** @param meaningOf what it means for the answers that a kind is not read */
export function notUsed(
  objects: readonly LeftOut[],
  meaningOf: (apiVersion: string, kind: string) => Meaning = meaningForVerdicts,
): NotUsed[] {
  const found = new Map<string, NotUsed & { count: number }>();
  for (const { why, ...object } of objects) {
    const apiVersion = printableName(object.apiVersion);
    const kind = printableName(object.kind);
    const key = `${apiVersion} ${kind} ${why ?? ''}`;
    const before = found.get(key);
    if (before !== undefined) {
      before.count++;
      continue;
    }
    const meaning = why === undefined ? meaningOf(apiVersion, kind) : { known: true, why };
    found.set(key, { apiVersion, kind, count: 1, ...meaning });
  }
  return [...found.values()];
}

function meaningForVerdicts(apiVersion: string, kind: string): Meaning {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0]! : '';
  if (Object.hasOwn(reasons, kind)) return { known: true, why: reasons[kind]! };
  if (isOtherPolicy(kind)) {
    const why =
      'its rules are not evaluated: the cluster may allow less, or more, than the answers say';
    return { known: true, why };
  }
  return ownGroups.test(group) || withoutPods.has(`${group}/${kind}`)
    ? { known: true, why: 'no verdict depends on it' }
    : { known: false, why: 'if it creates pods, give the Pods too' };
}
