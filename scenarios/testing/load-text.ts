/** Scenarios from text, for tests. */

import type { Experiment } from '../../core/experiment.ts';
import { type LoadOptions, type LoadResult, loadExperiment } from '../load-experiment.ts';

export const head = 'apiVersion: knetsim.dev/v1\nkind: Scenario\nmetadata: { name: test }\n';

/** `spec` is the text below the head; Kubernetes documents may follow it. */
export function loadText(spec: string, options: LoadOptions = {}): LoadResult {
  return loadExperiment({ name: 'test.yaml', text: head + spec, folder: '.' }, options);
}

/** @throws Error with the codes and messages when the text is refused. */
export function experimentOf(spec: string, options: LoadOptions = {}): Experiment {
  const { experiment, diagnostics } = loadText(spec, options);
  if (experiment !== undefined) return experiment;
  throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
}

export function codesOf(spec: string, options: LoadOptions = {}): string[] {
  return loadText(spec, options).diagnostics.map(({ code }) => code);
}

export const deployment = (name: string, more = 'replicas: 10') => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  ${more}
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: main, ports: [{ name: http, containerPort: 80 }] }] }
`;

export const service = (name: string, more = '') => `---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { selector: { app: ${name} }, ports: [{ port: 80 }]${more === '' ? '' : `, ${more}`} }
`;
