/**
 * What a partition of a run does when it learns what the control plane has published. The control
 * plane's own partition learns it first, at once.
 */
import type { Publication } from './publication.ts';
import type { World } from './world.ts';

/** Applies what the control plane has published. */
export function learn(world: World, publication: Publication): void {
  const { commits, fanout, proxies, topology } = world;
  switch (publication.kind) {
    case 'write':
      return commits.learn(publication);
    case 'nodeJoined':
      fanout.join(publication.node, topology.apiserverOf[publication.node]!);
      return proxies.join(publication.node, publication.nowNs);
  }
}
