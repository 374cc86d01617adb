/**
 * A Service's place in a walk over all of them. kube-proxy iterates over a Go map, so the place is
 * random and changes with each sync (fact sheet of the proxy, 2.3). It is a hash rather than a draw:
 * every packet of one sync on one node meets the same order, and nothing is stored.
 */

/** Place from 0 of `service` among `services`, on `node` after its sync number `syncNumber`. */
export function walkPlace(
  node: number,
  syncNumber: number,
  service: number,
  services: number,
): number {
  let h = Math.imul(node + 0x9e3779b9, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13) ^ syncNumber, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16) ^ service, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = (h ^ (h >>> 13)) >>> 0;
  return Math.floor((h / 2 ** 32) * services);
}
