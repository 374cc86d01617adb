/** Every constant of every model, for overrides by id, `explain` and the table of provenance. */
import type { Constant } from '../constant.ts';
import { conntrack } from './conntrack.ts';
import { controlPlane } from './control-plane.ts';
import { dataplane } from './dataplane.ts';
import { interruptions } from './interruptions.ts';
import { podLife } from './pod-life.ts';
import { proxyModel, proxyModelIds } from './proxy/registry.ts';

const all: readonly Constant[] = [
  ...new Set([
    ...Object.values(conntrack),
    ...Object.values(controlPlane),
    ...Object.values(interruptions),
    ...Object.values(podLife),
    ...Object.values(dataplane),
    ...proxyModelIds.flatMap((id) => proxyModel(id).constants),
  ]),
].sort((a, b) => (a.id < b.id ? -1 : 1));

const byId = new Map(all.map((declaration) => [declaration.id, declaration]));

/** Every constant, ordered by id; one that several models share appears once. */
export function allConstants(): readonly Constant[] {
  return all;
}

/** The declaration of an id such as `proxy.iptables-nft.walk.hot`; undefined when there is none. */
export function constantById(id: string): Constant | undefined {
  return byId.get(id);
}
