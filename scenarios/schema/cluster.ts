/** `spec.cluster`: nodes and node classes, zones, addresses, and how load grows with nodes. */
import { z } from 'zod';
import { cidrText, cores, duration, field, memory, name, share } from './field.ts';
import { proxyChangeSchema } from './proxy.ts';

const chosen = 'chosen by knetsim';

const growth = z.enum(['proportional', 'fixed', 'sqrt']);

const release = () => z.string().min(1).max(20);
const releaseFacts = { allowed: 'a release in quotes, such as "1.34"' };

const pool = z.strictObject({
  name: field(name(), 'Name of the node class'),
  share: field(share(), 'Share of all nodes; the shares of all pools add up to 1', {
    allowed: 'a number from 0 to 1, or a percentage such as 25%',
  }),
  cores: field(cores().default(8), 'CPU cores of a node', { source: `${chosen}: a common size` }),
  podsPerNode: field(z.int().min(1).max(1024).default(110), 'Most pods on a node', {
    source: "the kubelet's maxPods; also the threshold of SIG Scalability, min(110, 10 x cores)",
  }),
  memory: field(memory().default('32Gi'), "Memory of a node; the kernel's own limits follow it", {
    source: `${chosen}: 4 GiB a core, as the general-purpose machines of the large clouds have`,
  }),
  kubernetesVersion: field(
    release().optional(),
    "Release of the nodes' kube-proxy; the control plane is of cluster.kubernetesVersion",
    { ...releaseFacts, default: 'cluster.kubernetesVersion', source: 'cluster.kubernetesVersion' },
  ),
  proxy: field(
    proxyChangeSchema('as in spec.proxy').optional(),
    'Service proxy of these nodes: what is written here is merged over spec.proxy; of another mode, fields that it does not have are left out',
    { default: 'spec.proxy', source: 'spec.proxy' },
  ),
});

const latency = z.strictObject({
  rack: field(duration().default('50us'), 'One way between two nodes of a rack', {
    source: 'assumed: one switch and two network stacks',
  }),
  zone: field(duration().default('100us'), 'One way between two racks of a zone', {
    source: 'assumed: three switches and two network stacks',
  }),
  region: field(duration().default('500us'), 'One way between two zones', {
    source: 'assumed: about 50 km of fibre at 5 us/km, and the switches at both ends',
  }),
  external: field(
    duration().optional(),
    'One way between a client outside the cluster and a node; at least `region`',
    { default: '1ms, or `region` if that is longer', source: 'assumed: a client 200 km away' },
  ),
});

export const clusterSchema = z.strictObject({
  kubernetesVersion: field(
    release().default('1.34'),
    'Kubernetes release; behaviour that changed between releases follows it',
    { ...releaseFacts, source: `${chosen}: it has the runner that has no burst` },
  ),
  nodes: field(z.int().min(1).max(100_000).default(100), 'Nodes at the start of the run', {
    default: '100; with Node objects in the input, their number',
    source: `${chosen}: where the load tests of SIG Scalability start`,
  }),
  zones: field(
    z
      .strictObject({
        count: field(z.int().min(1).max(64).default(3), 'Zones; nodes are spread evenly', {
          default: '3; with Node objects, the number of their zones',
          source: `${chosen}: what the large clouds offer in a region`,
        }),
      })
      .prefault({}),
    'Zones of the cluster',
  ),
  podCIDR: field(
    cidrText().default('10.0.0.0/8'),
    'Addresses of pods; every node gets a part of it',
    {
      source: `${chosen}: 65,536 ranges of /24, enough for every size`,
    },
  ),
  nodeMask: field(z.int().min(8).max(30).default(24), 'Prefix length of the range of one node', {
    source: "kube-controller-manager's --node-cidr-mask-size-ipv4",
  }),
  serviceCIDR: field(
    cidrText().default('172.16.0.0/12'),
    'Addresses of Services; checked, not simulated',
    {
      source: `${chosen}: private, apart from the default pod CIDR`,
    },
  ),
  ipam: field(
    z
      .strictObject({
        mode: field(z.enum(['host-local']).default('host-local'), 'How pods get addresses', {
          source: 'the reference CNI plug-in for a range per node',
        }),
      })
      .prefault({}),
    'Address management',
  ),
  scale: field(
    z
      .union([
        z.enum(['proportional', 'fixed']),
        z.strictObject({
          services: field(
            growth.default('proportional'),
            'Growth of the counts in workload.services',
            {
              source: chosen,
            },
          ),
          churn: field(growth.default('proportional'), 'Growth of workload.churn', {
            source: chosen,
          }),
        }),
      ])
      .default('proportional'),
    'How populations and churn grow with nodes. What is written holds at target.value if target.path is cluster.nodes, else at the unswept cluster.nodes; objects never grow',
    {
      allowed: 'proportional, fixed, or {services, churn} with proportional, fixed or sqrt',
      source: chosen,
    },
  ),
  pools: field(
    z.array(pool).max(50).default([]),
    'Node classes: cores and memory of a node, how many pods it takes, its release and Service proxy',
    {
      default: 'one class of 8 cores, 32Gi and 110 pods; with Node objects, what they have',
      source: chosen,
    },
  ),
  topology: field(
    z
      .strictObject({
        racksPerZone: field(z.int().min(1).max(10_000).default(10), 'Racks of a zone', {
          source: 'assumed',
        }),
        latency: field(latency.prefault({}), 'One-way latencies between nodes'),
      })
      .prefault({}),
    'Racks, and latencies between nodes',
  ),
});
