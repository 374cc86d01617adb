/**
 * IP addresses and ranges of both families as numbers. Refused beyond what is no address at all: parts
 * with leading zeros (some programs read 010 as eight), IPv4 inside IPv6, and zones (`%eth0`).
 */
import ipaddr from 'ipaddr.js';
import type { Address, AddressRange } from '../../core/policy/objects.ts';

const ipv4 = /^(?:(?:0|[1-9]\d{0,2})(?:\.(?!$)|$)){4}$/;
const ipv6 = /^[0-9a-fA-F:]+(?:\.|\d)*$/;

/** Undefined for anything but an IPv4 or IPv6 address. */
export function parseAddress(text: string): Address | undefined {
  if (ipv4.test(text)) {
    return ipaddr.IPv4.isValid(text) ? numberOf(4, ipaddr.IPv4.parse(text)) : undefined;
  }
  if (!ipv6.test(text) || !ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? undefined : numberOf(6, address);
}

/** In the shortest form. */
export function addressText({ family, value }: Address): string {
  const bytes = Array.from({ length: family === 4 ? 4 : 16 }, (_, index) =>
    Number((value >> BigInt(8 * ((family === 4 ? 3 : 15) - index))) & 0xffn),
  );
  return ipaddr.fromByteArray(bytes).toString();
}

/** Undefined for anything but an address, `/` and a prefix length. Host bits may be set. */
export function parseRange(text: string): AddressRange | undefined {
  const [whole, start, prefix] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const address = whole === undefined ? undefined : parseAddress(start!);
  if (address === undefined) return undefined;
  const { family, value } = address;
  const hostBits = (family === 4 ? 32 : 128) - Number(prefix);
  if (hostBits < 0) return undefined;
  const size = 1n << BigInt(hostBits);
  const first = (value / size) * size;
  return { family, first, last: first + size - 1n, text };
}

/** Whether `inner` lies inside `outer` and is smaller. */
export function isStrictlyInside(inner: AddressRange, outer: AddressRange): boolean {
  return (
    inner.family === outer.family &&
    inner.first >= outer.first &&
    inner.last <= outer.last &&
    inner.last - inner.first < outer.last - outer.first
  );
}

function numberOf(family: 4 | 6, address: ipaddr.IPv4 | ipaddr.IPv6): Address {
  const value = address.toByteArray().reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  return { family, value };
}
