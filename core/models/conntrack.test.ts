import { describe, expect, test } from 'vitest';
import { constantReader } from '../constant.ts';
import { DEFAULT_CONNTRACK } from '../plain-plans.ts';
import {
  cleanUpCpuNs,
  conntrack,
  conntrackSize,
  evictionProbability,
  snatSearchFails,
} from './conntrack.ts';

const read = constantReader({});
const GB = 2 ** 30;

describe('the size of the table', () => {
  test.each([
    { cores: 1, max: 131072 },
    { cores: 4, max: 131072 },
    { cores: 5, max: 163840 },
    { cores: 64, max: 2097152 },
  ])('is kube-proxy’s for $cores cores: $max entries', ({ cores, max }) => {
    expect(conntrackSize(read, DEFAULT_CONNTRACK, cores, 16 * GB).max).toBe(max);
  });

  test.each([
    { memory: 8 * 2 ** 20, buckets: 1024 },
    { memory: GB, buckets: 65536 },
    { memory: 4 * GB, buckets: 262144 },
    { memory: 256 * GB, buckets: 262144 },
  ])('without kube-proxy is the kernel’s own: $buckets buckets, one entry each', (given) => {
    const plan = { ...DEFAULT_CONNTRACK, maxPerCore: 0 };
    const { max, buckets } = conntrackSize(read, plan, 64, given.memory);
    expect(buckets).toBe(given.buckets);
    expect(max).toBe(given.buckets);
  });

  test('grows in buckets when kube-proxy’s maximum is beyond four entries a bucket', () => {
    expect(conntrackSize(read, DEFAULT_CONNTRACK, 16, 64 * GB).buckets).toBe(262144);
    expect(conntrackSize(read, DEFAULT_CONNTRACK, 64, 64 * GB).buckets).toBe(524288);
    expect(conntrackSize(read, DEFAULT_CONNTRACK, 4, GB / 4).buckets).toBe(32768);
  });
});

/** Medians of udp_new_fwd, ns: with tracking and without, in three runs (6-ct, 262,144 buckets). */
const MEASURED = [
  { entries: 0, hot: [1796, 1178, 1891, 1234, 1875, 1223] },
  { entries: 0, cold: [6275, 4408, 6888, 4527, 6781, 4476] },
  { entries: 1000, hot: [1793, 1176, 1825, 1171, 1911, 1218] },
  { entries: 1000, cold: [6221, 4324, 6698, 4339, 6774, 4448] },
  { entries: 100000, hot: [2396, 1235, 2490, 1222, 2448, 1213] },
  { entries: 100000, cold: [7385, 4376, 7545, 4079, 7306, 4309] },
  { entries: 500000, hot: [4322, 1177, 4619, 1276, 4914, 1277] },
  { entries: 500000, cold: [10662, 4284, 10046, 4044, 11210, 4444] },
];

/** Mean over the runs of what tracking costs. */
function trackingNs(medians: readonly number[]): number {
  const runs = medians.length / 2;
  return medians.reduce((sum, ns, i) => sum + (i % 2 === 0 ? ns : -ns), 0) / runs;
}

describe('inserting by table fill', () => {
  test.each(MEASURED)('is as measured at $entries entries', ({ entries, hot, cold }) => {
    const slopeNs = read(hot === undefined ? conntrack.insertCold : conntrack.insertHot);
    const emptyNs = trackingNs((hot === undefined ? MEASURED[1]!.cold : MEASURED[0]!.hot)!);
    const predicted = emptyNs + (slopeNs * entries) / 262144;
    const actual = trackingNs((hot ?? cold)!);
    expect(Math.abs(predicted / actual - 1)).toBeLessThan(0.05);
  });

  test('gives 2.0 us at 250,000 entries, which was measured and not fitted', () => {
    const predicted = 642.3 + (read(conntrack.insertHot) * 250000) / 262144;
    expect(predicted).toBeGreaterThan(1950);
    expect(predicted).toBeLessThan(2050);
  });
});

