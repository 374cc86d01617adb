/**
 * Objects of kinds that are not read, where leaving them out in silence would mislead: those that a
 * slip of the pen keeps from being read, which are errors, and the policies of other products.
 */
import type { Problems } from '../diagnostic.ts';
import { printableName } from '../diagnostic.ts';
import { editDistance, suggest } from '../suggest.ts';
import { isOtherPolicy, ownGroups } from './not-used.ts';
import { apiVersions } from './policy-schemas.ts';
import type { UnreadObject } from './read-objects.ts';

/** Each apiVersion and kind is spoken of once, at its first object. */
export function checkUnread(unread: readonly UnreadObject[], problems: Problems): void {
  const found = new Map<string, { readonly first: UnreadObject; count: number }>();
  for (const object of unread) {
    const key = `${object.apiVersion} ${object.kind}`;
    const before = found.get(key);
    if (before === undefined) found.set(key, { first: object, count: 1 });
    else before.count++;
  }
  for (const { first, count } of found.values()) checkKind(first, count, problems);
}

function checkKind({ apiVersion, kind, place }: UnreadObject, count: number, problems: Problems) {
  const others = count > 1 ? ` (${count} objects)` : '';
  const what = `${printableName(kind)} of ${printableName(apiVersion)}${others}`;
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0]! : '';
  const meant = isOwnOrNear(group) ? suggest(kind, Object.keys(apiVersions)) : undefined;
  if (meant !== undefined) {
    problems.error('E142', place([meant === kind ? 'apiVersion' : 'kind']), `there is no ${what}`, {
      help: `did you mean kind: ${meant} of apiVersion: ${apiVersions[meant]!}?`,
    });
  } else if (isOtherPolicy(kind)) {
    problems.warning('W309', place(['kind']), `${what} is not evaluated`, {
      label: 'the cluster may allow less, or more, than the answers say',
      help: 'write what it decides as a NetworkPolicy as well, or take the answers as those without it',
    });
  }
}

/** Of Kubernetes itself, or misspelt by a letter or two; more letters are other products' names. */
function isOwnOrNear(group: string): boolean {
  if (ownGroups.test(group) || group.endsWith('.kubernetes.io')) return true;
  const groups = ['networking.k8s.io', 'policy.networking.k8s.io'];
  return group.length <= 80 && groups.some((own) => editDistance(group, own) <= 2);
}
