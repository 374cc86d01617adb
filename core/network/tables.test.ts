import { describe, expect, it } from 'vitest';
import { Addresses } from './addresses.ts';
import { Pods } from './pods.ts';
import { SharedTables, TablesFullError } from './tables.ts';

/** A typed array that an object holds, by name. */
function columnsOf(object: object): [string, ArrayBufferView][] {
  return Object.entries(object).filter(([, value]) => ArrayBuffer.isView(value)) as [
    string,
    ArrayBufferView,
  ][];
}

function somePods(count: number): Pods {
  const pods = new Pods();
  for (let i = 0; i < count; i++) {
    pods.add(i, 10 * i);
    pods.readyNs[i] = 1.5e12 + i;
    pods.phase[i] = i % 4;
  }
  return pods;
}

describe('SharedTables', () => {
  it('puts columns behind one another without overlap, each on cache lines of its own', () => {
    const buffer = new SharedArrayBuffer(4096);
    const tables = new SharedTables(buffer, true);
    const columns = [
      tables.move(Uint8Array.of(1, 2, 3)),
      tables.move(Float64Array.of(4.5), 9),
      tables.move(Int32Array.of(-6, 7), 20),
    ];
    expect(columns.map(({ byteOffset }) => byteOffset)).toEqual([0, 64, 192]);
    expect(columns.map((column) => column.length)).toEqual([3, 9, 20]);
    expect(Array.from(columns[0]!)).toEqual([1, 2, 3]);
    expect(Array.from(columns[1]!)).toEqual([4.5, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(Array.from(columns[2]!.subarray(0, 3))).toEqual([-6, 7, 0]);
  });

  it('gives all partitions the same columns, with what the first of them held', () => {
    const buffer = new SharedArrayBuffer(256);
    const others = new SharedTables(buffer, false).move(Int32Array.of(9, 9));
    const first = new SharedTables(buffer, true).move(Int32Array.of(1, 2));
    expect(Array.from(others)).toEqual([1, 2]);
    first[1] = 5;
    expect(others[1]).toBe(5);
  });

  it('says when there is no room left', () => {
    const tables = new SharedTables(new SharedArrayBuffer(128), true);
    tables.move(new Float64Array(8));
    tables.move(new Uint8Array(64));
    expect(() => tables.move(new Uint8Array(1))).toThrow(TablesFullError);
  });
});

describe('what lies in shared tables', () => {
  it('is every column of the pods, and a pod added later', () => {
    const buffer = new SharedArrayBuffer(1 << 16);
    const [pods, others] = [somePods(5), somePods(5)];
    const before = columnsOf(somePods(5)).map(([name, column]) => [
      name,
      Array.from((column as Int32Array).subarray(0, 5)),
    ]);
    others.share(new SharedTables(buffer, false), 8);
    pods.share(new SharedTables(buffer, true), 8);
    for (const [name, column] of columnsOf(others))
      expect([name, column.buffer]).toEqual([name, buffer]);
    const after = columnsOf(others).map(([name, column]) => [
      name,
      Array.from((column as Int32Array).subarray(0, 5)),
    ]);
    expect(after).toEqual(before);
    const pod = pods.add(3, 4);
    expect([others.workload[pod], others.revision[pod], others.node[pod]]).toEqual([3, 4, -1]);
  });

  it('is no more pods than there is room for', () => {
    const pods = somePods(5);
    expect(() => pods.share(new SharedTables(new SharedArrayBuffer(1 << 16), true), 4)).toThrow(
      TablesFullError,
    );
    pods.share(new SharedTables(new SharedArrayBuffer(1 << 16), true), 6);
    expect(pods.add(0, 0)).toBe(5);
    expect(() => pods.add(0, 0)).toThrow(TablesFullError);
  });

  it('is every column of the addresses', () => {
    const buffer = new SharedArrayBuffer(1 << 14);
    const [addresses, others] = [new Addresses(3, 4), new Addresses(3, 4)];
    addresses.take(1, 7);
    others.share(new SharedTables(buffer, false));
    addresses.share(new SharedTables(buffer, true));
    for (const [name, column] of columnsOf(others))
      expect([name, column.buffer]).toEqual([name, buffer]);
    expect(others.ownerOf(1, 0)).toBe(7);
    const address = addresses.take(1, 8);
    addresses.release(1, 0, 7, 55);
    expect(others.ownerOf(1, address)).toBe(8);
    expect([others.previousOf(1, 0), others.freedAtNs(1, 0), others.used[1]]).toEqual([7, 55, 1]);
  });
});
