import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EndpointPick } from './endpoint-pick.ts';
import { SliceLog } from './slice-log.ts';
import { EndpointState } from './slice-packing.ts';
import { VisibleEndpoints } from './visible-endpoints.ts';

const SERVICES = 3;
const INITIAL = 2;

const ANYONE = { nowNs: 0, isLocal: false, takesTurns: false, server: 0, affinityNs: 0 };

interface Endpoint {
  readonly pod: number;
  readonly state: EndpointState;
}

/** A node's kernel, without a log: what it has programmed of each Service, oldest change first. */
type Kernel = readonly (readonly Endpoint[])[];

function programmed(kernel: Kernel, service: number, change: Endpoint): Kernel {
  const others = kernel[service]!.filter(({ pod }) => pod !== change.pod);
  const endpoints = change.state === EndpointState.Absent ? others : [...others, change];
  return kernel.map((each, index) => (index === service ? endpoints : each));
}

function candidates(kernel: Kernel, service: number): number[] {
  const of = (wanted: EndpointState) =>
    kernel[service]!.filter(({ state }) => state === wanted).map(({ pod }) => pod);
  const ready = of(EndpointState.Ready);
  return ready.length > 0 ? ready : of(EndpointState.Terminating);
}

const step = fc.oneof(
  fc.record({
    does: fc.constant('write' as const),
    service: fc.nat(SERVICES - 1),
    pod: fc.nat(2),
    state: fc.constantFrom(...Object.values(EndpointState)),
  }),
  // A node asks, after it has programmed all but the newest `behind` writes, or what it had before.
  fc.record({
    does: fc.constant('ask' as const),
    service: fc.nat(SERVICES - 1),
    node: fc.nat(1),
    behind: fc.nat(6),
    share: fc.nat(99).map((percent) => percent / 100),
  }),
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Carries out `steps`; how many picks were by nodes that saw all of the log, by others, in vain. */
function compare(steps: readonly Step[]) {
  const pods = Array.from({ length: INITIAL }, (_, pod) => pod);
  const log = new SliceLog(
    new Int32Array(SERVICES).fill(1),
    1,
    Array.from({ length: SERVICES }, () => pods),
  );
  const position = new Int32Array(2);
  const sees = (node: number, write: number) => write <= position[node]!;
  const nodeOfPod = { node: new Int32Array(3) };
  const visible = new VisibleEndpoints(log, { sees }, nodeOfPod);
  const pick = new EndpointPick(visible, log, nodeOfPod, 2);
  const ready = pods.map((pod): Endpoint => ({ pod, state: EndpointState.Ready }));
  const after: Kernel[] = [Array.from({ length: SERVICES }, () => ready)];
  const picks = { settled: 0, behind: 0, none: 0 };
  for (const one of steps) {
    if (one.does === 'write') {
      log.append(one.service, [one]);
      after.push(programmed(after[log.length - 1]!, one.service, one));
      continue;
    }
    const { node, service, share } = one;
    position[node] = Math.max(position[node]!, log.length - one.behind);
    log.compact(Math.min(...position));
    const expected = candidates(after[position[node]!]!, service);
    const pod = pick.pick({ ...ANYONE, node, service, u: share });
    const index = Math.floor(share * expected.length);
    expect(pod).toBe(expected[index] ?? -1);
    if (pod >= 0) {
      expect([pick.chosenIndex, pick.chosenFrom]).toEqual([index, expected.length]);
    } else {
      picks.none++;
    }
    if (position[node] === log.length) picks.settled++;
    else picks.behind++;
  }
  return picks;
}

describe('the endpoint of a new connection', () => {
  it('is chosen from what the node has programmed, however far it is behind', () => {
    const seen = { settled: 0, behind: 0, none: 0 };
    fc.assert(
      fc.property(fc.array(step, { minLength: 30, maxLength: 80 }), (steps) => {
        const picks = compare(steps);
        seen.settled += picks.settled;
        seen.behind += picks.behind;
        seen.none += picks.none;
      }),
      { seed: 20, numRuns: 200 },
    );
    expect(Math.min(seen.settled, seen.behind, seen.none)).toBeGreaterThan(50);
  });
});
