/** The network policy agent of the Amazon VPC CNI. */
import type { PolicyEngine } from './policy-engine.ts';

export const aws: PolicyEngine = {
  title: 'Amazon VPC CNI network policy agent',
  differences: [],
  ignores: [
    'In standard mode a new pod is open for seconds: a matter of time, not of meaning [aws/aws-network-policy-agent issue 189]',
  ],
};