test('a table full of evictable entries loses nothing, one with few of them nearly everything', () => {
  // 2,016 of 2,016 flows were let in where 262,144 entries in as many buckets were evictable.
  expect(2016 * (1 - evictionProbability(262144, 262144, 8))).toBeLessThan(0.001);
  expect(evictionProbability(0, 262144, 8)).toBe(0);
  expect(evictionProbability(262, 262144, 8)).toBeCloseTo(0.016, 3);
});

test('evicting succeeds as often as a search through buckets filled at random', () => {
  const random = xorshift(7);
  const buckets = 512;
  const unassured = 60;
  let found = 0;
  const searches = 20000;
  for (let i = 0; i < searches; i++) {
    // The search starts anywhere: at bucket 0.
    let hit = false;
    for (let node = 0; node < 2 * unassured; node++) {
      if (Math.floor(random() * buckets) < 8) hit = true;
    }
    if (hit) found++;
  }
  expect(Math.abs(found / searches - evictionProbability(unassured, buckets, 8))).toBeLessThan(
    0.01,
  );
});

describe('the search for a source port', () => {
  const fails = snatSearchFails(read);

  test('fails never with few ports in use, always with all', () => {
    expect(fails(0)).toBe(0);
    expect(fails(0.79)).toBe(0);
    expect(fails(0.8)).toBeLessThan(1e-6);
    expect(fails(1)).toBe(1);
    let before = 0;
    for (let used = 0.8; used <= 1; used += 0.001) {
      expect(fails(used)).toBeGreaterThanOrEqual(before);
      before = fails(used);
    }
  });

  test.each([
    { used: 0.93, within: 0.35 },
    { used: 0.95, within: 0.25 },
    { used: 0.97, within: 0.25 },
    { used: 0.985, within: 0.25 },
    { used: 0.997, within: 0.25 },
  ])('fails as the kernel’s own search does with $used of its ports in use', ({ used, within }) => {
    const ratio = simulatedFailures(16384, used) / fails(used);
    expect(ratio).toBeGreaterThan(1 - within);
    expect(ratio).toBeLessThan(1 + within);
  });
});

test('a clean-up takes as long as conntrack -D did', () => {
  // 6-ct-flush: entries, of which deleted, mean of three runs in ms of CPU time.
  const runs = [
    [99000, 0, 220.8],
    [99000, 10, 220.8],
    [99000, 1000, 225.6],
    [99000, 10000, 269.2],
  ] as const;
  for (const [entries, deleted, ms] of runs) {
    expect(Math.abs(cleanUpCpuNs(read, entries, deleted) / (ms * 1e6) - 1)).toBeLessThan(0.05);
  }
});

/** Share of searches that fail while `share` of the ports are in use, freed in random order. */
function simulatedFailures(ports: number, share: number): number {
  const random = xorshift(11);
  const inUse = new Uint8Array(ports);
  const taken: number[] = [];
  let failed = 0;
  const search = () => {
    for (let tries = 128; tries >= 8; tries >>= 1) {
      const from = Math.floor(random() * ports);
      for (let i = 0; i < tries; i++) {
        const port = (from + i) % ports;
        if (inUse[port] === 0) return port;
      }
    }
    return -1;
  };
  const searches = 100 * ports;
  for (let i = 0; i < searches; i++) {
    while (taken.length >= Math.round(share * ports)) {
      const at = Math.floor(random() * taken.length);
      inUse[taken[at]!] = 0;
      taken[at] = taken[taken.length - 1]!;
      taken.pop();
    }
    const port = search();
    if (port >= 0) {
      inUse[port] = 1;
      taken.push(port);
    } else if (i >= searches / 4) failed++;
  }
  return failed / (0.75 * searches);
}

/** Numbers of a fixed sequence: what is simulated here must not depend on the streams of a run. */
function xorshift(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
