/**
 * The ports that a count of pairs asks about, and sets of ports reduced to them: sets that differ on
 * other ports only are one. What two sets and a destination have in common is then a test of bits.
 */
import { ListInterner, TextInterner } from './interners.ts';
import type { ContainerPort } from './objects.ts';
import { contains, type PortSet, type PortSets, portCode } from './port-set.ts';

/** Small integers, which V8 keeps in place. */
const BITS = 30;

/** A destination is asked on its own container ports, or all are on one port. */
export class AskedPorts {
  private readonly portSets: PortSets;
  private readonly only: number | undefined;
  private readonly lists = new ListInterner();
  /** Bit of a `portCode`. */
  private readonly places = new Map<number, number>();
  /** Of reduced sets, `words` each; the place of a bit is known before the first set is reduced. */
  private readonly bits: number[] = [];
  private readonly listBits: number[] = [];
  private words = 0;
  /** By set: the reduced one. */
  private readonly reduced: number[] = [];
  private readonly reducedIds = new TextInterner();

  /** @param only a `portCode`; undefined: container ports */
  constructor(portSets: PortSets, only: number | undefined) {
    this.portSets = portSets;
    this.only = only;
  }

  /** Id of the ports to ask of a destination that has these. All must be there before `close`. */
  intern(ports: readonly ContainerPort[]): number {
    const codes =
      this.only === undefined
        ? ports.map(({ protocol, port }) => portCode(protocol, port))
        : [this.only];
    for (const code of codes) if (!this.places.has(code)) this.places.set(code, this.places.size);
    return this.lists.intern(codes);
  }

  /** From here on sets can be reduced, and destinations are those that are there. */
  close(): void {
    this.words = Math.ceil(this.places.size / BITS);
    for (let list = 0; list < this.lists.size; list++) {
      const inside = new Set(this.lists.get(list));
      this.listBits.push(...this.wordsOf((code) => inside.has(code)));
    }
  }

  /** Of the id of a set of ports. */
  reduce(set: number): number {
    const known = this.reduced[set];
    if (known !== undefined) return known;
    const ports = this.portSets.get(set);
    const words = this.wordsOf((code) => contains(ports, code));
    const id = this.reducedIds.intern(words.join());
    if (id * this.words === this.bits.length) this.bits.push(...words);
    this.reduced[set] = id;
    return id;
  }

  /** The same of a set itself. */
  reduceSet(set: PortSet): number {
    return this.reduce(this.portSets.intern(set));
  }

  /** 1 if both reduced sets hold one of the destination's ports, otherwise 0. */
  may(out: number, into: number, ports: number): 0 | 1 {
    const { bits, words } = this;
    for (let word = 0; word < words; word++) {
      const both = bits[out * words + word]! & bits[into * words + word]!;
      if ((both & this.listBits[ports * words + word]!) !== 0) return 1;
    }
    return 0;
  }

  private wordsOf(isInside: (code: number) => boolean): number[] {
    const words = new Array<number>(this.words).fill(0);
    for (const [code, place] of this.places) {
      if (isInside(code)) words[Math.floor(place / BITS)]! |= 1 << (place % BITS);
    }
    return words;
  }
}
