/**
 * The effective document as a YAML stream: the scenario first, then its Kubernetes objects. Defaults
 * that depend on other fields stand in comments: written out as fields they would hold for variants
 * with another mode too.
 */
import { Document, isCollection, stringify } from 'yaml';
import { plainProxy } from '../core/plain-plans.ts';
import { defaultExternalLatencyNs, defaultPool } from './resolve/build-plan.ts';
import { proxyModelId, proxyModelOf } from './resolve/models.ts';
import { modesOf, type ProxySpec } from './schema/proxy.ts';
import type { Spec } from './schema/scenario.ts';
import { durationNs, formatDuration } from './values/duration.ts';

export function effectiveText(document: Readonly<Record<string, unknown>>, spec: Spec): string {
  const { objects, ...scenario } = document;
  const yaml = new Document(scenario, { version: '1.2' });
  note(yaml, ['spec', 'proxy'], proxyDefaults(spec.proxy));
  if (spec.cluster.topology.latency.external === undefined) {
    note(yaml, ['spec', 'cluster', 'topology', 'latency'], [`external: ${externalLatency(spec)}`]);
  }
  if (spec.cluster.pools.length === 0) {
    note(yaml, ['spec', 'cluster'], [`pools: [${JSON.stringify(defaultPool)}]`]);
  }
  const texts = [yaml.toString()];
  for (const object of Array.isArray(objects) ? objects : []) {
    texts.push(stringify(object, { version: '1.1' }));
  }
  return texts.join('---\n');
}

function externalLatency({ cluster }: Spec): string {
  const regionNs = durationNs(cluster.topology.latency.region)!;
  return formatDuration(Math.max(regionNs, defaultExternalLatencyNs));
}

function proxyDefaults(proxy: Spec['proxy']): string[] {
  const { defaults } = proxyModelOf(proxy);
  const { minSyncPeriodNs, syncPeriodNs } = defaults;
  const plain = plainProxy(proxyModelId(proxy), defaults);
  const { maxPerCore, min, tcpEstablishedTimeoutNs, tcpCloseWaitTimeoutNs } = plain.conntrack;
  const conntrack = {
    maxPerCore,
    min,
    tcpEstablishedTimeout: formatDuration(tcpEstablishedTimeoutNs),
    tcpCloseWaitTimeout: formatDuration(tcpCloseWaitTimeoutNs),
  };
  const missing = Object.entries(conntrack).filter(
    ([key]) => proxy.conntrack?.[key as keyof typeof conntrack] === undefined,
  );
  const fields: Readonly<Partial<Record<keyof ProxySpec, unknown>>> = {
    backend: 'nft',
    minSyncPeriod: formatDuration(minSyncPeriodNs),
    syncPeriod: formatDuration(syncPeriodNs),
    failedSyncs: plain.failedSyncs,
    localhostNodePorts: plain.localhostNodePorts,
    nodePortAddresses: plain.nodePortAddresses,
    socketTranslation: plain.socketTranslation,
    externalReplies: plain.externalReplies,
  };
  const hasField = (field: string) => modesOf(field)?.includes(proxy.mode) ?? true;
  return [
    ...Object.entries(fields)
      .filter(([key]) => hasField(key) && proxy[key as keyof ProxySpec] === undefined)
      .map(([key, value]) => `${key}: ${value}`),
    ...(hasField('conntrack') && missing.length > 0
      ? [`conntrack: { ${missing.map(([key, value]) => `${key}: ${value}`).join(', ')} }`]
      : []),
  ];
}

/** Comments behind the last field of the map at a path. */
function note(yaml: Document, path: readonly string[], defaults: readonly string[]): void {
  const map = yaml.getIn(path, true);
  if (!isCollection(map) || defaults.length === 0) return;
  map.comment = defaults.map((text) => ` default: ${text}`).join('\n');
}
