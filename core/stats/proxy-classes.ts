/** What each class of service proxies of a mixed fleet takes, as means over the replications. */
import { assert } from '../assert.ts';
import type { Cell, ProxyClassCell } from '../metrics/cell.ts';
import type { Point, ProxyClassResult } from '../results.ts';
import { wideToNumber } from './wide.ts';

/** Nothing where all nodes are of one class. */
export function proxyClassesOf(
  cells: readonly Cell[],
  horizonSeconds: number,
): Pick<Point, 'proxyClasses'> {
  const first = cells[0]?.proxyClasses;
  if (first === undefined) return {};
  const proxyClasses = first.map((one, index) => {
    const ofClass = cells.map((cell) => {
      const same = cell.proxyClasses?.[index];
      assert(same !== undefined, 'replications of a point have the same classes of proxies');
      return same;
    });
    return meanOf(one, ofClass, horizonSeconds);
  });
  return { proxyClasses };
}

function meanOf(
  { kubernetesVersion, proxy }: ProxyClassCell,
  all: readonly ProxyClassCell[],
  horizonSeconds: number,
): ProxyClassResult {
  const sum = (of: (one: ProxyClassCell) => number) => all.reduce((n, one) => n + of(one), 0);
  const nodes = sum((one) => one.nodes);
  const perNode = (of: (one: ProxyClassCell) => ProxyClassCell['kernelRules']) =>
    nodes === 0 ? null : sum((one) => wideToNumber(of(one))) / nodes;
  return {
    kubernetesVersion,
    proxy,
    nodes: nodes / all.length,
    proxyCpuCores: sum((one) => one.proxyCpuUs) / 1e6 / horizonSeconds / all.length,
    kernelRules: perNode((one) => one.kernelRules),
    kernelMemoryBytes: perNode((one) => one.kernelBytes),
    proxyMemoryBytes: perNode((one) => one.proxyBytes),
  };
}
