/** The kernel models by proxy mode. Both back ends of iptables hold the same rules. */
import { ebpfKernel } from './ebpf.ts';
import { iptablesKernel } from './iptables.ts';
import { ipvsKernel } from './ipvs.ts';
import type { KernelModel } from './kernel-objects.ts';
import { nftablesKernel } from './nftables.ts';
import type { ProxyNode } from './service-port.ts';

export const kernelModes = ['iptables', 'nftables', 'ipvs', 'ebpf'] as const;

export type KernelMode = (typeof kernelModes)[number];

const models: Readonly<Record<KernelMode, KernelModel>> = {
  iptables: iptablesKernel,
  nftables: nftablesKernel,
  ipvs: ipvsKernel,
  ebpf: ebpfKernel,
};

/** What a proxy mode keeps in the kernel. */
export function kernelModel(mode: KernelMode): KernelModel {
  return models[mode];
}

/** What kube-proxy does in a mode when `nodePortAddresses` is not set. */
export function unsetNodePortAddresses(mode: KernelMode): ProxyNode['nodePortAddresses'] {
  return mode === 'nftables' ? 'primary' : 'all';
}
