/** What a proxy mode keeps in a node's kernel: counts by table, and each Service port's share of them. */
import type { Era } from '../../eras.ts';
import type { ProxyNode, ServicePort } from './service-port.ts';

/** By kind of object (`chains`, `rules`, `elements`, `virtualServers`, ...). */
export type Counts = Readonly<Record<string, number>>;

export interface PortObjects {
  readonly namespace: string;
  readonly service: string;
  readonly port: string;
  /** By table: its counts, and the rules (or entries) by kind of chain (or map). */
  readonly tables: Readonly<
    Record<string, Counts & { readonly split: Readonly<Record<string, number>> }>
  >;
}

export interface KernelObjects {
  /** By table; always the same kinds in one mode, zeros included. */
  readonly tables: Readonly<Record<string, Counts>>;
  readonly ports: readonly PortObjects[];
}

/** What the next sync writes after a change of one Service, and what it leaves alone. */
export interface ChangeObjects {
  /** By table: lines, operations or entries written. */
  readonly written: Readonly<Record<string, Counts>>;
}

/** How one proxy mode fills a kernel. One file a mode. */
export interface KernelModel {
  objects(era: Era, ports: readonly ServicePort[], node: ProxyNode): KernelObjects;
  /** @param changed `namespace/name` of the Service that has changed, as it is now in `ports` */
  change(era: Era, ports: readonly ServicePort[], node: ProxyNode, changed: string): ChangeObjects;
}
