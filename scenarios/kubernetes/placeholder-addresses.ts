/**
 * Addresses for what has none in the input: pods of workloads, Services before the API server has
 * assigned a cluster IP, nodes. Each is given once, from ranges that nothing real uses (240.0.0.0/4
 * is reserved, 100::/64 discards), so that none is taken for another or lies in a range by accident.
 */
import { addressText } from '../values/address.ts';

const first = { 4: 240n << 24n, 6: 0x100n << 112n } as const;

export class PlaceholderAddresses {
  readonly #family: 4 | 6;
  #given = 0n;

  constructor(family: 4 | 6) {
    this.#family = family;
  }

  next(): string {
    this.#given++;
    return addressText({ family: this.#family, value: first[this.#family] + this.#given });
  }
}
