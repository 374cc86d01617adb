/**
 * The effective document as a YAML stream: the scenario first, then its Kubernetes objects. Defaults
 * that depend on other fields stand in comments: written out as fields they would hold for variants
 * with another mode too.
 */
import { Document, isCollection, stringify } from 'yaml';
import { defaultPool } from './resolve/build-plan.ts';
import { proxyModelOf } from './resolve/models.ts';
import type { Spec } from './schema/scenario.ts';
import { formatDuration } from './values/duration.ts';

export function effectiveText(document: Readonly<Record<string, unknown>>, spec: Spec): string {
  const { objects, ...scenario } = document;
  const yaml = new Document(scenario, { version: '1.2' });
  note(yaml, ['spec', 'proxy'], proxyDefaults(spec.proxy));
  if (spec.cluster.pools.length === 0) {
    note(yaml, ['spec', 'cluster'], [`pools: [${JSON.stringify(defaultPool)}]`]);
  }
  const texts = [yaml.toString()];
  for (const object of Array.isArray(objects) ? objects : []) {
    texts.push(stringify(object, { version: '1.1' }));
  }
  return texts.join('---\n');
}

function proxyDefaults(proxy: Spec['proxy']): string[] {
  const { defaults } = proxyModelOf(proxy);
  const { mode, backend, minSyncPeriod, syncPeriod } = proxy;
  return [
    ...(mode === 'iptables' && backend === undefined ? ['backend: nft'] : []),
    ...(minSyncPeriod === undefined
      ? [`minSyncPeriod: ${formatDuration(defaults.minSyncPeriodNs)}`]
      : []),
    ...(syncPeriod === undefined ? [`syncPeriod: ${formatDuration(defaults.syncPeriodNs)}`] : []),
  ];
}

/** Comments behind the last field of the map at a path. */
function note(yaml: Document, path: readonly string[], defaults: readonly string[]): void {
  const map = yaml.getIn(path, true);
  if (!isCollection(map) || defaults.length === 0) return;
  map.comment = defaults.map((text) => ` default: ${text}`).join('\n');
}
