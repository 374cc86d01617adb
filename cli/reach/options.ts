/** The values of flags that `reach` alone has. */
import { InvalidArgumentError } from 'commander';
import type { Address, Protocol } from '../../core/policy/objects.ts';
import { parseAddress } from '../../scenarios/values/address.ts';
import { LAST_PORT, type Port } from './names.ts';
import { distinct } from './probes.ts';

/** `80,53/UDP`: a protocol is TCP unless it is given. */
export function parsePorts(text: string): readonly Port[] {
  const ports = text.split(',').map((one): Port => {
    const [, number, protocol = 'TCP'] = /^\s*(\d{1,5})(?:\/(TCP|UDP|SCTP))?\s*$/i.exec(one) ?? [];
    const port = Number(number);
    if (number === undefined || port < 1 || port > LAST_PORT) {
      throw new InvalidArgumentError(
        `Give ports from 1 to ${LAST_PORT} with TCP, UDP or SCTP, for example 80/TCP,53/UDP.`,
      );
    }
    return { port, protocol: protocol.toUpperCase() as Protocol };
  });
  return distinct(ports);
}

/** An address, repeatable; several in one text stand on a line each. */
export function collectAddresses(
  text: string,
  before: readonly Address[] = [],
): readonly Address[] {
  const addresses = text.split('\n').map((one) => {
    const address = parseAddress(one.trim());
    if (address === undefined) {
      throw new InvalidArgumentError('Give an IPv4 or IPv6 address, for example 203.0.113.7.');
    }
    return address;
  });
  return [...before, ...addresses];
}

/** A path, repeatable; several in one text stand on a line each. */
export function collectPaths(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...text.split('\n').filter((path) => path !== '')];
}
