/** What the request path (`core/network/requests.ts`) models and leaves out, for the report. */
export const requestPath = {
  title: 'Request from a pod or from outside to a Service and back',
  models: [
    'One connection a request: SYN, SYN-ACK, request and reply, each with its CPU cost on both nodes',
    'Node CPU: one FIFO station a core, chosen by flow; hot and cold cache by idle time of the core',
    'Waking the receiver; link latency by rack, zone and region',
    'Node ports and load balancers: masquerading, the second hop, direct replies, local policies',
    'Session affinity by node; round robin of IPVS; connections that last, and are reset',
    'Connection tracking: cost by fill, full tables and SNAT ports, SYNs sent again',
    'The endpoint as the client node sees it now; whether its address is still its own, at the end',
  ],
  ignores: [
    'NIC and link queues, bandwidth, loss; a refused connection is not tried again',
    "The application's own time; keepalive, more than one exchange a connection",
    'kube-proxy and other agents taking CPU from packets',
    'Overlays, encryption, NetworkPolicy; CPU time of outside clients',
  ],
} as const;
