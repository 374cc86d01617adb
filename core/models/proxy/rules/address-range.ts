/** Whether an address lies in a CIDR, IPv4 or IPv6; text that is neither lies in none. */

/** @param cidr blanks around it are allowed, as kube-proxy allows them in source ranges */
export function isInRange(address: string, cidr: string): boolean {
  const [base = '', length = ''] = cidr.trim().split('/');
  const [a, b] = [parseAddress(address), parseAddress(base)];
  if (a === undefined || b === undefined || a.bits !== b.bits) return false;
  const hostBits = a.bits - Number(length);
  if (!/^\d+$/.test(length) || hostBits < 0) return false;
  return a.value >> BigInt(hostBits) === b.value >> BigInt(hostBits);
}

/** Whether an address is of the IPv6 family. */
export function isIPv6(address: string): boolean {
  return address.includes(':');
}

interface ParsedAddress {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

function parseAddress(text: string): ParsedAddress | undefined {
  if (!isIPv6(text)) {
    const value = digits(text.split('.'), 4, 10, 255);
    return value === undefined ? undefined : { bits: 32, value };
  }
  const [head = '', tail, ...rest] = text.split('::');
  if (rest.length > 0) return undefined;
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const value = digits([...before, ...Array<string>(gap).fill('0'), ...after], 8, 16, 0xffff);
  return value === undefined ? undefined : { bits: 128, value };
}

function digits(
  parts: readonly string[],
  count: number,
  radix: 10 | 16,
  max: number,
): bigint | undefined {
  const pattern = radix === 10 ? /^\d{1,3}$/ : /^[\da-f]{1,4}$/i;
  if (parts.length !== count || !parts.every((part) => pattern.test(part))) return undefined;
  const values = parts.map((part) => Number.parseInt(part, radix));
  if (values.some((value) => value > max)) return undefined;
  return values.reduce((sum, value) => sum * BigInt(max + 1) + BigInt(value), 0n);
}
