/**
 * IPAM by the CNI plug-in host-local: each node has a podCIDR, and addresses are handed out in
 * order, from the one after the last reserved on, wrapping at the end. There is no cool-down: an
 * address comes back when the range has wrapped. Only the arithmetic of the range is here; the walk
 * is the node's.
 */

export const hostLocal = {
  title: 'host-local (podCIDR per node)',
  models: [
    'Addresses in order from the last reserved one, wrapping; no cool-down',
    'Network address, gateway (.1) and broadcast address are never handed out',
    'A pod start that finds no free address fails and is retried',
  ],
  ignores: ['The lock file per network', 'Several ranges on one node', 'IPv6'],
  source:
    'containernetworking/plugins, ipam/host-local/backend/allocator (docs/models/dataplane.md)',

  /** Offset of the first address handed out from the start of the range: network and gateway. */
  offset: 2,

  /**
   * Addresses of a range with `maskBits` bits of prefix (0 to 32) that pods can have: all but the
   * network address, the gateway and the broadcast address. 0 from 31 bits on.
   */
  usable(maskBits: number): number {
    return Math.max(0, 2 ** (32 - maskBits) - 3);
  },
} as const;
