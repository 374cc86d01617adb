/**
 * The proxy modes: one file a mode, one line here. The names of this module are the ids, so the
 * order of the lines means nothing; `registry.ts` looks them up.
 */
export { ebpf } from './ebpf.ts';
export { iptablesLegacy as 'iptables-legacy' } from './iptables-legacy.ts';
export { iptablesNft as 'iptables-nft' } from './iptables-nft.ts';
export { ipvs } from './ipvs.ts';
export { nftables } from './nftables.ts';
