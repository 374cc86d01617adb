/** The naive generators by proxy mode, in the shape of the models they check. */
import type { Era } from '../../../eras.ts';
import type { KernelObjects } from '../kernel-objects.ts';
import type { ProxyNode, ServicePort } from '../service-port.ts';
import { ebpfFormat, ebpfText } from './naive-ebpf.ts';
import { iptablesFormat, iptablesText } from './naive-iptables.ts';
import { ipvsFormat, ipvsText } from './naive-ipvs.ts';
import { nftablesFormat, nftablesText } from './naive-nftables.ts';
import { countText, type Format, type RuleText } from './rule-text.ts';

export interface NaiveModel {
  readonly format: Format;
  text(era: Era, ports: readonly ServicePort[], node: ProxyNode): RuleText;
}

export const naiveModels = {
  iptables: { format: iptablesFormat, text: iptablesText },
  nftables: { format: nftablesFormat, text: nftablesText },
  ipvs: { format: ipvsFormat, text: ipvsText },
  ebpf: { format: ebpfFormat, text: ebpfText },
} as const satisfies Record<string, NaiveModel>;

export type NaiveMode = keyof typeof naiveModels;

export const naiveModes = Object.keys(naiveModels) as NaiveMode[];

/** Counts of the text that a mode's generator writes. */
export function naiveObjects(
  mode: NaiveMode,
  era: Era,
  ports: readonly ServicePort[],
  node: ProxyNode,
): KernelObjects {
  const { format, text } = naiveModels[mode];
  return countText(format, text(era, ports, node));
}
