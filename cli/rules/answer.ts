/** What `explain rules` found, before it is shown to a program or a reader. */
import type { Era } from '../../core/models/eras.ts';
import type {
  ChangeObjects,
  Counts,
  KernelObjects,
} from '../../core/models/proxy/rules/kernel-objects.ts';
import type { KernelMode } from '../../core/models/proxy/rules/registry.ts';
import type { ProxyNode } from '../../core/models/proxy/rules/service-port.ts';
import type { ServicePortsInput } from '../../scenarios/index.ts';

export interface RulesAnswer {
  readonly mode: KernelMode;
  readonly era: Era;
  readonly input: ServicePortsInput;
  readonly node: ProxyNode;
  readonly objects: KernelObjects;
  /** By table: what is there without any Service. */
  readonly fixed: Readonly<Record<string, Counts>>;
  /** Of the Service `namespace/name`. */
  readonly change?: ChangeObjects & { readonly service: string };
}
