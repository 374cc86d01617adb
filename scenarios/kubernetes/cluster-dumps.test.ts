/** What `kubectl get` of a running cluster holds beside the objects that somebody wrote. */
import { describe, expect, it } from 'vitest';
import { diagnosticsOf, pod } from '../testing/read-policies.ts';
import { readPolicyWorld } from './policy-world.ts';

describe('what stands for nothing of its own', () => {
  const owned = (kind: string, name: string, owner: string) => `---
apiVersion: ${kind === 'Job' ? 'batch' : 'apps'}/v1
kind: ${kind}
metadata: { name: ${name}, namespace: shop, ownerReferences: [{ kind: ${owner}, name: web }] }
`;

  it('is said with its reason: pods that have ended, and parts of workloads', () => {
    const text = `${pod('a')}${pod('b', 'status: { phase: Succeeded }')}${pod('c', 'status: { phase: Failed }')}---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: web, namespace: shop }
${owned('ReplicaSet', 'web-1', 'Deployment')}${owned('ReplicaSet', 'web-2', 'Deployment')}${owned('Job', 'web-3', 'CronJob')}${owned('ReplicaSet', 'alone', 'Rollout')}`;
    const { input, notUsed } = readPolicyWorld([{ name: 'test.yaml', text }]);
    expect(input!.world.entities.map(({ name }) => name)).toEqual(['a', 'web', 'web', 'alone']);
    expect(notUsed.map(({ kind, count, known, why }) => [kind, count, known, why])).toEqual([
      ['Pod', 2, true, 'ended'],
      ['ReplicaSet', 2, true, 'part of a Deployment of the input'],
      ['Job', 1, true, 'part of a CronJob of the input'],
    ]);
  });
});

describe('one address of two pods', () => {
  const at = (name: string, ip: string, more = '') =>
    pod(
      name,
      `spec: { hostNetwork: ${more === 'host'} }\nstatus: { podIP: ${ip}, phase: ${more === 'ended' ? 'Failed' : 'Running'} }`,
    );
  const said = (text: string) => diagnosticsOf(text).map(({ code, message }) => [code, message]);

  it('is warned of once, with how many more there are', () => {
    const pods = ['a', 'b', 'c'].map((name) => at(name, '10.0.0.1')).join('');
    expect(said(pods)).toEqual([
      ['W310', 'Pods shop/a and shop/b both have the address 10.0.0.1 (and 1 more like it)'],
    ]);
  });

  it('is no matter on the host, or once one of them has ended', () => {
    const one = at('a', '10.0.0.1');
    expect(said(one + at('b', '10.0.0.1', 'host') + at('c', '10.0.0.1', 'ended'))).toEqual([]);
  });
});

describe('lists', () => {
  const read = (text: string) => readPolicyWorld([{ name: 'test.json', text }]);

  it.each(['List', 'PodList', 'NetworkPolicyList'])('have items in a list: %s', (kind) => {
    const list = (items: unknown) =>
      JSON.stringify({
        apiVersion: kind.startsWith('N') ? 'networking.k8s.io/v1' : 'v1',
        kind,
        items,
      });
    for (const items of [{}, 'none', 0]) {
      expect(read(list(items)).diagnostics.map(({ code }) => code)).toEqual(['E140']);
    }
    for (const items of [[], null, undefined]) expect(read(list(items)).diagnostics).toEqual([]);
  });

  it('may follow each other in a file, as two runs of kubectl write them', () => {
    const list = (name: string) =>
      JSON.stringify(
        { apiVersion: 'v1', kind: 'PodList', items: [{ metadata: { name } }] },
        null,
        2,
      );
    const { input } = read(`${list('a')}\n${list('b')}\n`);
    expect(input!.world.entities.map(({ name }) => name)).toEqual(['a', 'b']);
    const [problem] = read(`${list('a')}\n${list('B_')}\n`).diagnostics;
    expect([problem?.code, problem?.at.line]).toEqual(['E149', 18]);
  });
});
