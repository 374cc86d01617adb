/** Look-up over the proxy modes of `index.ts`. */
import * as modes from './index.ts';
import type { ProxyModel } from './proxy-model.ts';

const byId = new Map<string, ProxyModel>(Object.entries(modes));

/** Ids of the proxy modes in alphabetical order, as `ProxyPlan.model` holds them. */
export const proxyModelIds: readonly string[] = [...byId.keys()].sort();

/** The model of an id such as `iptables-nft`; throws a RangeError for one that is not listed. */
export function proxyModel(id: string): ProxyModel {
  const model = byId.get(id);
  if (!model) throw new RangeError(`no proxy mode ${id}; known: ${proxyModelIds.join(', ')}`);
  return model;
}
