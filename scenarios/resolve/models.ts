/** The models of `core/models` that a spec names. */

import { eraOf } from '../../core/models/eras.ts';
import type { ProxyModel, RuleCounts } from '../../core/models/proxy/proxy-model.ts';
import { proxyModel } from '../../core/models/proxy/registry.ts';
import type { ProxySpec } from '../schema/proxy.ts';

/** Id in the registry of proxy modes: the mode, and the back end of iptables (default nft). */
export function proxyModelId(proxy: ProxySpec): string {
  return proxy.mode === 'iptables' ? `iptables-${proxy.backend ?? 'nft'}` : proxy.mode;
}

export function proxyModelOf(proxy: ProxySpec): ProxyModel {
  return proxyModel(proxyModelId(proxy));
}

/** Whether anything in the model of a mode depends on `proxy.syncPeriod`, asked with two periods. */
export function followsSyncPeriod(model: ProxyModel, version: string, counts: RuleCounts): boolean {
  const era = eraOf(version);
  if (era === undefined) return true;
  const [short, long] = [1e9, 3e9];
  return (
    model.forcedSyncNs(era, short) !== model.forcedSyncNs(era, long) ||
    model.listsAfterNs(era, counts, short) !== model.listsAfterNs(era, counts, long)
  );
}
