import { describe, expect, test } from 'vitest';
import { constantReader } from '../constant.ts';
import { conntrack as constants } from '../models/conntrack.ts';
import { DEFAULT_CONNTRACK } from '../plain-plans.ts';
import { Conntrack, type ConntrackNode, FlowState } from './conntrack.ts';

const read = constantReader({});
const SECOND = 1e9;
const HOUR = 3600 * SECOND;
const MEASURED_BUCKETS = 262144;
const NODE: ConntrackNode = {
  plan: DEFAULT_CONNTRACK,
  cores: 4,
  memoryBytes: 16 * 2 ** 30,
  tracked: true,
};

let drops = 0;
const clock = { nowNs: 0 };

/** One node with a table of `max` entries. */
function table(max: number, changes: Partial<ConntrackNode> = {}): Conntrack {
  drops = 0;
  clock.nowNs = 0;
  const conntrack = new Conntrack(1, read, clock, () => drops++);
  const plan = { ...DEFAULT_CONNTRACK, maxPerCore: 1, min: max };
  conntrack.configure(0, { ...NODE, plan, ...changes });
  return conntrack;
}

/** The table at a time. */
function at(conntrack: Conntrack, nowNs: number): Conntrack {
  clock.nowNs = nowNs;
  return conntrack;
}

describe('entries over time', () => {
  test('are rate times lifetime: connections closed at once leave their entry for 120 s', () => {
    const conntrack = table(1e6);
    const perSecond = 500;
    for (let i = 0; i < 400 * perSecond; i++) {
      const nowNs = (i / perSecond) * SECOND;
      expect(at(conntrack, nowNs).open(0, FlowState.SynSent)).toBe(true);
      expect(at(conntrack, nowNs).change(0, FlowState.SynSent, nowNs, FlowState.TimeWait)).toBe(
        true,
      );
    }
    expect(conntrack.entries[0]! / (perSecond * 120)).toBeGreaterThanOrEqual(1);
    expect(conntrack.entries[0]! / (perSecond * 120)).toBeLessThan(1 + 1 / 64);
    at(conntrack, 1000 * SECOND).settle(() => true);
    expect(conntrack.entries[0]).toBe(0);
    expect(conntrack.largest[0]! / (perSecond * 120)).toBeLessThan(1 + 2 / 64);
  });

  test('hold an idle connection for a day, and its packets start the day anew', () => {
    const conntrack = table(10);
    at(conntrack, 0).open(0, FlowState.SynSent);
    at(conntrack, 0).change(0, FlowState.SynSent, 0, FlowState.Established);
    expect(at(conntrack, 23.9 * HOUR).lives(0, FlowState.Established, 0)).toBe(true);
    expect(at(conntrack, 24 * HOUR).lives(0, FlowState.Established, 0)).toBe(false);
    const { Established } = FlowState;
    expect(at(conntrack, 20 * HOUR).change(0, Established, 0, Established)).toBe(true);
    at(conntrack, 43 * HOUR).settle(() => true);
    expect(conntrack.entries[0]).toBe(1);
    at(conntrack, 45 * HOUR).settle(() => true);
    expect(conntrack.entries[0]).toBe(0);
    expect(at(conntrack, 45 * HOUR).change(0, Established, 20 * HOUR, FlowState.TimeWait)).toBe(
      false,
    );
    expect(conntrack.entries[0]).toBe(0);
  });

  test.each([
    ['SynSent', 120],
    ['SynRecv', 60],
    ['Established', 86400],
    ['FinWait', 120],
    ['CloseWait', 3600],
    ['LastAck', 30],
    ['TimeWait', 120],
    ['Close', 10],
    ['UdpUnreplied', 30],
    ['UdpStream', 120],
  ] as const)('of state %s last %d s', (name, seconds) => {
    const conntrack = table(10);
    const state = FlowState[name];
    expect(at(conntrack, SECOND).open(0, state)).toBe(true);
    expect(at(conntrack, SECOND).expiresNs(0, state)).toBe((seconds + 1) * SECOND);
    at(conntrack, seconds * SECOND).settle(() => true);
    expect(conntrack.entries[0]).toBe(1);
    at(conntrack, (seconds * (65 / 64) + 1) * SECOND).settle(() => true);
    expect(conntrack.entries[0]).toBe(0);
  });

  test('an answered UDP flow is a stream after two seconds', () => {
    const conntrack = table(10);
    expect(at(conntrack, 2 * SECOND).udpState(0)).toBe(FlowState.UdpUnreplied);
    expect(at(conntrack, 2.1 * SECOND).udpState(0)).toBe(FlowState.UdpStream);
  });
});

