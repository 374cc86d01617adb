/** `spec.traffic`: who opens connections, to what, and how long they stay. */
import { z } from 'zod';
import { duration, field, name, rate } from './field.ts';

const chosen = 'chosen by knetsim';

const trafficRate = z.union([
  z.strictObject({ perNode: field(rate(), 'New connections from every node') }),
  z.strictObject({ total: field(rate(), 'New connections in the whole cluster') }),
  z.strictObject({ perPod: field(rate(), 'New connections for every pod behind the target') }),
]);

const lifetime = z.union([
  duration(),
  z.strictObject({
    distribution: field(z.literal('constant'), 'All alike'),
    value: field(duration(), 'The time'),
  }),
  z.strictObject({
    distribution: field(z.literal('exponential'), 'As likely to end at any moment'),
    mean: field(duration(), 'The mean time'),
  }),
  z.strictObject({
    distribution: field(z.literal('pareto'), 'Many short and few very long ones'),
    min: field(duration(), 'The shortest'),
    p95: field(duration(), 'One in twenty is longer; above `min`'),
  }),
]);

export const trafficSchema = z.strictObject({
  name: field(name(), 'Name'),
  to: field(
    z
      .string()
      .regex(
        /^(\*|(([a-z0-9.-]+\/)?service\/[a-z0-9.-]+)|[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)$/,
      ),
    'Where connections go',
    {
      allowed:
        'service/NAME, NAMESPACE/service/NAME, the name of an entry of workload.services, or "*" for every Service',
    },
  ),
  kind: field(
    z.enum(['service', 'nodePort', 'loadBalancer', 'external']).default('service'),
    'How connections come: service: from pods of all nodes to the cluster IP; nodePort, loadBalancer: from outside; external: by the load balancer, or by node ports where the target has none. Of several Services, those without such an entry get none',
    { source: chosen },
  ),
  protocol: field(
    z.enum(['TCP', 'UDP']).optional(),
    'Protocol of the connections, that of a port of the target',
    { default: "that of the target's first port", source: chosen },
  ),
  connections: field(
    z
      .strictObject({
        lifetime: field(lifetime, 'How long a connection stays open after its first exchange', {
          allowed:
            'a duration such as 30s, {distribution: constant, value}, {distribution: exponential, mean} or {distribution: pareto, min, p95}',
        }),
        usedEvery: field(
          duration().optional(),
          'How often the client uses an open connection. A TCP client then learns only by its next use that its endpoint has gone; without it, at once',
          { default: '1s with UDP, else never', source: chosen },
        ),
      })
      .optional(),
    'What becomes of a connection after its first exchange',
    { default: 'it is closed', source: chosen },
  ),
  rate: field(trafficRate, 'New connections, from all nodes alike', {
    allowed: "{perNode: 2/s}, {total: 100/s} or {perPod: 120/s} (for each of the target's pods)",
  }),
});
