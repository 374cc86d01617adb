/** Policy worlds from text, for tests. */
import type { Diagnostic } from '../diagnostic.ts';
import type { PolicyInput } from '../kubernetes/policy-input.ts';
import { readPolicyWorld } from '../kubernetes/policy-world.ts';

/** @throws Error with the codes and messages when the text is refused. */
export function inputOf(text: string): PolicyInput {
  const { input, diagnostics } = readPolicyWorld([{ name: 'test.yaml', text }]);
  if (input !== undefined) return input;
  throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
}

export function diagnosticsOf(text: string): readonly Diagnostic[] {
  return readPolicyWorld([{ name: 'test.yaml', text }]).diagnostics;
}

/** A NetworkPolicy `shop/web` whose spec is in flow style. */
export const policy = (spec: string) => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec: ${spec}
`;

export const pod = (name: string, more = '') => `---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }
${more}
`;
