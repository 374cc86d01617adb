/** `spec.cluster`: nodes and node classes, zones, addresses, and how load grows with nodes. */
import { z } from 'zod';
import { cidrText, cores, duration, field, name, share } from './field.ts';

const chosen = 'chosen by knetsim';

const growth = z.enum(['proportional', 'fixed', 'sqrt']);

const pool = z.strictObject({
  name: field(name(), 'Name of the node class'),
  share: field(share(), 'Share of all nodes; the shares of all pools add up to 1', {
    allowed: 'a number from 0 to 1, or a percentage such as 25%',
  }),
  cores: field(cores().default(8), 'CPU cores of a node', { source: `${chosen}: a common size` }),
  podsPerNode: field(z.int().min(1).max(1024).default(110), 'Most pods on a node', {
    source: "the kubelet's maxPods; also the threshold of SIG Scalability, min(110, 10 x cores)",
  }),
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
});

export const clusterSchema = z.strictObject({
  kubernetesVersion: field(
    z.string().min(1).max(20).default('1.34'),
    'Kubernetes release; behaviour that changed between releases follows it',
    {
      allowed: 'a release in quotes, such as "1.34"',
      source: `${chosen}: it has the runner that has no burst`,
    },
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
    'Node classes: how many CPU cores a node has, and how many pods it takes',
    {
      default: 'one class of 8 cores and 110 pods; with Node objects, what they can allocate',
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
