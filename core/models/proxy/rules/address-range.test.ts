import { expect, test } from 'vitest';
import { isInRange } from './address-range.ts';

test.each([
  ['10.0.0.1', '10.0.0.0/24', true],
  ['10.0.1.1', '10.0.0.0/24', false],
  ['10.0.0.1', ' 10.0.0.7/28', true],
  ['255.255.255.255', '0.0.0.0/0', true],
  ['10.0.0.1', '10.0.0.1/32', true],
  ['10.0.0.1', '::/0', false],
  ['fd00::1', '0.0.0.0/0', false],
  ['fd00::1:2', 'fd00:0:0:0::/64', true],
  ['fd00:0:0:1::1', 'fd00::/64', false],
  ['10.0.0.1', '10.0.0.1', false],
  ['10.0.0.1', '10.0.0.0/33', false],
  ['10.0.0.256', '0.0.0.0/0', false],
  ['fd00::1::2', '::/0', false],
])('%s in %s: %s', (address, cidr, expected) => {
  expect(isInRange(address, cidr)).toBe(expected);
});
