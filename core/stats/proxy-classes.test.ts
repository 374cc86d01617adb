import { expect, test } from 'vitest';
import type { Cell, ProxyClassCell } from '../metrics/cell.ts';
import { proxyClassesOf } from './proxy-classes.ts';

function cell(classes: readonly ProxyClassCell[]): Cell {
  return { proxyClasses: classes } as unknown as Cell;
}

const ipvs = { kubernetesVersion: '1.33', proxy: 'ipvs' } as const;
const none = { kernelRules: [0, 0], kernelBytes: [0, 0], proxyBytes: [0, 0] } as const;

test('a class takes the mean over its nodes, and CPU time of all of them over the window', () => {
  const one: ProxyClassCell = {
    ...ipvs,
    nodes: 4,
    kernelRules: [0, 400],
    kernelBytes: [0, 8000],
    proxyBytes: [0, 40],
    proxyCpuUs: 3e6,
  };
  const other: ProxyClassCell = { ...one, nodes: 2, kernelRules: [0, 80], proxyCpuUs: 1e6 };
  expect(proxyClassesOf([cell([one]), cell([other])], 10)).toEqual({
    proxyClasses: [
      {
        ...ipvs,
        nodes: 3,
        proxyCpuCores: 0.2,
        kernelRules: 80,
        kernelMemoryBytes: 16000 / 6,
        proxyMemoryBytes: 80 / 6,
      },
    ],
  });
});

test('a class that all nodes have left has no mean of a node', () => {
  const gone = cell([{ ...ipvs, nodes: 0, ...none, proxyCpuUs: 0 }]);
  expect(proxyClassesOf([gone], 10).proxyClasses?.[0]).toMatchObject({
    nodes: 0,
    kernelRules: null,
  });
});

test('runs with one class say nothing', () => {
  expect(proxyClassesOf([{} as Cell], 10)).toEqual({});
});
