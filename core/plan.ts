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
  /** A key of the table of eras, for example `1.34`. */
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
  readonly podsPerNode: number;
}

export interface TopologyPlan {
  readonly zones: number;
  readonly racksPerZone: number;
  /** One-way latencies between two nodes of the same rack, the same zone, two zones. */
  readonly rackLatencyNs: number;
  readonly zoneLatencyNs: number;
  readonly regionLatencyNs: number;
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
  readonly scheduler: ClientLimit;
  readonly kubelet: ClientLimit;
}

export interface ProxyPlan {
  /** Id in the registry of proxy modes, back end included: `iptables-nft`, `ipvs`, ... */
  readonly model: string;
  readonly minSyncPeriodNs: number;
  readonly syncPeriodNs: number;
}

/** Services nobody writes by hand. Each brings one workload that creates its endpoints. */
export interface PopulationPlan {
  readonly name: string;
  /** After scaling to the size of the point. */
  readonly count: number;
  readonly ports: number;
  readonly endpoints: EndpointDistribution;
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
  readonly ports: number;
  /** Headless Services have slices, and kube-proxy programs nothing for them. */
  readonly headless: boolean;
  /** Indices into `Plan.workloads`. */
  readonly workloads: readonly number[];
}

export interface TrafficPlan {
  readonly name: string;
  /** Index into `Plan.services`, index into `Plan.populations`, or every Service alike. */
  readonly to:
    | { readonly kind: 'service'; readonly index: number }
    | { readonly kind: 'population'; readonly index: number }
    | { readonly kind: 'all' };
  /** New connections a second over the whole cluster, spread evenly over the nodes. */
  readonly requestsPerSecond: number;
}

export type ScenarioEventPlan = {
  /** From the end of the warm-up. */
  readonly atNs: number;
  readonly label: string;
} & (
  | { readonly kind: 'rollingUpdate'; readonly workload: number }
  | { readonly kind: 'scale'; readonly workload: number; readonly replicas: number }
  | { readonly kind: 'addNodes'; readonly count: number }
);
