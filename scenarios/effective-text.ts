/** The effective document as a YAML stream: the scenario first, then its Kubernetes objects. */
import { stringify } from 'yaml';

export function effectiveText(document: Readonly<Record<string, unknown>>): string {
  const { objects, ...scenario } = document;
  const texts = [stringify(scenario, { version: '1.2' })];
  for (const object of Array.isArray(objects) ? objects : []) {
    texts.push(stringify(object, { version: '1.1' }));
  }
  return texts.join('---\n');
}
