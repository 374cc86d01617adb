/**
 * The event kinds of the network models. `dispatch.ts` has the one switch over them; the comment
 * says which logical process handles it and what the integer arguments are.
 */
export const EventKind = {
  // Control plane.
  /** A workload controller's create request goes out: (pod, -). */
  CreateRequest: 0,
  /** (pod, -) */
  CreateCommit: 1,
  /** (pod, -) */
  PodAtScheduler: 2,
  /** The scheduler binds, or tries again to: (pod, -). */
  BindRequest: 3,
  /** (pod, -) */
  DeleteRequest: 4,
  /** (pod, -) */
  DeleteCommit: 5,
  /** A kubelet's request reaches the apiserver: (pod, status request). */
  StatusArrived: 6,
  /** Controllers' informers know: (pod, -). */
  ReadyKnown: 7,
  TerminatingKnown: 8,
  ObjectGone: 9,
  GoneKnown: 10,
  /** Next background deletion: (-, -). */
  Churn: 11,
  /** A delayed add to the work queue is due: (Service, -). */
  QueueDue: 12,
  /** A worker is ready to send its next write: (worker, -). */
  WriteReady: 13,
  /** The write's request reaches the apiserver: (worker, -). */
  WriteRequest: 14,
  /** (worker, -) */
  WriteCommit: 15,
  /** An event of the scenario: (index, -). */
  Scenario: 16,
  // Zones.
  /** The zone's kube-proxies catch up with the log. */
  ZoneAdvance: 17,
  // Nodes.
  /** (pod, -) */
  PodAssigned: 18,
  /** The CNI plugin asks for an address: (pod, -). */
  AddressRequest: 19,
  /** (pod, -) */
  PodReady: 20,
  /** The status manager is free again. */
  StatusDone: 21,
  /** (pod, -) */
  PodDelete: 22,
  /** The container's process has ended: (pod, -). */
  ProcessEnd: 23,
  /** CNI DEL is done: (pod, -). */
  AddressFree: 24,
  /** A node's kube-proxy has its lists: (number of the request, -). */
  ProxyListed: 25,
  // Requests, at the client's or the backend's node.
  /** Next request of a traffic entry: (entry, -). */
  RequestStart: 26,
  /** SYN at the backend: (slot, pod and how to answer). */
  SynAtBackend: 27,
  /** SYN-ACK at the client: (slot, -). */
  SynAckAtClient: 28,
  /** The woken client sends its request: (slot, -). */
  RequestSend: 29,
  /** (slot, pod and how to answer) */
  RequestAtBackend: 30,
  /** The woken server sends its reply: (slot, pod and how to answer). */
  ReplySend: 31,
  /** (slot, number of the connection if it stays open, else -1) */
  ReplyAtClient: 32,
  /** The client learns that the connection failed: (slot, cause). */
  FailureAtClient: 33,
  /** A load balancer tries this node: (entry, place of the Service and tries). */
  RequestBalanced: 38,
  /** A UDP flow's first packet at the backend: (slot, pod and how to answer). */
  DatagramAtBackend: 39,
  /** At the client: the backend's node has dropped the SYN: (slot, -). */
  SynLost: 40,
  /** The client sends its SYN again: (slot, -). */
  SynAgain: 41,
  /** At the client: the lifetime of its connection is over: (slot, -). */
  ConnectionClose: 42,
  /** At the backend: the client has closed: (slot, connection). */
  ConnectionClosed: 43,
  /** At the client: the endpoint's process has ended: (slot, connection). */
  ConnectionReset: 44,
  /** The client uses a connection whose endpoint has ended: (slot, number of its flow). */
  ConnectionUse: 45,
  /** At the backend: a packet for an endpoint that has ended: (slot, pod and how to answer). */
  StaleAtBackend: 46,
  // Interruptions of kube-proxies.
  /** A node's request for lists reaches its apiserver, at the control plane: (node, number). */
  ListRequest: 34,
  /** A node is told to restart its proxy: (its new class or -1 for the same, -). */
  AgentStop: 35,
  /** A node's apiserver is gone, at the node: (index of the scenario's event, -). */
  WatchBroken: 36,
  /** A slow node might be too far behind, at the node: (write, -). */
  WatchCheck: 37,
} as const;
export type EventKind = (typeof EventKind)[keyof typeof EventKind];
