/** Published figures that no row can hold a prediction against, each with the reason. */
export interface NotUsable {
  readonly figure: string;
  readonly source: string;
  readonly why: string;
}

export const NOT_USABLE: readonly NotUsable[] = [
  {
    figure: 'creating 10,000 Services, nftables: 25 min before, 9 min after partial syncs',
    source: 'kubernetes PR #126013',
    why: 'how fast the test creates Services is not stated, and it bounds both figures',
  },
  {
    figure: 'counts of a partial restore: 46 filter rules, 12,044 nat chains, 38,841 nat rules',
    source: 'kubernetes issue #138073',
    why: 'what changed is solved from these very counts, so nothing is left to predict',
  },
  {
    figure: 'lock time-outs of iptables-restore at 4,000 nodes and 120,000 endpoints',
    source: 'kubernetes issue #48107',
    why: 'a symptom without a figure',
  },
  {
    figure: 'TCP_CRR p99 of 487, 546 and 558 us; TCP_RR p50 and keepalive rate of the overlay',
    source: 'imroc tke-guide, run A',
    why: 'the tail is that of schedulers and a shared network, and overlays are not modelled',
  },
  {
    figure: '65,000 and 130,000 nodes, 1,000 pods/s; 100,000 nodes, 500 pods/s; 7,500 nodes',
    source: 'scale reports of GKE (2025), EKS (2025), OpenAI (2021)',
    why: 'sizes that were supported, not delays; the rate of 500 pods/s is second-hand and is where the constant control-plane.scheduler.service comes from',
  },
  {
    figure: 'adding 5,000 and 20,000 Services in iptables mode: 11 min and 5 h',
    source: 'Huawei, KubeCon EU 2017',
    why: 'not verified: the numbers of the slides could not be read',
  },
  {
    figure: 'xtables-lock errors from about 5,000 Services on',
    source: 'flftuu.com, 2019',
    why: 'waiting for a lock that another process holds is not modelled',
  },
];

/** Constants set from figures that are in no row, by id or by the beginning of ids, and where those are. */
export const SET_ELSEWHERE: Readonly<Record<string, string>> = {
  'proxy.iptables.full.invocations': 'a count from PR #114181',
  'control-plane.scheduler.service': 'the scale reports above',
  'control-plane.endpoint-slice.backoff': 'upstream source',
  'control-plane.endpoint-slice.backoff-max': 'upstream source',
  'control-plane.slice.bytes-fixed': 'arithmetic over field lengths',
  'control-plane.slice.bytes-per-endpoint': 'arithmetic over field lengths',
};
