/**
 * The plan: everything one simulated point needs, as plain data. `scenarios/` resolves a scenario
 * file into plans; workers receive a plan, compile their own world from it and return a cell.
 * Times are integer nanoseconds, sizes bytes, rates per second. Nothing in a plan is optional by
 * accident: defaults were applied, and are listed with their sources, before a plan exists.
 */

export interface Plan {
  /** metadata.name of the scenario. */
  readonly scenario: string;
  /** Variant name; `default` when the scenario has no variants. */
  readonly variant: string;
  /** Values of the swept paths, for example `{ "cluster.nodes": 500 }`. */
  readonly at: Readonly<Record<string, number | string | boolean>>;
  /** Root of every random stream's name. Never depends on the variant (common random numbers). */
  readonly seed: string;
  /** A key of the table of eras, for example `1.34`; of pools without one of their own, too. */
  readonly kubernetesVersion: string;
  readonly warmUpNs: number;
  /** Length of the measured window, after the warm-up. */
  readonly horizonNs: number;
  /** How long to go on after the window for changes still being programmed. */
  readonly drainNs: number;
  readonly cluster: ClusterPlan;
  readonly controlPlane: ControlPlanePlan;
  readonly proxy: ProxyPlan;
  /** Overridden constants by id, in the unit of their declaration. */
  readonly constants: Readonly<Record<string, number>>;
  readonly populations: readonly PopulationPlan[];
  readonly workloads: readonly WorkloadPlan[];
  readonly services: readonly ServicePlan[];
  /** Background churn: creations plus deletions a second, over the whole cluster. */
  readonly podChangesPerSecond: number;
  readonly traffic: readonly TrafficPlan[];
  readonly events: readonly ScenarioEventPlan[];
}

export interface ClusterPlan {
  /** Nodes at the start of the run. */
  readonly nodes: number;
  readonly pools: readonly PoolPlan[];
  readonly topology: TopologyPlan;
  /** First address of the pod network as an unsigned 32-bit integer, and its prefix length. */
  readonly podCidrBase: number;
  readonly podCidrBits: number;
  /** Prefix length of one node's podCIDR. */
  readonly nodeMaskBits: number;
}

/** A node class. Shares are resolved to counts; counts add up to `cluster.nodes`. */
export interface PoolPlan {
  readonly name: string;
  readonly nodes: number;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly podsPerNode: number;
  /** Null: as the cluster's, `Plan.kubernetesVersion` and `Plan.proxy`. */
  readonly agent: AgentPlan | null;
}

/** What a node's kube-proxy is: its release, a key of the table of eras, and its configuration. */
export interface AgentPlan {
  readonly kubernetesVersion: string;
  readonly proxy: ProxyPlan;
}

export interface TopologyPlan {
  readonly zones: number;
  readonly racksPerZone: number;
  /** One-way latencies between two nodes of the same rack, the same zone, two zones. */
  readonly rackLatencyNs: number;
  readonly zoneLatencyNs: number;
  readonly regionLatencyNs: number;
  /** Between an outside client and any node; at least the region latency. */
  readonly externalLatencyNs: number;
}

export interface ClientLimit {
  readonly qps: number;
  readonly burst: number;
}

export interface ControlPlanePlan {
  readonly apiservers: number;
  /** The client limit of each controller of kube-controller-manager. */
  readonly controllerManager: ClientLimit;
  readonly endpointSlice: {
    readonly maxEndpoints: number;
    readonly batchPeriodNs: number;
    readonly concurrentSyncs: number;
  };
  /** Egress bandwidth for watch events, of each apiserver. */
  readonly fanoutBytesPerSecond: number;
  /** Nodes, as a share of all, whose watch has so little bandwidth; share 0 when all keep up. */
  readonly slowWatchers: { readonly share: number; readonly bytesPerSecond: number };
  readonly scheduler: ClientLimit;
  readonly kubelet: ClientLimit;
}

export interface ProxyPlan {
  /** Id in the registry of proxy modes, back end included: `iptables-nft`, `ipvs`, ... */
  readonly model: string;
  readonly minSyncPeriodNs: number;
  readonly syncPeriodNs: number;
  /** Share of syncs that fail, 0 to 1; 0 for agents that program entry by entry. */
  readonly failedSyncs: number;
  /** `iptables.localhostNodePorts`, and whether node ports are on every address of the node. */
  readonly localhostNodePorts: boolean;
  readonly nodePortAddresses: 'all' | 'primary';
  readonly conntrack: ConntrackPlan;
  /** Of eBPF agents: connections of pods are translated in connect(), not packet by packet. */
  readonly socketTranslation: boolean;
  /** Of eBPF agents: how replies to outside clients go when the endpoint is on another node. */
  readonly externalReplies: 'snat' | 'dsr' | 'hybrid';
}

