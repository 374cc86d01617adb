/**
 * Fields of the format that this release refuses, because nothing behind them is modelled yet. They
 * are named, so that nobody takes them for a typing error and nobody believes they were simulated.
 */

export interface UnmodelledField {
  /** Below the document; `[]` stands for any element of a list. */
  readonly path: string;
  readonly instead: string;
}

export const unmodelledFields: readonly UnmodelledField[] = [
  { path: 'spec.cni', instead: 'remove it; choose the Service proxy with spec.proxy.mode' },
  { path: 'spec.policy', instead: 'remove it; NetworkPolicy objects are listed, not enforced' },
  { path: 'spec.mesh', instead: 'remove it' },
  { path: 'spec.dns', instead: 'remove it' },
  { path: 'spec.sensitivity', instead: 'use spec.sweep over the same path' },
  { path: 'spec.calibration', instead: 'override constants by id in spec.constants' },
  {
    path: 'spec.cluster.from',
    instead: 'list files of Kubernetes objects in spec.workload.objects',
  },
  { path: 'spec.cluster.scale.policies', instead: 'remove it' },
  {
    path: 'spec.cluster.ipam.cooldown',
    instead: 'remove it; host-local reuses the oldest free address',
  },
  { path: 'spec.cluster.pools[].nic', instead: 'remove it' },
  { path: 'spec.cluster.pools[].kernel', instead: 'remove it' },
  { path: 'spec.cluster.pools[].labels', instead: 'remove it' },
  { path: 'spec.cluster.topology.bandwidth', instead: 'remove it; links have latency only' },
  { path: 'spec.workload.policies', instead: 'remove it' },
  { path: 'spec.workload.trace', instead: 'use spec.workload.churn' },
  { path: 'spec.traffic[].from', instead: 'remove it; connections come from all nodes alike' },
  { path: 'spec.traffic[].flowSize', instead: 'remove it; a connection has one exchange' },
  { path: 'spec.events[].zoneFailure', instead: 'use rollingUpdate, scale or addNodes' },
  { path: 'spec.events[].nodeFailure', instead: 'use rollingUpdate, scale or addNodes' },
  { path: 'spec.events[].drain', instead: 'use rollingUpdate, scale or addNodes' },
  { path: 'spec.events[].policyRollout', instead: 'use rollingUpdate, scale or addNodes' },
  { path: 'spec.run.replications.max', instead: 'write the number: replications: 20' },
  { path: 'spec.run.replications.until', instead: 'write the number: replications: 20' },
];

/** `spec.cluster.ipam.mode: calico` and the like: values of the format that are not modelled yet. */
export const unmodelledValues: readonly {
  path: string;
  values: readonly string[];
  instead: string;
}[] = [
  {
    path: 'spec.cluster.ipam.mode',
    values: ['calico', 'cilium', 'aws-vpc'],
    instead: 'use host-local',
  },
  {
    path: 'spec.traffic[].kind',
    values: ['pod', 'intraPod'],
    instead: 'use service, nodePort, loadBalancer or external',
  },
];

const byPath = new Map(unmodelledFields.map((entry) => [entry.path, entry]));

export function unmodelledField(path: string): UnmodelledField | undefined {
  return byPath.get(path);
}
