/**
 * Constants of a pod's life on its node, from binding to Ready and from SIGTERM to a free address.
 * Almost all are assumptions: no trustworthy table of the steps of a pod start was found. They stay
 * inside the pod start-up SLO of 5 s at p99 (SIG Scalability), image pull excluded.
 */
import { constant } from '../constant.ts';
import { assumed, measured } from './sources.ts';

export const podLife = {
  kubeletWatch: constant({
    id: 'pod-life.kubelet.watch',
    value: 10e6,
    unit: 'ns',
    range: [0.5e6, 1e9],
    about: "From a pod's binding or deletion in the apiserver until its kubelet acts on it",
    source: assumed('no figure found; a watch event and the start of a pod worker'),
  }),
  sandbox: constant({
    id: 'pod-life.sandbox',
    value: 300e6,
    unit: 'ns',
    range: [50e6, 5e9],
    about: 'From there until CNI ADD has returned an address',
    source: assumed(
      "the container runtime's part is assumed; the kernel's part was measured: 0.45 to 0.6 ms (7-cni)",
    ),
  }),
  startupMedian: constant({
    id: 'pod-life.startup.median',
    value: 1e9,
    unit: 'ns',
    range: [0.05e9, 60e9],
    about: 'From the address to Ready: containers started, readiness probe passed; median',
    source: assumed('no figure found; inside the 5 s SLO with its images present'),
  }),
  startupP99: constant({
    id: 'pod-life.startup.p99',
    value: 3.5e9,
    unit: 'ns',
    range: [0.05e9, 600e9],
    about: 'The same at the 99th percentile; must exceed the median',
    source: assumed('no figure found; leaves 1.5 s of the 5 s SLO to the stages before'),
  }),
  exitDelay: constant({
    id: 'pod-life.exit-delay',
    value: 100e6,
    unit: 'ns',
    range: [0, 30e9],
    about: 'From SIGTERM (after preStop) until the process no longer accepts connections',
    source: assumed('no figure found; a process that stops at once, without draining'),
  }),
  cniDel: constant({
    id: 'pod-life.cni-del',
    value: 36e6,
    unit: 'ns',
    range: [1e6, 500e6],
    about: 'CNI DEL of a veth pair, asleep nearly all of it (RCU), before the address is free',
    source: measured('7-cni, del_link with 10 and 100 interfaces: 36 ms; 32 to 40 ms'),
  }),
  ipRetry: constant({
    id: 'pod-life.ip-retry',
    value: 10e9,
    unit: 'ns',
    range: [1e9, 120e9],
    about: "Between two attempts to start a pod while the node's address range is exhausted",
    source: assumed('no figure found; of the order of the pod worker back-off of kubelet'),
  }),
} as const;
