import { expect, test } from 'vitest';
import { allConstants, constantById } from './index.ts';
import { hostLocal } from './ipam/host-local.ts';
import { proxyModel, proxyModelIds } from './proxy/registry.ts';
import { counts, eraFor, programming, read, work } from './proxy/testing.ts';

test('constant ids are unique, dotted and found by id', () => {
  const ids = allConstants().map((declaration) => declaration.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const declaration of allConstants()) {
    expect(declaration.id).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
    expect(constantById(declaration.id)).toBe(declaration);
  }
  expect(constantById('proxy.unknown')).toBeUndefined();
});

test('every constant has a unit, one line about it, a range around its value, and a source', () => {
  for (const { id, value, unit, range, about, source } of allConstants()) {
    expect(unit, id).not.toBe('');
    expect(about, id).toMatch(/^.{10,}$/);
    expect(range[0], id).toBeLessThanOrEqual(value);
    expect(range[1], id).toBeGreaterThanOrEqual(value);
    expect(range[0], id).toBeLessThan(range[1]);
    expect(source.ref.length, id).toBeGreaterThan(10);
  }
});

test('proxy modes are known by id, and an unknown id is an error that lists them', () => {
  expect(proxyModelIds).toEqual(['ebpf', 'iptables-legacy', 'iptables-nft', 'ipvs', 'nftables']);
  expect(() => proxyModel('iptables')).toThrow(/iptables-legacy, iptables-nft/);
});

test.each(proxyModelIds)('%s says what it models, and every constant it owns matters', (id) => {
  const model = proxyModel(id);
  expect(model.title).not.toBe('');
  expect(model.models.length).toBeGreaterThan(0);
  expect(model.ignores.length).toBeGreaterThan(0);
  expect(model.minimumKernel).not.toBe('');

  const outcome = (reader: typeof read) => {
    const syncs = [10, 800, 3000, 6000].flatMap((size) =>
      [
        {},
        { full: true },
        { initial: true, full: true },
        { lists: true },
        { deletes: true },
        { deletes: true, changedEndpoints: 0 },
        { changedServicePorts: 50, changedEndpoints: 100 },
      ].map((change) => {
        const cost = { buildNs: 0, kernelNs: 0, cpuNs: 0 };
        model.programmingTime(reader, eraFor('1.34'))(work(counts(size, 2), change), cost);
        return cost;
      }),
    );
    const memory = ['1.32', '1.34'].map((version) => [
      model.kernelMemory(reader, eraFor(version), counts(1000, 2), 4),
      model.proxyMemory(reader, eraFor(version), counts(1000, 2)),
    ]);
    const path = model.compile(reader, eraFor('1.34'), counts(1000, 2));
    return JSON.stringify([path, syncs, memory]);
  };
  const before = outcome(read);
  for (const declaration of model.constants) {
    const changed = outcome((c) => (c === declaration ? c.value * 1.01 : read(c)));
    expect(changed === before, declaration.id).toBe(false);
  }
});

test.each(proxyModelIds)('%s programs in whole, positive nanoseconds at any size', (id) => {
  for (const size of [0, 1, 999, 50000]) {
    for (const each of [0, 1, 50]) {
      const sizeCounts = each ? counts(size, each) : counts(size, 0, size);
      for (const change of [{}, { full: true }, { initial: true, full: true }]) {
        const cost = programming(proxyModel(id), work(sizeCounts, change));
        for (const ns of Object.values(cost))
          expect(Number.isSafeInteger(ns) && ns >= 0).toBe(true);
        expect(cost.cpuNs).toBeLessThanOrEqual(cost.buildNs + cost.kernelNs);
      }
    }
  }
});

test('a /24 has 253 pod addresses, from the third address on', () => {
  expect(hostLocal.usable(24)).toBe(253);
  expect(hostLocal.usable(30)).toBe(1);
  expect(hostLocal.usable(32)).toBe(0);
  expect(hostLocal.offset).toBe(2);
});
