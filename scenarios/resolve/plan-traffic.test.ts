import { describe, expect, it } from 'vitest';
import { PLAIN_PORT } from '../../core/plain-plans.ts';
import { deployment, experimentOf, service } from '../testing/load-text.ts';

const planOf = (spec: object, documents = '') =>
  experimentOf(`spec: ${JSON.stringify(spec)}\n${documents}`).points[0]!.plan;
const population = (more: object) => ({
  name: 'app',
  count: 2,
  endpoints: { constant: 2 },
  ...more,
});
const portsOf = (more: object) =>
  planOf({ workload: { services: [population(more)] } }).populations[0]!.ports;

describe('Services of a population', () => {
  it('have the ports of their type, all alike', () => {
    expect(portsOf({ ports: 2 })).toEqual([PLAIN_PORT, PLAIN_PORT]);
    expect(portsOf({ type: 'NodePort', protocol: 'UDP', externalIPs: 1 })).toEqual([
      { ...PLAIN_PORT, nodePort: true, protocol: 'UDP', externalIPs: 1 },
    ]);
    const local = { type: 'LoadBalancer', externalTrafficPolicy: 'Local' };
    expect(portsOf({ ...local, loadBalancerSourceRanges: 3 })).toEqual([
      {
        ...PLAIN_PORT,
        nodePort: true,
        loadBalancerIPs: 1,
        sourceRanges: 3,
        healthCheckNodePort: true,
        externalPolicy: 'Local',
      },
    ]);
  });

  it('keep a client for three hours unless they say how long', () => {
    const sessionAffinity = 'ClientIP';
    expect(portsOf({ sessionAffinity })[0]!.affinityNs).toBe(10_800e9);
    expect(portsOf({ sessionAffinity, sessionAffinityTimeout: '1m' })[0]!.affinityNs).toBe(60e9);
  });
});

describe('connections', () => {
  const rate = { total: '1/s' };
  const trafficOf = (entries: object[]) =>
    planOf(
      {
        workload: { services: [population({ type: 'NodePort' })] },
        traffic: entries.map((entry, i) => ({ name: `t${i}`, rate, ...entry })),
      },
      `${deployment('web')}${service('web', 'type: LoadBalancer')}`,
    ).traffic;

  it('from outside come by the load balancer, or by a node port', () => {
    const found = trafficOf([
      { to: 'app' },
      { to: 'app', kind: 'external' },
      { to: 'service/web', kind: 'external' },
      { to: 'service/web', kind: 'nodePort' },
    ]);
    expect(found.map(({ kind }) => kind)).toEqual([
      'clusterIP',
      'nodePort',
      'loadBalancer',
      'nodePort',
    ]);
  });

  it('are closed at once, or live as long as is written', () => {
    const lifetimes = [
      '30s',
      { distribution: 'constant', value: '1m' },
      { distribution: 'exponential', mean: '1m' },
      { distribution: 'pareto', min: '2s', p95: '90s' },
    ];
    const entries = lifetimes.map((lifetime) => ({ to: 'app', connections: { lifetime } }));
    expect(trafficOf([{ to: 'app' }, ...entries]).map(({ lifetime }) => lifetime)).toEqual([
      null,
      { kind: 'constant', ns: 30e9 },
      { kind: 'constant', ns: 60e9 },
      { kind: 'exponential', meanNs: 60e9 },
      { kind: 'pareto', minNs: 2e9, p95Ns: 90e9 },
    ]);
  });

  it('have the protocol of the first port unless another is asked for', () => {
    const two = 'ports: [{ name: a, port: 53, protocol: UDP }, { name: b, port: 53 }]';
    const dns = service('web').replace('ports: [{ port: 80 }]', two);
    const traffic = [
      { name: 'a', to: 'service/web', rate },
      { name: 'b', to: 'service/web', rate, protocol: 'TCP' },
    ];
    const found = planOf({ traffic }, deployment('web') + dns).traffic;
    expect(found.map(({ protocol }) => protocol)).toEqual(['UDP', 'TCP']);
  });
});
