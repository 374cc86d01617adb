import fc from 'fast-check';
import { expect, test } from 'vitest';
import { constantReader } from '../constant.ts';
import { SnatPorts } from './snat-ports.ts';

const read = constantReader({});
const SECOND = 1e9;

test('ports in use are those of a list of flows, whatever the order of takes and releases', () => {
  const step = fc.record({
    waitNs: fc.oneof(
      fc.integer({ min: 0, max: SECOND }),
      fc.integer({ min: 0, max: 60 * SECOND }),
      fc.integer({ min: 0, max: 1000 * SECOND }),
    ),
    node: fc.integer({ min: 0, max: 2 }),
    destination: fc.integer({ min: 0, max: 200 }),
    ends: fc.boolean(),
    keptNs: fc.constantFrom(0, 10, 30, 120, 3600).map((seconds) => seconds * SECOND),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const ports = new SnatPorts(3, read, () => {});
      let flows: { node: number; destination: number; freeNs: number }[] = [];
      let nowNs = 0;
      for (const { waitNs, node, destination, ends, keptNs } of steps) {
        nowNs += waitNs;
        const open = flows.find((flow) => flow.node === node && flow.freeNs === Infinity);
        if (ends && open !== undefined) {
          open.freeNs = nowNs + keptNs;
          ports.release(node, open.destination, open.freeNs);
        } else {
          expect(ports.take(node, destination, nowNs, 0)).toBe(true);
          flows.push({ node, destination, freeNs: Number.POSITIVE_INFINITY });
        }
        const of = flows.filter((f) => f.node === node && f.destination === destination);
        const inUse = ports.inUse(node, destination, nowNs);
        // Ports are free again within two slots of the wheel.
        expect(inUse).toBeGreaterThanOrEqual(of.filter((f) => f.freeNs > nowNs).length);
        expect(inUse).toBeLessThanOrEqual(of.filter((f) => f.freeNs > nowNs - 4 * SECOND).length);
      }
      nowNs += 4000 * SECOND;
      flows = flows.filter((flow) => flow.freeNs === Infinity);
      for (let node = 0; node < 3; node++) {
        for (let destination = 0; destination <= 200; destination++) {
          expect(ports.inUse(node, destination, nowNs)).toBe(
            flows.filter((f) => f.node === node && f.destination === destination).length,
          );
        }
      }
    }),
    { numRuns: 30 },
  );
});

test('with all ports of a destination in use new flows to it are dropped, others are not', () => {
  let exhausted = 0;
  const ports = new SnatPorts(2, read, () => exhausted++);
  let taken = 0;
  // The luckiest search: it fails only when no port is left.
  for (let i = 0; i < 70000; i++) if (ports.take(0, 7, 0, 1 - 2 ** -32)) taken++;
  expect(taken).toBe(64512);
  expect(exhausted).toBe(70000 - 64512);
  expect(ports.take(0, 7, 0, 0.999)).toBe(false);
  expect(ports.take(0, 8, 0, 0.999)).toBe(true);
  expect(ports.take(1, 7, 0, 0.999)).toBe(true);
});

test('one node sends at most 64,512 flows in 120 s to one destination: Little’s law', () => {
  const ports = new SnatPorts(1, read, () => {});
  const search = fixed();
  const perSecond = 700;
  let taken = 0;
  const seconds = 600;
  for (let i = 0; i < perSecond * seconds; i++) {
    const nowNs = (i / perSecond) * SECOND;
    if (!ports.take(0, 1, nowNs, search())) continue;
    ports.release(0, 1, nowNs + 120 * SECOND);
    if (nowNs >= 200 * SECOND) taken++;
  }
  const most = 64512 / 120;
  expect(taken / 400).toBeLessThan(most);
  expect(taken / 400).toBeGreaterThan(0.95 * most);
});

function fixed(): () => number {
  let state = 5;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
