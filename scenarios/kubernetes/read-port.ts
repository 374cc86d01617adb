/** Protocols, numbers and names of ports, as every kind of policy and Service writes them. */
import type { Protocol } from '../../core/policy/objects.ts';
import type { Path } from '../origins.ts';
import { show } from '../schema/problems.ts';
import { didYouMean } from '../suggest.ts';
import { type FieldReader, isThere } from './field-reader.ts';
import { portNameProblem } from './name-syntax.ts';

export const highestPort = 65_535;
const protocols = ['TCP', 'UDP', 'SCTP'] as const;

/** TCP when absent or after a reported error. */
export function readProtocol(reader: FieldReader, value: unknown, path: Path): Protocol {
  if (!isThere(value)) return 'TCP';
  const found = protocols.find((protocol) => protocol === value);
  if (found !== undefined) return found;
  reader.refuse(path, {
    code: 'E146',
    message: `protocol of ${reader.name} is ${show(value)}`,
    help: `${didYouMean(value, protocols)}policies know TCP, UDP and SCTP`,
  });
  return 'TCP';
}

/**
 * Undefined after a reported error.
 * @param numbers what to write instead of a number in quotes
 */
export function readPortName(
  reader: FieldReader,
  name: string,
  path: Path,
  numbers = `take the quotes away: ${name}`,
): string | undefined {
  const problem = portNameProblem(name);
  if (problem === undefined) return name;
  reader.refuse(path, {
    code: 'E146',
    message: `${show(name)} is no name of a port`,
    help: /^\d{1,9}$/.test(name) ? numbers : `names of ports have ${problem}`,
  });
  return undefined;
}

/** Undefined when absent or after a reported error. */
export function readPortNumber(
  reader: FieldReader,
  value: unknown,
  path: Path,
): number | undefined {
  const port = reader.integer(value, path);
  if (port === undefined || (port >= 1 && port <= highestPort)) return port;
  reader.refuse(path, {
    code: 'E146',
    message: `port ${port} of ${reader.name} does not exist`,
    help: `ports are 1 to ${highestPort}`,
  });
  return undefined;
}
