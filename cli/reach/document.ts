/**
 * `reach --json`: a probe as a plain document, and a document with a long list in it, written piece by piece,
 * so that a cluster of any size passes through.
 */
import type { CompiledPolicies } from '../../core/policy/compile.ts';
import type { Entity, Protocol } from '../../core/policy/objects.ts';
import type { DirectionVerdict, Reason, Verdict } from '../../core/policy/verdict.ts';
import { addressText } from '../../scenarios/index.ts';
import { writeStdout } from '../output-files.ts';
import { decisionName, type Port } from './names.ts';

type Word = 'allowed' | 'denied';

export interface EntityDocument {
  readonly kind: Entity['kind'];
  /** Null for what has none. */
  readonly namespace: string | null;
  readonly name: string;
  readonly ip: string | null;
}

export interface DirectionDocument {
  readonly verdict: Word;
  readonly reason: Reason;
  readonly by: readonly string[];
  /** Rules that passed the connection on before; absent where none did. */
  readonly passed?: readonly string[];
}

export interface ProbeDocument {
  readonly from: EntityDocument;
  readonly to: EntityDocument;
  readonly port: number;
  readonly protocol: Protocol;
  readonly verdict: Word;
  readonly egress: DirectionDocument;
  readonly ingress: DirectionDocument;
}

/** `ip` is the first address; an outside address has one. */
export function entityDocument(entity: Entity): EntityDocument {
  const address = entity.addresses[0];
  return {
    kind: entity.kind,
    namespace: entity.kind === 'pod' ? entity.namespace : null,
    name: entity.name,
    ip: address === undefined ? null : addressText(address),
  };
}

export function probeDocument(
  from: Entity,
  to: Entity,
  { port, protocol }: Port,
  verdict: Verdict,
): ProbeDocument {
  return {
    from: entityDocument(from),
    to: entityDocument(to),
    port,
    protocol,
    verdict: word(verdict.allowed),
    egress: directionDocument(verdict.egress),
    ingress: directionDocument(verdict.ingress),
  };
}

function directionDocument(of: DirectionVerdict): DirectionDocument {
  const namesOf = (decisions: DirectionVerdict['by']) =>
    decisions.map((decision) => decisionName(decision, of.direction));
  return {
    verdict: word(of.allowed),
    reason: of.reason,
    by: namesOf(of.by),
    ...(of.passed.length > 0 ? { passed: namesOf(of.passed) } : {}),
  };
}

function word(allowed: boolean): Word {
  return allowed ? 'allowed' : 'denied';
}

/** One connection and its verdict. */
export function explained(
  entities: readonly Entity[],
  policies: Pick<CompiledPolicies, 'explain'>,
  from: number,
  to: number,
  port: Port,
): ProbeDocument {
  const verdict = policies.explain(from, to, port.protocol, port.port);
  return probeDocument(entities[from]!, entities[to]!, port, verdict);
}

/** Text is handed over in pieces of about this many characters. */
const PIECE = 1 << 18;

/**
 * Writes `head`, then the lists in order, then `tail`, as one JSON object. Items stand on a line
 * each; the lists are walked once, as they are written. `tail` is asked for at the end.
 */
export async function writeDocument(
  head: object,
  lists: Readonly<Record<string, Iterable<unknown>>>,
  tail: () => object,
): Promise<void> {
  let text = '{';
  let separator = '\n';
  const member = (key: string, value: string) => {
    text += `${separator}  ${JSON.stringify(key)}: ${value}`;
    separator = ',\n';
  };
  for (const [key, value] of Object.entries(head)) member(key, JSON.stringify(value));
  for (const [key, items] of Object.entries(lists)) {
    member(key, '[');
    let between = '\n';
    for (const item of items) {
      text += `${between}    ${JSON.stringify(item)}`;
      between = ',\n';
      if (text.length > PIECE) {
        await writeStdout(text);
        text = '';
      }
    }
    text += between === '\n' ? ']' : '\n  ]';
  }
  for (const [key, value] of Object.entries(tail())) member(key, JSON.stringify(value));
  await writeStdout(`${text}\n}\n`);
}
