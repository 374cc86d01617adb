/** The models of `core/models` that a spec names. */

import type { ProxyModel } from '../../core/models/proxy/proxy-model.ts';
import { proxyModel } from '../../core/models/proxy/registry.ts';
import type { Spec } from '../schema/scenario.ts';

/** Id in the registry of proxy modes: the mode, and the back end of iptables (default nft). */
export function proxyModelId(proxy: Spec['proxy']): string {
  return proxy.mode === 'iptables' ? `iptables-${proxy.backend ?? 'nft'}` : proxy.mode;
}

export function proxyModelOf(proxy: Spec['proxy']): ProxyModel {
  return proxyModel(proxyModelId(proxy));
}
