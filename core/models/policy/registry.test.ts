import { expect, test } from 'vitest';
import { literalText } from '../../policy/switches.ts';
import { proxyModelIds } from '../proxy/registry.ts';
import { differencesText, switchesOf } from './policy-engine.ts';
import { policyEngine, policyEngineIds } from './registry.ts';

const switches = (id: string) => switchesOf(policyEngine(id));

test('engines are known by id, and an unknown id is an error that lists them', () => {
  expect(policyEngineIds).toContain('calico');
  expect(() => policyEngine('celium')).toThrow(/no policy engine celium; known: antrea, aws/);
});

test('an id means one model, whether of a proxy mode or of a policy engine', () => {
  expect(policyEngineIds.filter((id) => proxyModelIds.includes(id))).toEqual([]);
});

test.each(policyEngineIds)('%s differs from the text where it says so, and has a source', (id) => {
  const { title, differences } = policyEngine(id);
  expect(title).not.toBe('');
  for (const { name, value, about, source } of differences) {
    expect(value, name).not.toBe(literalText[name]);
    expect(about, name).toMatch(/^\S.{10,}[^.]$/);
    expect(source, name).toMatch(/.{12,}/);
    expect(differencesText(policyEngine(id))).toContain(`${about} [${source}]`);
  }
  expect(new Set(differences.map(({ name }) => name)).size).toBe(differences.length);
});

test.each(policyEngineIds)('%s: what no switch says has a source, or is said to be ours', (id) => {
  for (const line of policyEngine(id).ignores) {
    expect(line).toMatch(/^(Not modelled|Our reading): \S| \[[^\]]*\S{6,}[^\]]*\]$/);
    expect(line).not.toMatch(/[.]$/);
  }
});

test('readings that go beyond a source are said to', () => {
  const said = (id: string) => policyEngine(id).ignores.join('\n');
  for (const id of policyEngineIds.filter((one) => one.startsWith('cilium'))) {
    expect(said(id), id).toMatch(/Our reading: networks of a ClusterNetworkPolicy/);
  }
  expect(said('cilium-1.14')).toMatch(/Our reading: a range of ports/);
  expect(differencesText(policyEngine('cilium-1.14'))).not.toContain('first port');
  expect(policyEngine('openshift').title).not.toMatch(/OVN/);
});

test('every switch is set by some engine', () => {
  const set = policyEngineIds.flatMap((id) => policyEngine(id).differences.map(({ name }) => name));
  expect([...new Set(set)].sort()).toEqual(Object.keys(literalText).sort());
});

test('engines without a known difference are the literal text, and say that none is known', () => {
  for (const id of ['literal', 'calico', 'antrea', 'kube-router', 'weave', 'aws']) {
    expect(switches(id)).toEqual(literalText);
    expect(differencesText(policyEngine(id))).toContain('no difference from the API text is known');
  }
});

test('Cilium’s ranges find neither pods nor nodes, unless a setting says otherwise', () => {
  const outside = { ...literalText, ipBlockMatchesPods: false, ipBlockMatchesNodes: false };
  expect(switches('cilium')).toEqual(outside);
  expect(switches('cilium-cidr-nodes')).toEqual({ ...outside, ipBlockMatchesNodes: true });
  expect(switches('cilium-cidr-pods')).toEqual({ ...outside, ipBlockMatchesPods: true });
  expect(switches('cilium-localhost-policy')).toEqual({ ...outside, ownNodeAdmitted: false });
  expect(switches('cilium-1.14')).toEqual({ ...outside, endPortHonoured: false });
});

test('Flannel and kubenet enforce nothing; OpenShift finds host-network pods; the docs exempt both ways', () => {
  expect(switches('flannel')).toEqual({ ...literalText, enforces: false });
  expect(switches('kubenet')).toEqual({ ...literalText, enforces: false });
  expect(switches('openshift')).toEqual({
    ...literalText,
    hostNetworkPeers: 'withEmptyPodSelector',
  });
  expect(switches('kubernetes-docs')).toEqual({ ...literalText, ownNodeReachable: true });
});
