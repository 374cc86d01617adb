/** What is in the input and has no effect: named, with the reason and the place, never dropped. */
import type { NotModelled } from '../../core/results.ts';
import type { Path } from '../origins.ts';
import { where } from '../source-text.ts';
import { type KubernetesObject, qualified } from './read-objects.ts';

export class Unmodelled {
  readonly #listed: NotModelled[] = [];

  object(object: KubernetesObject, why: string): void {
    this.#listed.push({
      what: `${object.kind} ${qualified(object)}`,
      why,
      where: where(object.place(['kind'])),
    });
  }

  field(object: KubernetesObject, path: Path, why: string): void {
    const name = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
    this.#listed.push({
      what: `${name.slice(1)} of ${object.kind} ${qualified(object)}`,
      why,
      where: where(object.place(path)),
    });
  }

  get listed(): readonly NotModelled[] {
    return this.#listed;
  }
}
