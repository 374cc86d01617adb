/**
 * Constants of a node's data path that no proxy or policy owns. Everything on the path of a packet
 * has a hot and a cold cost, a factor of 3 to 4 apart; the mix follows the memory the core touched
 * since its last packet, from half of the L2 cache (hot) to twice of it (cold).
 */
import { constant } from '../constant.ts';
import { assumed, derived, measured, published } from './sources.ts';

export const dataplane = {
  directVethHot: constant({
    id: 'dataplane.direct-veth.hot',
    value: 826,
    unit: 'ns',
    range: [400, 2000],
    about: 'One UDP packet, one way, over a veth pair without netfilter, hot cache',
    source: measured('1-baseline: 800, 790, 887 ns in three runs'),
  }),
  directVethCold: constant({
    id: 'dataplane.direct-veth.cold',
    value: 2890,
    unit: 'ns',
    range: [1500, 8000],
    about: 'The same after 4 MB were touched',
    source: measured('1-baseline: 3034, 2770, 2865 ns in three runs'),
  }),
  routedHopHot: constant({
    id: 'dataplane.routed-hop.hot',
    value: 250,
    unit: 'ns/hop',
    range: [100, 1000],
    about: 'Forwarding in a network namespace and one more veth pair, hot cache',
    source: measured('1-baseline: 241, 240, 270 ns in three runs'),
  }),
  routedHopCold: constant({
    id: 'dataplane.routed-hop.cold',
    value: 909,
    unit: 'ns/hop',
    range: [400, 3000],
    about: 'The same after 4 MB were touched',
    source: measured('1-baseline: 1017, 902, 809 ns in three runs'),
  }),
  wakeUp: constant({
    id: 'dataplane.wake-up',
    value: 36.7e3,
    unit: 'ns',
    range: [1e3, 100e3],
    about: 'Waking a receiver that sleeps on another, idle core',
    source: derived(
      '1-rtt2: (78 us blocking - 4.6 us spinning) / 2 wake-ups, in a virtual machine; 19 us with busy cores',
    ),
  }),
  initialRto: constant({
    id: 'dataplane.tcp.initial-rto',
    value: 1,
    unit: 's',
    range: [0.2, 3],
    about:
      'How long a client waits for the answer to a SYN before it sends another; then twice as long',
    source: published('RFC 6298, 2.1', 'TCP without a measured round trip'),
  }),
  synRetries: constant({
    id: 'dataplane.tcp.syn-retries',
    value: 6,
    unit: 'count',
    range: [0, 10],
    about: 'SYNs a client sends again before its connection fails',
    source: assumed("net.ipv4.tcp_syn_retries, Linux's default, from memory"),
  }),
  l2Bytes: constant({
    id: 'dataplane.l2.bytes',
    value: 2 * 1024 * 1024,
    unit: 'bytes',
    range: [256 * 1024, 16 * 1024 * 1024],
    about: "A core's L2 cache: decides between hot and cold",
    source: measured('2-cachepressure: hot up to 1 MB touched, cold from 4 MB on; 2 MiB by CPU id'),
  }),
  touchRate: constant({
    id: 'dataplane.touch-rate',
    value: 1e9,
    unit: 'bytes/s',
    range: [1e6, 20e9],
    about: "Memory that a core's other work touches between two packets",
    source: assumed('no figure found; a busy application reads a few GB/s, an idle core nothing'),
  }),
} as const;