describe('a full table, as measured', () => {
  const states = ['SynSent', 'SynRecv', 'UdpUnreplied', 'Close'] as const;
  test.each(states)('of unassured entries in state %s lets every new flow in', (name) => {
    const conntrack = table(MEASURED_BUCKETS);
    const state = FlowState[name];
    for (let i = 0; i < MEASURED_BUCKETS; i++) at(conntrack, 0).open(0, state);
    let lost = 0;
    for (let i = 0; i < 2016; i++) if (!at(conntrack, 1e6).open(0, state)) lost++;
    expect(lost).toBe(0);
    expect(conntrack.entries[0]).toBe(MEASURED_BUCKETS);
    expect(conntrack.largest[0]).toBe(MEASURED_BUCKETS);
    expect(drops).toBe(0);
  });

  test('of assured entries drops every new flow, and its flows go on', () => {
    const conntrack = table(MEASURED_BUCKETS);
    const { UdpUnreplied, UdpStream } = FlowState;
    for (let i = 0; i < MEASURED_BUCKETS; i++) {
      at(conntrack, 0).open(0, UdpUnreplied);
      at(conntrack, 0).change(0, UdpUnreplied, 0, UdpStream);
    }
    for (let i = 0; i < 96; i++) expect(at(conntrack, 1e6).open(0, UdpUnreplied)).toBe(false);
    expect(drops).toBe(96);
    expect(at(conntrack, 1e6).change(0, UdpStream, 0, UdpStream)).toBe(true);
    expect(conntrack.entries[0]).toBe(MEASURED_BUCKETS);
    // Once they have expired there is room again.
    expect(at(conntrack, 130 * SECOND).open(0, UdpUnreplied)).toBe(true);
    expect(conntrack.entries[0]).toBe(1);
  });

  test('with one evictable entry in a thousand buckets mostly drops', () => {
    const conntrack = table(MEASURED_BUCKETS);
    const { SynSent, Established } = FlowState;
    for (let i = 0; i < MEASURED_BUCKETS; i++) {
      at(conntrack, 0).open(0, SynSent);
      if (i % 1000 > 0) at(conntrack, 0).change(0, SynSent, 0, Established);
    }
    let lost = 0;
    for (let i = 0; i < 1000; i++) if (!at(conntrack, 1e6).open(0, SynSent)) lost++;
    expect(lost).toBeGreaterThan(960);
    expect(lost).toBeLessThan(1000);
  });
});

test('inserting costs more the more entries there are for each bucket, nothing into an empty table', () => {
  const conntrack = table(1e6);
  expect(conntrack.insertExtraNs(0, 0)).toBe(0);
  for (let i = 0; i < MEASURED_BUCKETS; i++) at(conntrack, 0).open(0, FlowState.TimeWait);
  expect(conntrack.insertExtraNs(0, 0)).toBeCloseTo(read(constants.insertHot), 6);
  expect(conntrack.insertExtraNs(0, 1)).toBeCloseTo(read(constants.insertCold), 6);
});

test('entries left behind cost an agent that tracks flows itself nothing', () => {
  const conntrack = table(1e6);
  for (let i = 0; i < 1000; i++) conntrack.open(0, FlowState.Established);
  expect(conntrack.insertExtraNs(0, 0)).toBeGreaterThan(0);
  conntrack.configure(0, { ...NODE, tracked: false });
  expect(conntrack.insertExtraNs(0, 0)).toBe(0);
  conntrack.configure(0, NODE);
  expect(conntrack.insertExtraNs(0, 0)).toBeGreaterThan(0);
});

test('an agent with maps of its own leaves the table empty, never full', () => {
  const conntrack = table(1, { tracked: false });
  for (let i = 0; i < 5; i++) expect(at(conntrack, 0).open(0, FlowState.SynSent)).toBe(true);
  expect(at(conntrack, 0).change(0, FlowState.SynSent, 0, FlowState.TimeWait)).toBe(true);
  expect(at(conntrack, 100 * HOUR).lives(0, FlowState.Established, 0)).toBe(true);
  expect(conntrack.entries[0]).toBe(0);
  expect(conntrack.tracks(0)).toBe(false);
});

test('a restarted agent sets its own maximum and time-outs, and keeps the entries', () => {
  const conntrack = table(10);
  const { Established, SynSent } = FlowState;
  for (let i = 0; i < 10; i++) {
    at(conntrack, i * SECOND).open(0, SynSent);
    at(conntrack, i * SECOND).change(0, SynSent, i * SECOND, Established);
  }
  expect(at(conntrack, 10 * SECOND).open(0, SynSent)).toBe(false);
  const plan = { ...DEFAULT_CONNTRACK, min: 20, maxPerCore: 1, tcpEstablishedTimeoutNs: HOUR };
  at(conntrack, 10 * SECOND).configure(0, { ...NODE, plan });
  expect(conntrack.entries[0]).toBe(10);
  expect(at(conntrack, 10 * SECOND).open(0, SynSent)).toBe(true);
  at(conntrack, 1.1 * HOUR).settle(() => true);
  expect(conntrack.entries[0]).toBe(0);
});
