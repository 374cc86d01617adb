/** What each code of a diagnostic or warning means: `knetsim explain E203`. */

export interface CodeExplanation {
  readonly code: string;
  readonly title: string;
  /** Why it is refused or warned of, and how to go on. */
  readonly text: string;
}

const explanations: Readonly<Record<string, readonly [title: string, text: string]>> = {
  E101: [
    'the file is not valid YAML',
    'Nothing in the document could be read. Indent with spaces; quote text that holds `: `, ` #`, or starts with a special character.',
  ],
  E102: [
    'a key is given twice',
    'YAML allows a key once in a map. Keep one of the two; nothing is merged silently.',
  ],
  E103: [
    'not exactly one Scenario',
    'A file holds one document with `kind: Scenario`, and any number of Kubernetes objects. Alternatives are `spec.variants`.',
  ],
  E104: [
    'unknown field',
    'Fields nobody reads are errors, because a misspelt field would silently keep its default. `knetsim schema` prints the whole format.',
  ],
  E105: [
    'a required field is missing',
    'The field has no default, because any would be a guess about your question.',
  ],
  E106: [
    'a value of the wrong kind',
    'A list where a map is expected, text where a number is, and so on. `5_000` and `5,000` are text in YAML.',
  ],
  E107: [
    'out of range',
    'The value is of the right kind, and too small or too large to make sense.',
  ],
  E108: ['not one of the allowed values', 'The field takes a fixed list of words.'],
  E109: [
    'a document that does not belong here',
    'Every document is a Scenario or a Kubernetes object with `apiVersion` and `kind`.',
  ],
  E111: [
    'a number without a unit',
    'Times, sizes, rates and bandwidths are written with their unit, so that nobody mistakes milliseconds for seconds.',
  ],
  E112: [
    'not a duration',
    'Durations are those of Go: numbers with ns, us, ms, s, m or h, one after the other: `1m30s`, `200us`. There are no days.',
  ],
  E113: [
    'not a quantity',
    'Cores and memory are Kubernetes quantities: `8`, or `7500m` in thousandths; `32Gi`.',
  ],
  E114: ['not a rate', 'Rates are `120/s`, `30/m` or `6/h`.'],
  E115: ['not a bandwidth', 'Bandwidths are decimal: `1.25GB/s` or `10Gbit/s`.'],
  E116: [
    'not an IPv4 range',
    'Ranges are an address and a prefix length, without host bits: `10.0.0.0/8`.',
  ],
  E117: ['not a share', 'Shares are numbers from 0 to 1, or percentages.'],
  E118: [
    'not a name or reference',
    'Names are letters, digits, `.`, `-` and `_`. References are `deployment/web`, or `shop/deployment/web` where two fit.',
  ],
  E119: [
    'not a field path',
    'Paths start below spec: `cluster.nodes`, `traffic[checkout].rate`, `constants.ID`.',
  ],
  E121: [
    'repetition without end',
    'References with `*name` may not contain themselves, nor repeat more than 100,000 values: a few lines could otherwise fill the memory.',
  ],
  E122: [
    'the file is not readable text',
    'Scenarios and manifests are YAML or JSON in UTF-8, up to 32 MiB; `knetsim reach` reads JSON up to 128 MiB.',
  ],
  E123: [
    'a path leads outside',
    'Paths inside a file stay under the folder of that file, symbolic links included, so that a scenario from elsewhere reads nothing else of yours. `--allow-outside` lifts it.',
  ],
  E124: ['a path leads nowhere', 'Paths inside a file are relative to its folder.'],
  E125: [
    'nothing to read in a folder',
    'Of folders, files that end in .yaml, .yml or .json are read, including those of folders inside.',
  ],
  E126: ['nested too deeply', 'No scenario or manifest needs a hundred levels.'],
  E130: [
    'not modelled in this release',
    'The format has this field, and nothing behind it is simulated yet. It is refused, so that nobody takes a result for an answer about it.',
  ],
  E140: [
    'the API server would refuse this object',
    'A field of a Kubernetes object has a value Kubernetes does not take. Label values are text: quote yes, no, true and numbers.',
  ],
  E141: [
    'an object is given twice',
    'Two objects of one kind, namespace and name cannot both exist.',
  ],
  E142: [
    'a kind or version of the API that is not read',
    'A policy or workload of another version, or whose kind or group is misspelt, is refused rather than left out: the answers would be about a cluster without it.',
  ],
  E143: [
    'an unknown field in a policy or in metadata',
    'kubectl refuses it, and without validation the API server drops it: a rule without the field somebody meant admits or denies something else, and an object without its namespace is in default.',
  ],
  E144: [
    'a peer or subject that is not one thing',
    'A peer of a NetworkPolicy is an ipBlock, or selectors of namespaces and pods; one of a cluster policy has exactly one field. A rule for everybody has no list of peers at all.',
  ],
  E145: [
    'not a range of addresses a policy can name',
    'A range is an address and a prefix length; host bits are allowed and mean nothing. What `except` takes away must be a part of the block, and not all of it.',
  ],
  E146: [
    'not a port a policy can name',
    'Ports are numbers from 1 to 65535, or names of container ports (at most 15 small letters, digits and `-`, with a letter). A range needs numbers, its end not below its start.',
  ],
  E147: [
    'not a label or a label selector',
    'Keys and values have the syntax of labels, keys of annotations that of keys of labels; a value that is left out is not the empty one. In and NotIn need values, Exists and DoesNotExist take none.',
  ],
  E148: [
    'not policyTypes',
    'A list of at most two, of Ingress and Egress. Without it a policy isolates for ingress, and for egress only if it has a rule for it.',
  ],
  E149: [
    'not a name',
    'Namespaces and Services are named with small letters, digits and `-`; other objects may also have `.` in their names.',
  ],
  E150: [
    'not a cluster policy',
    'What the definitions of ClusterNetworkPolicy, AdminNetworkPolicy and BaselineAdminNetworkPolicy require: tier, priority, subject, actions, and how many entries each list takes.',
  ],
  E151: [
    'a Service or EndpointSlice the API server would refuse',
    'Fields that do not go with the type of the Service, ports without names or given twice, and texts that are no address or range. What it would cost in the kernel is a matter of guesses.',
  ],
  E152: [
    'given to two Services',
    'A cluster IP and a port of the nodes belong to one Service. Ports of one Service may share a number if their protocols differ.',
  ],
  E201: [
    'a field of another proxy mode',
    '`proxy.backend` chooses what is behind mode iptables, `failedSyncs` and `conntrack` are of kube-proxy, `socketTranslation` and `externalReplies` of eBPF; nodePortAddresses is refused for ipvs, where nothing here depends on it. A variant, pool or upgrade that changes the mode drops by itself what it inherits and the mode does not have.',
  ],
  E202: ['two of the same name', 'Names are how paths, variants and reports refer to entries.'],
  E203: [
    'pod CIDR too small',
    'Every node gets a range of its own: a pod CIDR of /P holds 2^(nodeMask - P) nodes, at every size that is swept and after every addNodes.',
  ],
  E204: [
    'Service addresses do not fit',
    'The Service CIDR must hold every Service that has a ClusterIP and lie apart from the pod CIDR.',
  ],
  E205: [
    'too many pods',
    'A node holds at most podsPerNode pods, and not more than the addresses of its range less three (network, gateway, broadcast).',
  ],
  E206: [
    'an event at or after the end',
    'Events count from the end of the warm-up, as run.duration does. What an event lasts, or is spread over, must fit too.',
  ],
  E207: [
    'a reference leads nowhere',
    'Events and traffic refer to objects of the scenario, in its stream or in workload.objects, and to entries of workload.services and cluster.pools.',
  ],
  E208: [
    'a reference to the wrong kind',
    'Deployments, StatefulSets and DaemonSets can be rolled; Deployments, StatefulSets and ReplicaSets can be scaled.',
  ],
  E209: ['no such metric', '`knetsim explain METRIC` says what each metric measures.'],
  E210: [
    'an objective that does not fit its metric',
    'Limits are in the unit of the metric; only distributions have quantiles.',
  ],
  E211: [
    'not a field that may vary',
    'What is the same for all points (objectives, seed, replications, sizes, objects) is set once, so that points stay comparable.',
  ],
  E212: [
    'unknown Kubernetes release',
    'Behaviour that changed between releases is looked up by release; an unknown one is not guessed.',
  ],
  E213: [
    'the release does not have this mode',
    'nftables: alpha in 1.29, beta in 1.31, stable in 1.33.',
  ],
  E214: [
    'no such constant',
    'Constants are declared by the models; `knetsim explain model:NAME` lists them.',
  ],
  E215: [
    'a constant out of its range',
    'Outside of its range a constant is a mistake, or the model is not the right one.',
  ],
  E216: ['shares do not add up', 'Every node belongs to exactly one pool.'],
  E217: [
    'a distribution that contradicts itself',
    'min <= max, and median <= p99, median <= max; of a pareto distribution 0 < min < p95.',
  ],
  E218: ['churn without pods', 'Background churn replaces pods that exist.'],
  E219: ['too many points', 'Sweeps multiply. Sweep one thing at a time, or fewer values.'],
  E220: [
    'timers kube-proxy does not take',
    'kube-proxy refuses to start with a syncPeriod of 0, or one that is shorter than its minSyncPeriod.',
  ],
  E221: [
    'outside is nearer than inside',
    'A client outside reaches a node through the network that connects the zones, so it is at least as far as they are from each other.',
  ],
  E222: [
    'an outage of an apiserver that cannot be',
    'Apiservers are numbered from 0 to controlPlane.apiservers - 1. While one is away, the controllers use the others, so there must be another.',
  ],
  E223: [
    'an upgrade that is none',
    'An upgrade restarts the proxies of its nodes as other ones, all as the same. What `to` leaves out stays as it is in the pool, after earlier upgrades of it.',
  ],
  E224: [
    'fields of a Service that do not go together',
    'As the API server has it: externalTrafficPolicy needs an entry from outside, source ranges a load balancer, a timeout sessionAffinity ClientIP.',
  ],
  E225: [
    'connections to what the target does not have',
    'kind: service needs a cluster IP, nodePort a node port (type NodePort or LoadBalancer), loadBalancer an address of a load balancer. Headless Services and ExternalName are names in DNS: nothing is translated for them.',
  ],
  E226: [
    'no port of this protocol',
    'A port of a Service has one protocol; connections of another reach nothing. SCTP is counted in the kernel, and no traffic of it is modelled.',
  ],
  W301: [
    'a selector matches nothing',
    'No workload of the input creates pods with these labels in the namespace, so the Service has no endpoints. That is how it is when an operator creates the pods.',
  ],
  W302: [
    'a targetPort names no port',
    'Kubernetes leaves such pods out of the slice; here they are kept.',
  ],
  W303: [
    'a policy that selects nothing',
    'No pod of the input is in its namespace and has its labels. That is how it is when an operator creates the pods; host-network pods are never selected.',
  ],
  W304: [
    'a peer that matches nothing',
    'No pod of the input is what the selectors of the peer ask for, so the rule admits nobody by it. Without Namespace objects, namespaces have no labels but their name.',
  ],
  W305: [
    'a named port that no pod has',
    'The name of a port is resolved on each destination, and its protocol must agree. Where it is not found, the rule matches no port.',
  ],
  W306: [
    'pods without an address',
    'An ipBlock finds a pod by its address. Workloads, and Pod objects without status.podIP, have none here and are found by no block, not even by 0.0.0.0/0.',
  ],
  W307: [
    'a rule that cannot be evaluated',
    'The API asks that it fails closed: in a rule that accepts it matches nothing, in any other it denies everything.',
  ],
  W308: [
    'a field like one that answers depend on',
    'Fields that nobody here knows are passed over, since releases add some. One that is almost hostNetwork, nodeName, containers, ports or a field of a Service is more likely misspelt, and then it counts for nothing.',
  ],
  W309: [
    'a policy of another product',
    'Policies of Calico, Cilium, Antrea, Istio and others are not read: what they allow or deny is not in the answers.',
  ],
  W310: [
    'two pods with one address',
    'Two running pods outside the network of their nodes cannot have one address. The input seems to be of two clusters, or of two moments.',
  ],
  W312: [
    'a named targetPort that selected pods do not have',
    'The name of a port is resolved on each pod apart. Pods without it are no endpoints of that port.',
  ],
  W313: [
    'an EndpointSlice of no Service',
    'The label kubernetes.io/service-name says whose endpoints they are. Proxies keep nothing for slices without their Service.',
  ],
  W314: [
    'endpoints that are not in the input',
    'A Service without selector gets its endpoints from EndpointSlices that somebody else writes. Without them it is counted as one without endpoints.',
  ],
  W315: [
    'a DaemonSet without nodes',
    'A DaemonSet has a pod on every node. Without Node objects it is counted as one pod, on the node that is asked about.',
  ],
  W501: [
    'a run shorter than the longest timer',
    'Timers start with random phases, so that a run of a tenth of the period sees the timer of a tenth of the nodes: all of it in expectation, and little of it in one run. Make run.duration as long as the timer to see every node.',
  ],
  W502: [
    'beyond what was measured',
    'The costs of the proxy mode were measured up to a size; beyond, they are extrapolated.',
  ],
  W503: [
    'judged below the target',
    '`--set` on the path of the target, or target.gateAt, moved the judgement to another size.',
  ],
  W504: [
    'a field without effect',
    'The field is accepted, and nothing in the models of these variants depends on it. `knetsim explain model:NAME` says what a mode models.',
  ],
  W505: [
    'a constant of a model that does not run',
    'The constant belongs to proxy modes that no variant with this override runs, so it changes nothing.',
  ],
  W506: [
    'more zones than nodes',
    'Nodes are dealt to the zones in turn; zones beyond their number stay empty.',
  ],
  W507: [
    'tables of connections that are still filling',
    'Tables start empty, and closed TCP connections stay in them for 120 s. `conntrackEntries` is read when the run ends: until that time and the length of a connection have passed, it shows too little. Make run.warmup or run.duration longer.',
  ],
};

/** Undefined for an unknown code. */
export function explainCode(code: string): CodeExplanation | undefined {
  const wanted = code.toUpperCase();
  if (!Object.hasOwn(explanations, wanted)) return undefined;
  const [title, text] = explanations[wanted]!;
  return { code: wanted, title, text };
}

/** Every code, in order. */
export function diagnosticCodes(): string[] {
  return Object.keys(explanations).sort();
}
