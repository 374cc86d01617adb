/** When a write that a node's last sync covers is visible to packets there. */
import { Visibility } from '../models/proxy/proxy-model.ts';
import type { NodeProxy } from './node-proxy.ts';
import { walkPlace } from './walk-place.ts';
import { wholeNs } from './write-times.ts';

/**
 * Time (ns) at which `write`, of Service `service`, is visible; `services` are those that kube-proxy
 * programs. Rules: docs/models/network-programming.md, kube-proxy.
 */
export function visibleNs(
  visibility: Visibility,
  at: NodeProxy,
  write: number,
  service: number,
  services: number,
): number {
  const { kernelStartNs, kernelNs, previous } = at;
  if (at.isWhole || visibility === Visibility.Commit) return at.completedNs;
  if (visibility === Visibility.Walk) {
    const place = walkPlace(at.node, at.sync, service, services);
    return kernelStartNs + wholeNs((kernelNs * (place + 1)) / services);
  }
  const covered = at.position - previous;
  return kernelStartNs + wholeNs(((write - previous) * kernelNs) / covered);
}
