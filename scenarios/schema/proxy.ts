/**
 * `spec.proxy`, and the same fields where a pool or an upgrade changes some of them: there nothing
 * has a default, because what is not written is what the cluster or the pool has. Most fields exist in
 * some modes only; the table of modes decides what may be written and what is inherited.
 */
import { z } from 'zod';
import { duration, field, share } from './field.ts';

export const proxyModes = ['iptables', 'ipvs', 'nftables', 'ebpf'] as const;
export type ProxyMode = (typeof proxyModes)[number];

const kubeProxy: readonly ProxyMode[] = ['iptables', 'ipvs', 'nftables'];

/** Fields that are not of every mode. kube-proxy has nodePortAddresses in ipvs, too, without effect here. */
const modesOfField: Readonly<Record<string, readonly ProxyMode[]>> = {
  backend: ['iptables'],
  failedSyncs: kubeProxy,
  localhostNodePorts: ['iptables'],
  nodePortAddresses: ['iptables', 'nftables'],
  conntrack: kubeProxy,
  socketTranslation: ['ebpf'],
  externalReplies: ['ebpf'],
};

/** The modes a field of `proxy` belongs to; undefined for one of all modes. */
export function modesOf(proxyField: string): readonly ProxyMode[] | undefined {
  return Object.hasOwn(modesOfField, proxyField) ? modesOfField[proxyField] : undefined;
}

const configuration = 'KubeProxyConfiguration';

/** @param base what a field that is not written is, where that is not the default of Kubernetes */
function fieldsOfProxy(base?: string) {
  const facts = (value: string, source: string) =>
    base === undefined ? { default: value, source } : { default: base, source: base };
  return {
    backend: field(
      z.enum(['legacy', 'nft']).optional(),
      'Kernel interface behind iptables; only with mode iptables',
      facts('nft (iptables only)', 'distributions since 2019 link iptables to nft'),
    ),
    minSyncPeriod: field(
      duration().optional(),
      'Least time from one sync to the next',
      facts("the mode's own, see knetsim explain model:iptables-nft", configuration),
    ),
    syncPeriod: field(
      duration().optional(),
      'Time to the retry of a failed sync, and of periodic work',
      facts("the mode's own, see knetsim explain model:iptables-nft", configuration),
    ),
    failedSyncs: field(
      share().optional(),
      'Share of syncs that fail: they take their time and change nothing, and the next is a full one; not with mode ebpf',
      facts(
        '0 (kube-proxy only)',
        'no published figure; kube-proxy counts them (sync_proxy_rules_iptables_restore_failures_total)',
      ),
    ),
    localhostNodePorts: field(
      z.boolean().optional(),
      'Node ports on 127.0.0.1 too; only with mode iptables',
      facts('true (iptables only)', `${configuration} iptables.localhostNodePorts`),
    ),
    nodePortAddresses: field(
      z.enum(['all', 'primary']).optional(),
      'Addresses of a node that its node ports are on; only with modes iptables and nftables',
      facts(
        'all with iptables, primary with nftables',
        `${configuration} nodePortAddresses, unset`,
      ),
    ),
    conntrack: field(
      z
        .strictObject({
          maxPerCore: field(
            z.int().min(0).max(1e9).optional(),
            "Entries of the conntrack table for each core; 0 leaves the kernel's own number",
            facts('32768', `${configuration} conntrack`),
          ),
          min: field(
            z.int().min(0).max(1e9).optional(),
            'Least entries of the table, however few cores there are',
            facts('131072', `${configuration} conntrack`),
          ),
          tcpEstablishedTimeout: field(
            duration().optional(),
            'How long the entry of an idle TCP connection stays',
            facts('24h', `${configuration} conntrack`),
          ),
          tcpCloseWaitTimeout: field(
            duration().optional(),
            'How long the entry of a TCP connection stays that only one side has closed',
            facts('1h', `${configuration} conntrack`),
          ),
        })
        .optional(),
      'The connection tracking table that kube-proxy sets up; not with mode ebpf',
      facts('as of its fields', `${configuration} conntrack`),
    ),
    socketTranslation: field(
      z.boolean().optional(),
      'Connections of pods are translated when they are opened, not packet by packet; only with mode ebpf',
      facts('true (ebpf only)', "Cilium's kube-proxy replacement"),
    ),
    externalReplies: field(
      z.enum(['snat', 'dsr', 'hybrid']).optional(),
      'How replies to clients outside go where the endpoint is on another node: back through it (snat), directly (dsr), or directly for TCP only (hybrid); only with mode ebpf',
      facts('snat (ebpf only)', 'Cilium loadBalancer.mode'),
    ),
  };
}

const modeAbout = 'Service proxy';

export const proxySchema = z.strictObject({
  mode: field(z.enum(proxyModes).default('iptables'), modeAbout, {
    source: "kube-proxy's default on Linux",
  }),
  ...fieldsOfProxy(),
});

/** What a pool or an upgrade changes. */
export function proxyChangeSchema(base: string) {
  return z.strictObject({
    mode: field(z.enum(proxyModes).optional(), modeAbout, { default: base, source: base }),
    ...fieldsOfProxy(base),
  });
}

export type ProxySpec = z.output<typeof proxySchema>;
