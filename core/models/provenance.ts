/**
 * What stands behind a set of plans: the texts of the models that run, and their constants, each with the value in force and where it comes from.
 * Constants of proxy modes that no plan runs are left out. A constant that plans override
 * differently has a row a value.
 */
import { agentsOfPlan, type PlanOfAgents } from '../agents.ts';
import type { Constant } from '../constant.ts';
import type { Plan } from '../plan.ts';
import type { ModelText, Provenance } from '../results.ts';
import { connectionTracking } from './conntrack.ts';
import { allConstants } from './index.ts';
import { hostLocal } from './ipam/host-local.ts';
import { proxyModel, proxyModelIds } from './proxy/registry.ts';
import { requestPath } from './request-path.ts';

type Wanted = PlanOfAgents & Pick<Plan, 'constants'>;

/** Rows in order of id, then of value. */
export function provenanceOf(plans: readonly Wanted[]): Provenance[] {
  const ofProxies = new Set(proxyModelIds.flatMap((id) => proxyModel(id).constants));
  const common = allConstants().filter((declared) => !ofProxies.has(declared));
  const rows = new Map<string, Provenance>();
  for (const plan of plans) {
    const ofModes = modesOf(plan).flatMap((id) => proxyModel(id).constants);
    for (const declared of [...common, ...ofModes]) {
      const row = rowOf(declared, plan.constants[declared.id]);
      rows.set(`${row.id} ${row.value} ${row.overridden}`, row);
    }
  }
  return [...rows.values()].sort((a, b) => compare(a.id, b.id) || a.value - b.value);
}

/** The proxy modes that some plan runs, then what every run has. */
export function modelsOf(plans: readonly PlanOfAgents[]): ModelText[] {
  const used = [...new Set(plans.flatMap(modesOf))].sort();
  const proxies = used.map((id): ModelText => {
    const { title, models, ignores, lifecycle, minimumKernel } = proxyModel(id);
    return {
      id: `proxy.${id}`,
      title,
      models: [...models],
      ignores: [...ignores],
      lifecycle: { ...lifecycle },
      minimumKernel,
    };
  });
  const common = {
    'request-path': requestPath,
    conntrack: connectionTracking,
    'ipam.host-local': hostLocal,
  };
  return [
    ...proxies,
    ...Object.entries(common).map(([id, { title, models, ignores }]) => ({
      id,
      title,
      models: [...models],
      ignores: [...ignores],
    })),
  ];
}

/** Of all nodes, pools and upgrades. */
function modesOf(plan: PlanOfAgents): string[] {
  return [...new Set(agentsOfPlan(plan).map(({ proxy }) => proxy.model))];
}

function rowOf(declared: Constant, override: number | undefined): Provenance {
  const { id, unit, range, about, source } = declared;
  return {
    id,
    value: override ?? declared.value,
    unit,
    range: [...range],
    about,
    source: { ...source },
    overridden: override !== undefined,
  };
}

/** By code units: the same everywhere. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