/** kube-proxy's `conntrack` configuration. */
export interface ConntrackPlan {
  /** nf_conntrack_max = max(maxPerCore x cores, min); maxPerCore 0 leaves the kernel's own. */
  readonly maxPerCore: number;
  readonly min: number;
  readonly tcpEstablishedTimeoutNs: number;
  readonly tcpCloseWaitTimeoutNs: number;
}

/** Services nobody writes by hand. Each brings one workload that creates its endpoints. */
export interface PopulationPlan {
  readonly name: string;
  /** After scaling to the size of the point. */
  readonly count: number;
  readonly ports: readonly ServicePortPlan[];
  readonly endpoints: EndpointDistribution;
}

/** One port of a Service: what decides which objects stand in a kernel for it. */
export interface ServicePortPlan {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly nodePort: boolean;
  readonly externalIPs: number;
  readonly loadBalancerIPs: number;
  readonly sourceRanges: number;
  readonly healthCheckNodePort: boolean;
  /** sessionAffinity ClientIP: how long; 0 without. */
  readonly affinityNs: number;
  readonly internalPolicy: 'Cluster' | 'Local';
  readonly externalPolicy: 'Cluster' | 'Local';
  /** spec.trafficDistribution of the Service; null: endpoints get no hints. */
  readonly trafficDistribution: 'PreferClose' | 'PreferSameZone' | 'PreferSameNode' | null;
}

export type EndpointDistribution =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly min: number; readonly max: number }
  | {
      readonly kind: 'lognormal';
      readonly median: number;
      readonly p99: number;
      readonly max: number;
    };

export interface WorkloadPlan {
  readonly namespace: string;
  readonly name: string;
  /** Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, Pod, ... as written. */
  readonly kind: string;
  /** Ignored for a DaemonSet, which has one pod a node. */
  readonly replicas: number;
  readonly perNode: boolean;
  /** Pods, already rounded the way Kubernetes rounds percentages (surge up, unavailable down). */
  readonly maxSurge: number;
  readonly maxUnavailable: number;
  readonly terminationGraceNs: number;
  readonly preStopNs: number;
}

export interface ServicePlan {
  readonly namespace: string;
  readonly name: string;
  /** What kube-proxy programs; empty for headless Services. */
  readonly ports: readonly ServicePortPlan[];
  /** Headless Services have slices, and kube-proxy programs nothing for them. */
  readonly headless: boolean;
  /** Indices into `Plan.workloads`. */
  readonly workloads: readonly number[];
  /** Bytes of its EndpointSlices by the names in them, hints included; null: names of usual length. */
  readonly slices: { readonly bytesFixed: number; readonly bytesPerEndpoint: number } | null;
}

export interface TrafficPlan {
  readonly name: string;
  /** Index into `Plan.services`, index into `Plan.populations`, or every Service alike. */
  readonly to:
    | { readonly kind: 'service'; readonly index: number }
    | { readonly kind: 'population'; readonly index: number }
    | { readonly kind: 'all' };
  /**
   * How connections come: to the cluster IP from pods of every node, or from outside, to a node port
   * or a load balancer's address, at every node alike that takes them.
   */
  readonly kind: 'clusterIP' | 'nodePort' | 'loadBalancer';
  readonly protocol: 'TCP' | 'UDP';
  /** New connections a second over the whole cluster, spread evenly over the nodes. */
  readonly requestsPerSecond: number;
  /** How long a connection stays open after its first exchange; null: it is closed at once. */
  readonly lifetime: LifetimeDistribution | null;
  /**
   * How often the client uses a connection that stays open. Null: never, but it notices at once when
   * the endpoint closes it; not with UDP.
   */
  readonly usedEveryNs: number | null;
}

export type LifetimeDistribution =
  | { readonly kind: 'constant'; readonly ns: number }
  | { readonly kind: 'exponential'; readonly meanNs: number }
  | { readonly kind: 'pareto'; readonly minNs: number; readonly p95Ns: number };

export type ScenarioEventPlan = {
  /** From the end of the warm-up. */
  readonly atNs: number;
  readonly label: string;
} & (
  | { readonly kind: 'rollingUpdate'; readonly workload: number }
  | { readonly kind: 'scale'; readonly workload: number; readonly replicas: number }
  | { readonly kind: 'addNodes'; readonly count: number }
  | ({ readonly kind: 'restartAgents' } & AgentSelection)
  /** The chosen nodes' proxies restart one after another as `agent`: a rolling upgrade. */
  | ({ readonly kind: 'changeAgents'; readonly agent: AgentPlan } & AgentSelection)
  | { readonly kind: 'apiserverOutage'; readonly apiserver: number; readonly forNs: number }
);

/** The first `count` nodes of a pool (null: of the cluster), the i-th at `atNs + overNs * i / count`. */
export interface AgentSelection {
  readonly pool: number | null;
  readonly count: number;
  readonly overNs: number;
}
