/** The counts for programs: one shape a mode, zeros included. */
import type { RulesAnswer } from './answer.ts';

export function rulesDocument({ mode, era, input, node, objects, fixed, change }: RulesAnswer) {
  return {
    mode,
    kubernetesVersion: era.version,
    family: `IPv${input.family}`,
    node: {
      ...node,
      nodeIps: node.addresses.length,
      // Without those that were made up.
      addresses: node.addresses.slice(0, input.node.knownAddresses),
    },
    tables: objects.tables,
    fixed,
    services: objects.ports.map(({ namespace, service, port, tables }) => ({
      ...{ namespace, name: service, port, tables },
    })),
    skipped: input.skipped,
    ...(change === undefined ? {} : { change }),
  };
}
