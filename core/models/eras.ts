/**
 * Behaviour that changed between Kubernetes releases, keyed by `cluster.kubernetesVersion`.
 * Sources: fact sheet of the proxy (docs/models/proxy.md), section "version eras". Where no source
 * names the release of a change, the field's comment says which release is assumed.
 */
export interface Era {
  readonly version: string;
  /**
   * kube-proxy's bounded-frequency runner: token bucket of burst 2, or gap after completion.
   * `gap` from 1.34 (kubernetes PR #131615, merged May 2025).
   */
  readonly runner: 'token-bucket' | 'gap';
  /** Beta in 1.27, stable in 1.28; alpha, hence off by default, in 1.26 (KEP-3453). */
  readonly iptablesPartialSync: boolean;
  /**
   * Over 1,000 endpoints: no rule comments, and iptables-save at most once per syncPeriod instead
   * of at every sync. The first release is not recorded; assumed 1.26, as 1.25 may lack it.
   */
  readonly iptablesLargeClusterMode: boolean;
  /**
   * Whether large clusters (over 1,000 endpoints) still make a full sync every hour. No longer from
   * 1.35 on (PR #138571, back-ported to 1.35 and 1.36: the latest patch release is assumed).
   */
  readonly iptablesHourlyFullSyncInLargeClusters: boolean;
  /**
   * Rules in the filter table without any Service: 3 in a test of the 1.26 era, 4 (one more in
   * KUBE-FIREWALL) in one of the 1.33 era. The switch is assumed at 1.27.
   */
  readonly iptablesFilterBaseRules: 3 | 4;
  /**
   * Whether KUBE-FW ends with a rule of its own behind those of the source ranges. A test of the 1.26
   * era counts one rule for one range, one of the 1.33 era two; the reason is not known. The switch
   * is assumed at 1.27, with the filter base.
   */
  readonly iptablesFirewallClosingRule: boolean;
  /**
   * Rules in KUBE-NODEPORTS for each node port while node ports on localhost are on: the second one
   * counts packets (nfacct). In a test of the 1.33 era; the first release is not recorded, assumed
   * 1.33.
   */
  readonly iptablesLocalhostNodePortRules: 1 | 2;
  /** Alpha 1.29, beta 1.31, stable 1.33 (KEP-3866). */
  readonly nftables: 'absent' | 'alpha' | 'beta' | 'stable';
  /** From 1.33 (PR #126013). */
  readonly nftablesPartialSync: boolean;
  /**
   * One chain per endpoint. Up to 1.35; later code has one `dnat ... map` rule per Service. The
   * release is not recorded; assumed 1.36.
   */
  readonly nftablesEndpointChains: boolean;
  /**
   * Endpoints that terminate but still serve take over when none is ready. Stable in 1.28 (KEP-1669);
   * beta, hence on by default, in 1.26 from memory.
   */
  readonly terminatingEndpoints: boolean;
  /**
   * Values of `trafficDistribution` that take effect by default: beta in 1.31, and in 1.34 for the
   * newer names, with which proxies also begin to look at node hints (KEP-4444, KEP-3015).
   */
  readonly trafficDistributions: readonly TrafficDistribution[];
}

export type TrafficDistribution = 'PreferClose' | 'PreferSameZone' | 'PreferSameNode';

const NFTABLES_ALPHA = 29;
const NFTABLES_BETA = 31;
const NFTABLES_STABLE = 33;

function nftablesStage(minor: number): Era['nftables'] {
  if (minor >= NFTABLES_STABLE) return 'stable';
  if (minor >= NFTABLES_BETA) return 'beta';
  return minor >= NFTABLES_ALPHA ? 'alpha' : 'absent';
}

function trafficDistributions(minor: number): readonly TrafficDistribution[] {
  if (minor >= 34) return ['PreferClose', 'PreferSameZone', 'PreferSameNode'];
  return minor >= 31 ? ['PreferClose'] : [];
}

function era(minor: number): Era {
  return {
    version: `1.${minor}`,
    runner: minor >= 34 ? 'gap' : 'token-bucket',
    iptablesPartialSync: minor >= 27,
    iptablesLargeClusterMode: minor >= 26,
    iptablesHourlyFullSyncInLargeClusters: minor < 35,
    iptablesFilterBaseRules: minor >= 27 ? 4 : 3,
    iptablesFirewallClosingRule: minor >= 27,
    iptablesLocalhostNodePortRules: minor >= 33 ? 2 : 1,
    nftables: nftablesStage(minor),
    nftablesPartialSync: minor >= 33,
    nftablesEndpointChains: minor < 36,
    terminatingEndpoints: minor >= 26,
    trafficDistributions: trafficDistributions(minor),
  };
}

/** Known releases, oldest first. */
export const knownVersions: readonly string[] = Array.from({ length: 13 }, (_, i) => `1.${25 + i}`);

/** The table of eras by version, for example `ERAS['1.34']`. */
export const ERAS: Readonly<Record<string, Era>> = Object.fromEntries(
  knownVersions.map((version) => [version, era(Number(version.slice(2)))]),
);

/** The era of a release such as `1.34`; undefined when unknown (see `knownVersions`). */
export function eraOf(version: string): Era | undefined {
  return Object.hasOwn(ERAS, version) ? ERAS[version] : undefined;
}
