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
  /** Alpha 1.29, beta 1.31, stable 1.33 (KEP-3866). */
  readonly nftables: 'absent' | 'alpha' | 'beta' | 'stable';
  /** From 1.33 (PR #126013). */
  readonly nftablesPartialSync: boolean;
  /**
   * One chain per endpoint. Up to 1.35; later code has one `dnat ... map` rule per Service. The
   * release is not recorded; assumed 1.36.
   */
  readonly nftablesEndpointChains: boolean;
}

const NFTABLES_ALPHA = 29;
const NFTABLES_BETA = 31;
const NFTABLES_STABLE = 33;

function nftablesStage(minor: number): Era['nftables'] {
  if (minor >= NFTABLES_STABLE) return 'stable';
  if (minor >= NFTABLES_BETA) return 'beta';
  return minor >= NFTABLES_ALPHA ? 'alpha' : 'absent';
}

function era(minor: number): Era {
  return {
    version: `1.${minor}`,
    runner: minor >= 34 ? 'gap' : 'token-bucket',
    iptablesPartialSync: minor >= 27,
    iptablesLargeClusterMode: minor >= 26,
    iptablesHourlyFullSyncInLargeClusters: minor < 35,
    iptablesFilterBaseRules: minor >= 27 ? 4 : 3,
    nftables: nftablesStage(minor),
    nftablesPartialSync: minor >= 33,
    nftablesEndpointChains: minor < 36,
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
