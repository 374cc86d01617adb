/**
 * The plain-language names of metrics, stages, series columns and swept paths. What is not listed
 * is printed under its own id, so a new metric appears in the report without a change here.
 */
import type { VerdictWord } from '../core/results.ts';
import { formatCount } from './format.ts';

/** As they stand inside a sentence. */
const metrics: Readonly<Record<string, string>> = {
  networkProgramming: 'network programming latency',
  'networkProgramming.sli': 'network programming latency as the SLI counts it',
  endpointConvergence: 'convergence time to the last node',
  proxySync: 'duration of one proxy sync',
  nodeNetworkReady: 'time until a new node has its rules',
  agentRestartGap: 'blind time after an agent restart',
  policyProgramming: 'policy programming latency',
  policyConvergence: 'time until the last node enforces a policy',
  enforcementGap: 'time a pod runs unprotected',
  podStartup: 'pod start-up time',
  'firstPacket.proxy': 'proxy share of a first packet',
  'firstPacket.policy': 'policy share of a first packet',
  'established.proxy': 'proxy share of a later packet',
  'established.policy': 'policy share of a later packet',
  'request.intraNode': 'request latency within a node',
  'request.crossNode': 'request latency between nodes',
  'request.crossZone': 'requests that leave their zone',
  'request.clusterIP': 'request latency through a ClusterIP',
  'request.nodePort': 'request latency through a NodePort',
  'request.loadBalancer': 'request latency through a load balancer',
  'request.external': 'request latency from outside',
  misdelivered: 'requests delivered to the wrong pod',
  deadEndpoint: 'requests sent to a pod that is gone',
  wrongAllow: 'packets allowed against policy',
  wrongDeny: 'packets denied against policy',
  conntrackEntries: 'entries in one node’s connection tracking table',
  conntrackLargest: 'most entries one node’s table ever held',
  conntrackDropped: 'new connections dropped at full tables',
  snatPortsExhausted: 'masqueraded connections without a source port',
  'request.failed': 'requests failed',
  'packets.dropped': 'packets dropped',
  ipReuseAge: 'age of an address when it is reused',
  ipPoolUsed: 'pod addresses in use',
  ipAllocationFailed: 'pods left without an address',
  kernelRules: 'rules or entries in one node’s kernel',
  kernelMemory: 'kernel memory for one node’s rules',
  'node.proxyCpu': 'proxy CPU on one node',
  'node.policyCpu': 'policy agent CPU on one node',
  'node.softirqCpu': 'packet processing CPU on one node',
  'node.proxyMemory': 'proxy memory on one node',
  'fleet.proxyCpu': 'proxy CPU over all nodes',
  'fleet.proxyMemory': 'proxy memory over all nodes',
  'fleet.kernelMemory': 'kernel memory for rules over all nodes',
  'apiserver.egressBytes': 'watch traffic out of all apiservers',
  'apiserver.watchEvents': 'watch events sent by all apiservers',
  'apiserver.utilisation': 'utilisation of the busiest apiserver by watchers',
  'controller.utilisation': 'utilisation of the EndpointSlice controller',
  'etcd.writes': 'writes to etcd',
};

/** Name of a metric; `request.failed.timeout` reads `requests failed (timeout)`. */
export function metricName(id: string): string {
  const known = metrics[id];
  if (known !== undefined) return known;
  const parent = Object.keys(metrics).find((key) => id.startsWith(`${key}.`));
  return parent === undefined ? id : `${metrics[parent]} (${id.slice(parent.length + 1)})`;
}

/** The pipeline, in order, with what happens in each stage. */
export const stages: readonly { readonly id: string; readonly name: string }[] = [
  { id: 'kubelet', name: 'kubelet reports the pod' },
  { id: 'controllerQueue', name: 'slice controller: queued' },
  { id: 'controllerWrite', name: 'slice controller: writing' },
  { id: 'apiserver', name: 'apiserver stores it' },
  { id: 'fanout', name: 'watch fan-out to nodes' },
  { id: 'proxyWait', name: 'proxy waits to sync' },
  { id: 'syncBuild', name: 'proxy builds the rules' },
  { id: 'kernel', name: 'kernel takes the rules' },
];

/** Stages of a table in pipeline order; unknown ones follow under their own names. */
export function stagesOf(ids: readonly string[]): { id: string; name: string }[] {
  const known = stages.filter((stage) => ids.includes(stage.id));
  const others = ids.filter((id) => !stages.some((stage) => stage.id === id));
  return [...known, ...others.map((id) => ({ id, name: words(id) }))];
}

/** `podChanges` reads `pod changes`. */
export function words(id: string): string {
  return id.replace(/([a-z0-9])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
}

/** What a quantile is called: `p99`, `p99.9`. */
export function quantileName(quantile: number): string {
  return `p${Number((quantile * 100).toPrecision(6))}`;
}

/** What an SLO reads: `p99 of pod start-up time`, its mean, or a metric that is one number. */
export function subjectName(
  metric: string,
  quantile: number | undefined,
  kind: string | undefined,
): string {
  if (quantile !== undefined) return `${quantileName(quantile)} of ${metricName(metric)}`;
  return kind === 'distribution' ? `mean ${metricName(metric)}` : metricName(metric);
}

/** The first letter large, for headings and table cells; `p99` stays as it is. */
export function capital(text: string): string {
  return /^p\d/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

/** What a swept path counts: `nodes` for `cluster.nodes`, else its last segment. */
export function axisName(path: string): string {
  return path === 'cluster.nodes' ? 'nodes' : words(path.split('.').at(-1) ?? path);
}

/** A size with its noun: `5 000 nodes`, `min sync period 2`. */
export function sizeName(value: number, path: string): string {
  const text = Number.isInteger(value) ? formatCount(value) : String(value);
  return path === 'cluster.nodes'
    ? `${text} ${value === 1 ? 'node' : 'nodes'}`
    : `${axisName(path)} ${text}`;
}

/** `100 and 1 000 nodes`: several sizes with one noun. */
export function sizeNames(values: readonly number[], path: string): string {
  if (path !== 'cluster.nodes') return listed(values.map((value) => sizeName(value, path)));
  const last = values.at(-1);
  if (last === undefined) return '';
  return listed([...values.slice(0, -1).map(formatCount), sizeName(last, path)]);
}

/** Words and shapes of a verdict; colour comes from the class of the same name. */
export const verdicts: Readonly<Record<VerdictWord | 'none', { word: string; shape: string }>> = {
  holds: { word: 'holds', shape: '✔' },
  fails: { word: 'fails', shape: '✘' },
  inconclusive: { word: 'inconclusive', shape: '?' },
  none: { word: 'not judged', shape: '–' },
};

/** `1 point`, `2 points`. */
export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
