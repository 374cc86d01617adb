/** What holds in every run with traffic of all kinds: random plans. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Cell } from '../metrics/cell.ts';
import { simulate } from '../simulate.ts';
import { dispatcher } from './dispatch.ts';
import { randomTrafficPlan } from './testing/random-traffic.ts';
import { buildWorld, startWorld } from './world.ts';

function total(cell: Cell, id: string): number {
  return cell.quotients[id]?.numerator[1] ?? 0;
}

it('every request is answered, fails for one reason or is in flight', () => {
  const seen: Record<string, number> = {};
  fc.assert(
    fc.property(randomTrafficPlan, (plan) => {
      const cell = simulate(plan, 0);
      expect(cell.audits.filter(({ ok }) => !ok)).toEqual([]);
      const causes = Object.keys(cell.quotients).filter((id) => id.startsWith('request.failed.'));
      const failed = causes.reduce((sum, id) => sum + total(cell, id), 0);
      expect(failed).toBe(total(cell, 'request.failed'));
      for (const id of [...causes, 'conntrackDropped', 'snatPortsExhausted']) {
        seen[id] = (seen[id] ?? 0) + total(cell, id);
      }
      for (const id of Object.keys(cell.distributions)) {
        seen[id] = (seen[id] ?? 0) + cell.distributions[id]!.effective;
      }
    }),
    { seed: 50_001, numRuns: 40 },
  );
  const missing = [
    'request.failed.noLocalEndpoint',
    'request.failed.reset',
    'request.failed.conntrackFull',
    'request.failed.snatPortsExhausted',
    'request.nodePort',
    'request.loadBalancer',
    'request.clusterIP',
  ].filter((id) => (seen[id] ?? 0) === 0);
  expect(missing).toEqual([]);
});

it('without new requests only open connections stay in flight, and only their entries in tables', () => {
  fc.assert(
    fc.property(randomTrafficPlan, (random) => {
      const plan = { ...random, events: random.events.filter(({ kind }) => kind !== 'addNodes') };
      const world = buildWorld(plan, 0);
      startWorld(world);
      const { engine, requests, conntrack } = world;
      const dispatch = dispatcher(world);
      engine.run(plan.warmUpNs + plan.horizonNs + 200e9, dispatch);
      expect(requests.unanswered()).toBe(0);
      expect(requests.inFlight()).toBe(requests.connections.open);
      engine.nowNs += 2 * 86400e9;
      conntrack.settle(() => true);
      // A connection in use holds an entry at the client's node and one at the endpoint's.
      const { open, over } = requests.connections;
      const entries = conntrack.entries.reduce((sum, ofNode) => sum + ofNode, 0);
      expect(entries).toBeLessThanOrEqual(2 * (open + over));
    }),
    { seed: 50_002, numRuns: 15 },
  );
});
