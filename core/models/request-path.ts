/** What the request path (`core/network/requests.ts`) models and leaves out, for the report. */
export const requestPath = {
  title: 'Request from a pod to a ClusterIP and back',
  models: [
    'One connection a request: SYN, SYN-ACK, request and reply, each with its CPU cost on both nodes',
    'Node CPU: one FIFO station a core, chosen by flow; hot and cold cache by idle time of the core',
    'Waking the receiver; link latency by rack, zone and region',
    'The endpoint as the client node sees it now; whether its address is still its own, at the end',
  ],
  ignores: [
    'NIC and link queues, bandwidth, loss and retransmission; a failed connection is not retried',
    "The application's own time; keepalive, more than one exchange a connection",
    'kube-proxy and other agents taking CPU from packets',
    'Overlays, encryption, NetworkPolicy, conntrack table fill',
  ],
} as const;
