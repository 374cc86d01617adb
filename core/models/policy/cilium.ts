/**
 * Cilium with its defaults, and with each of the settings that change the meaning of a policy.
 * A peer is an identity; an address range stands for what is outside the cluster.
 */
import type { PolicyEngine, SwitchDifference } from './policy-engine.ts';

const LANGUAGE = 'cilium Documentation/security/policy/language.rst @012a3bf2';

const ignores = [
  'Not modelled: CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy, and rules above layer 4',
  'Our reading: networks of a ClusterNetworkPolicy find what an ipBlock finds; the source is about CIDR peers of Cilium and of NetworkPolicies',
  'Our reading: releases and settings are alike where no difference was found in writing',
];

/** A CIDR finds neither pods nor nodes: they have identities of their own. */
export const rangesMissPods: SwitchDifference = {
  name: 'ipBlockMatchesPods',
  value: false,
  about: 'an ipBlock matches no pod',
  source: LANGUAGE,
};
export const rangesMissNodes: SwitchDifference = {
  name: 'ipBlockMatchesNodes',
  value: false,
  about: 'an ipBlock matches no node of the cluster',
  source: LANGUAGE,
};

export const cilium: PolicyEngine = {
  title: 'Cilium',
  differences: [rangesMissPods, rangesMissNodes],
  ignores,
};

export const ciliumCidrNodes: PolicyEngine = {
  title: 'Cilium with policy-cidr-match-mode=nodes',
  differences: [rangesMissPods],
  ignores,
};

export const ciliumCidrPods: PolicyEngine = {
  title: 'Cilium 1.20 with policy-cidr-match-mode=pods',
  differences: [{ ...rangesMissNodes, source: `${LANGUAGE}; pods: cilium PR 47880` }],
  ignores,
};

export const ciliumLocalhostPolicy: PolicyEngine = {
  title: 'Cilium with allow-localhost=policy',
  differences: [
    rangesMissPods,
    rangesMissNodes,
    {
      name: 'ownNodeAdmitted',
      value: false,
      about: 'traffic from a pod’s own node is subject to its policies',
      source: LANGUAGE,
    },
  ],
  ignores,
};
