/** IPv4 address ranges. IPv6 is recognised, so that it can be refused by name. */
import ipaddr from 'ipaddr.js';

export interface Cidr {
  /** First address as an unsigned 32-bit integer; host bits are zero. */
  readonly base: number;
  readonly bits: number;
  /** Number of addresses. */
  readonly size: number;
}

export const cidrPattern = /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/;

/** Undefined for anything but an IPv4 range in four-part decimal without host bits. */
export function cidr(text: string): Cidr | undefined {
  if (!cidrPattern.test(text) || !ipaddr.IPv4.isValidCIDRFourPartDecimal(text)) return undefined;
  const [address, bits] = ipaddr.IPv4.parseCIDR(text);
  const base = address.octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const size = 2 ** (32 - bits);
  return base % size === 0 ? { base, bits, size } : undefined;
}

export function isIpv6(text: string): boolean {
  return ipaddr.IPv6.isValidCIDR(text);
}

export function overlap(a: Cidr, b: Cidr): boolean {
  return a.base < b.base + b.size && b.base < a.base + a.size;
}

export function formatCidr(base: number, bits: number): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
  return `${octets.join('.')}/${bits}`;
}

/** The range somebody meant who wrote one with host bits, or a range that works. */
export function cidrFix(found: unknown): string {
  const text = String(found);
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(text)) {
    const network = ipaddr.IPv4.networkAddressFromCIDR(text);
    return `${network.toString()}/${text.split('/')[1]}`;
  }
  return '10.0.0.0/8';
}
