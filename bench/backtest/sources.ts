/**
 * Where the figures of the ledger come from. `holds` says what a source reports; a source whose
 * figures cannot be used is in `not-usable.ts`.
 */
export const SOURCES = {
  'nftables-blog':
    'Kubernetes blog, 2025-02-28, nftables mode: chart of first-packet latency, read to 2 us',
  tigera: 'Tigera blog, kube-proxy modes: charts of round trips, read to 0.03 ms',
  'kep-3453':
    'KEP-3453, 5,000-node scale test; p50 from the text, p90 and p99 from a chart, to 2 s',
  'blog-2019': 'flftuu.com, 2019-11-01, 500 nodes of 2 cores and 4 GB; one author',
  imroc:
    'imroc tke-guide, Cilium benchmark, run A: Kubernetes 1.34.1, kernel 6.6, 3 nodes of 4 cores',
  'pr-126013': "kubernetes PR #126013, the author's test: 10,000 Services of 2 endpoints",
  'issue-139513': 'kubernetes issue #139513: 1.36.1, 44,125 Services, 44,152 endpoints',
  'issue-96018': 'kubernetes issue #96018: restore of 695,992 lines on iptables-nft',
  'issue-138073': 'kubernetes issue #138073: 3,595 Services, 138,792 endpoints, 2026',
  'issue-73382': 'kubernetes issue #73382: ipvs, about 4,000 endpoints',
  'issue-55975': 'kubernetes issue #55975: ipvs, 30,000 externalIPs',
  'kep-752': 'KEP-752, calculated table: 20,000 endpoints on 5,000 nodes',
  'slice-arithmetic': 'arithmetic over field lengths that slice sizes were set from, 2026',
  'upstream-tests': 'TestNumberIptablesRules of kubernetes 1.26 (2022)',
  '1-baseline': 'kernel measurements, 1-baseline: paths without netfilter',
  '2-svc': 'kernel measurements, 2-svc: first, middle and last of S Services, iptables',
  '3-svc': 'kernel measurements, 3-svc: the same, nftables',
  '2-sweep': 'kernel measurements, 2-sweep: places in one chain',
  '2-esweep': 'kernel measurements, 2-esweep: endpoints of one Service',
  '3b-ebpf-svc': 'kernel measurements, 3b-ebpf-svc: a program at tcx',
  '4-prog, E=2': 'kernel measurements, 4-prog: programming, 2 endpoints a Service',
  '4-prog, E=10': 'kernel measurements, 4-prog: programming, 10 endpoints a Service',
  '4-prog, text': 'kernel measurements, points that only their text has',
  '8-etcd': 'kernel measurements, 8-etcd: etcd 3.4.23 through its JSON gateway, and watchers',
} as const;

export type SourceId = keyof typeof SOURCES;
