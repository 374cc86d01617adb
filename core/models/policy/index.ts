/**
 * The policy engines: one file an engine (settings of one product share a file), one line here.
 * The names of this module are the ids of `--engine`; `registry.ts` looks them up.
 */
export { antrea } from './antrea.ts';
export { aws } from './aws.ts';
export { calico } from './calico.ts';
export {
  cilium,
  ciliumCidrNodes as 'cilium-cidr-nodes',
  ciliumCidrPods as 'cilium-cidr-pods',
  ciliumLocalhostPolicy as 'cilium-localhost-policy',
} from './cilium.ts';
export { cilium114 as 'cilium-1.14' } from './cilium-1.14.ts';
export { flannel } from './flannel.ts';
export { kubeRouter as 'kube-router' } from './kube-router.ts';
export { kubenet } from './kubenet.ts';
export { kubernetesDocs as 'kubernetes-docs' } from './kubernetes-docs.ts';
export { literal } from './literal.ts';
export { openshift } from './openshift.ts';
export { weave } from './weave.ts';
