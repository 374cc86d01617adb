/** Addresses and ranges of tests, from their usual text. */
import ipaddr from 'ipaddr.js';
import type { Address, AddressRange } from '../objects.ts';

/** `10.0.0.1` or `fd00::1`; throws on anything else. */
export function address(text: string): Address {
  const parsed = ipaddr.parse(text);
  const hex = parsed
    .toByteArray()
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  return { family: parsed.kind() === 'ipv4' ? 4 : 6, value: BigInt(`0x${hex}`) };
}

/** `10.0.0.0/24`, host bits allowed; throws on anything else. */
export function range(text: string): AddressRange {
  const [base, prefix] = ipaddr.parseCIDR(text);
  const { family, value } = address(base.toString());
  const free = BigInt((family === 4 ? 32 : 128) - prefix);
  const first = (value >> free) << free;
  return { family, first, last: first + (1n << free) - 1n, text };
}
