/** What is in the input and has no effect: named, with the reason, never dropped. */
import type { NotModelled } from '../../core/results.ts';
import type { Path } from '../origins.ts';
import { type KubernetesObject, qualified } from './read-objects.ts';

export class Unmodelled {
  readonly #listed: NotModelled[] = [];

  object(object: KubernetesObject, why: string): void {
    this.#listed.push({ what: `${object.kind} ${qualified(object)}`, why });
  }

  field(object: KubernetesObject, path: Path, why: string): void {
    const name = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
    this.#listed.push({ what: `${name.slice(1)} of ${object.kind} ${qualified(object)}`, why });
  }

  get listed(): readonly NotModelled[] {
    return this.#listed;
  }
}
