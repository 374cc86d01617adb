/** What a programming latency is made of, in the order of the pipeline. */
export const PROGRAMMING_STAGES = [
  'kubelet',
  'controllerQueue',
  'controllerWrite',
  'apiserver',
  'fanout',
  'proxyWait',
  'syncBuild',
  'kernel',
] as const;
