/** Objects that no verdict depends on, by kind, with what that means for the answers. */
import type { NotUsed } from './policy-input.ts';

/** Kinds by which other programs decide about traffic too. */
const otherPolicies = /(NetworkPolicy|AuthorizationPolicy|NetworkPolicies)$/;

const reasons: Readonly<Record<string, string>> = {
  Scenario: 'what may happen, not what runs over time, is asked here',
  Ingress: 'connections are asked for between pods, not through a proxy',
  Gateway: 'connections are asked for between pods, not through a proxy',
  HTTPRoute: 'connections are asked for between pods, not through a proxy',
  EndpointSlice: 'pods are found by the selector of their Service',
  Endpoints: 'pods are found by the selector of their Service',
};

/** @param why what it means for the answers that a kind is not read */
export function notUsed(
  objects: readonly { readonly apiVersion: string; readonly kind: string }[],
  why: (kind: string, apiVersion: string) => string = reasonOf,
): NotUsed[] {
  const found = new Map<string, { apiVersion: string; kind: string; count: number }>();
  for (const { apiVersion, kind } of objects) {
    const key = `${apiVersion} ${kind}`;
    const before = found.get(key);
    if (before === undefined) found.set(key, { apiVersion, kind, count: 1 });
    else before.count++;
  }
  return Array.from(found.values(), (one) => ({ ...one, why: why(one.kind, one.apiVersion) }));
}

function reasonOf(kind: string): string {
  if (Object.hasOwn(reasons, kind)) return reasons[kind]!;
  return otherPolicies.test(kind)
    ? 'its rules are not evaluated: the cluster may allow less, or more, than the answers say'
    : 'no verdict depends on it';
}
