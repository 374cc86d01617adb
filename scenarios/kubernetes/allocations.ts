/**
 * What the API server gives to one Service of a cluster only: cluster IPs, node ports and ports of
 * health checks. Those that are written are claimed first, the others get what is free.
 */
import type { Path } from '../origins.ts';
import type { FieldReader } from './field-reader.ts';
import { qualified } from './read-objects.ts';
import type { ServiceSpec } from './service-schema.ts';

/** Start of the default of `--service-node-port-range`. */
const firstNodePort = 30_000;
const lastPort = 65_535;

interface Claim {
  readonly reader: FieldReader;
  readonly path: Path;
  readonly protocols: Set<string>;
}

export class Allocations {
  readonly #claims = new Map<string, Claim>();
  #next = firstNodePort;

  /** Reports what another Service has already. */
  claim(reader: FieldReader, spec: ServiceSpec): void {
    for (const [index, { nodePort, protocol }] of (spec.ports ?? []).entries()) {
      if (!nodePort) continue;
      this.#add(
        reader,
        ['spec', 'ports', index, 'nodePort'],
        `port ${nodePort}`,
        protocol ?? 'TCP',
      );
    }
    const { healthCheckNodePort: health, clusterIP } = spec;
    if (health) this.#add(reader, ['spec', 'healthCheckNodePort'], `port ${health}`, 'TCP');
    if (clusterIP && clusterIP !== 'None') {
      this.#add(reader, ['spec', 'clusterIP'], `address ${clusterIP}`, '');
    }
  }

  /** A port of the nodes that nobody has. */
  port(): number {
    while (this.#claims.has(`port ${this.#next}`) && this.#next < lastPort) this.#next++;
    return Math.min(this.#next++, lastPort);
  }

  /** Ports of one Service may share a number if their protocols differ. */
  #add(reader: FieldReader, path: Path, what: string, protocol: string): void {
    const before = this.#claims.get(what);
    if (before === undefined) {
      this.#claims.set(what, { reader, path, protocols: new Set([protocol]) });
      return;
    }
    if (before.reader.object === reader.object && !before.protocols.has(protocol)) {
      before.protocols.add(protocol);
      return;
    }
    const message = `${what} of ${reader.name} is taken by ${qualified(before.reader.object)}`;
    const help = 'leave it out, and the API server gives a free one; or correct one of the two';
    reader.refuse(path, { code: 'E152', message, help });
  }
}
