/**
 * Constants of what interrupts a kube-proxy: how long a restart takes, when watchers come back after
 * an outage, how far behind a watcher may be. No measurement was found for any of them.
 */
import { constant } from '../constant.ts';
import { assumed } from './sources.ts';

export const interruptions = {
  agentRestart: constant({
    id: 'node.agent-restart',
    value: 3e9,
    unit: 'ns',
    range: [0.1e9, 120e9],
    about: "From the end of a node's kube-proxy until the next one asks for its lists",
    source: assumed(
      'no figure found: the kubelet replaces the container, the process starts and connects; image present, no back-off',
    ),
  }),
  watchReconnect: constant({
    id: 'watch.reconnect',
    value: 1e9,
    unit: 'ns',
    range: [0, 60e9],
    about: 'After an outage, the watchers of an apiserver come back spread over so long',
    source: assumed(
      'from memory, client-go: the first back-off of a reflector is 0.8 s, doubled with jitter at each failure up to 30 s',
    ),
  }),
  watchReconnectFixed: constant({
    id: 'watch.reconnect-fixed',
    value: 1e9,
    unit: 'ns',
    range: [0, 60e9],
    about: 'From the end of a watch that the apiserver has closed until its node asks for lists',
    source: assumed('from memory, client-go: the first back-off of a reflector is 0.8 s to 1.6 s'),
  }),
  watchBuffer: constant({
    id: 'watch.buffer',
    value: 1000,
    unit: 'events',
    range: [1, 100e3],
    about: 'Events that may wait for one watcher before the apiserver closes its watch',
    source: assumed(
      'from memory: the apiserver keeps 10 to 1,000 events a watcher, by resource; a socket buffer holds some more',
    ),
  }),
} as const;
