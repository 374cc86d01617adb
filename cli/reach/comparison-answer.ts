/** The answer about a change: what opens, what closes, and how many pairs can talk before and after. */
import { CompiledPolicies } from '../../core/policy/compile.ts';
import { UsageError } from '../exit-codes.ts';
import {
  type Change,
  type Changes,
  type Comparison,
  changeDocument,
  compare,
  grouped,
  type Side,
} from './comparison.ts';
import type { DirectionDocument } from './document.ts';
import { type EntityDocument, writeDocument } from './document.ts';
import { type ReachInput, withOutside } from './input.ts';
import { entityName } from './names.ts';
import { type PodPairs, podPairs, podPairsDocument, shareText } from './pod-pairs.ts';
import { type Asked, chosenEntities } from './question.ts';
import { wrapped } from './wrapped.ts';

interface Question extends Asked {
  readonly inputs: readonly [ReachInput, ReachInput];
  /** As they were given. */
  readonly names: readonly string[];
}

/** Changes explained and grouped for a reader; all of them are in the JSON. */
const MOST_SHOWN = 20_000;
const MOST_GROUPS = 40;
/** From here on a reader wonders whether it still runs. */
const MANY_ENTITIES = 15_000;

export async function answerComparison(question: Question): Promise<void> {
  const { flags, inputs, names } = question;
  if (flags.from !== undefined || flags.to !== undefined) {
    throw new UsageError('--from and --to are about one input; a comparison is of everything');
  }
  for (const at of [0, 1] as const) {
    if (hasPods(inputs[at]) || !hasPods(inputs[1 - at]!)) continue;
    throw new UsageError(
      `${names[at]} has no pods: two inputs are before and after. ` +
        `To read both as one cluster: knetsim reach ${names[1 - at]} --with ${names[at]}`,
    );
  }
  const [before, after] = inputs.map((input) => sideOf(input, question));
  const kindsOf = (side: Side) => (index: number) =>
    inputs[side === before ? 0 : 1].sources[index]?.kind ?? 'ip';
  if (after!.chosen.length > MANY_ENTITIES && !flags.quiet) {
    question.stderr.print(
      `comparing ${after!.chosen.length} pods and workloads with each other: this takes minutes`,
    );
  }
  const comparison = compare(before!, after!, kindsOf, flags.ports);
  const pairs = { before: pairsIn(before!, question), after: pairsIn(after!, question) };
  if (flags.json) await printJson(comparison, before!, after!, pairs, question);
  else print(comparison, before!, after!, pairs, question);
}

function hasPods({ world }: ReachInput): boolean {
  return world.entities.some(({ kind }) => kind === 'pod');
}

function sideOf({ world }: ReachInput, { flags, switches }: Asked): Side {
  const whole = withOutside(world, flags.external ?? []);
  return {
    entities: whole.entities,
    policies: new CompiledPolicies(whole, switches),
    chosen: chosenEntities(whole.entities, flags),
  };
}

function pairsIn({ entities, policies }: Side, { flags }: Asked): PodPairs {
  return podPairs(entities, policies, flags.ports);
}

type BothPairs = { readonly before: PodPairs; readonly after: PodPairs };

async function printJson(
  { opens, closes, onlyBefore, onlyAfter }: Comparison,
  before: Side,
  after: Side,
  pairs: BothPairs,
  { flags, inputs }: Question,
): Promise<void> {
  const documents = function* (changes: Changes) {
    for (const change of changes) yield changeDocument(change, before, after);
  };
  await writeDocument(
    { kind: 'ReachComparison', engine: flags.engine },
    { opens: documents(opens), closes: documents(closes), onlyBefore, onlyAfter },
    () => ({
      ...bothOf(podPairsDocument(pairs.before), podPairsDocument(pairs.after)),
      notUsed: { before: inputs[0].notUsed, after: inputs[1].notUsed },
    }),
  );
}

/** `{ key: { before, after } }` for the keys of documents of both sides. */
function bothOf(before: object, after: object) {
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const keys = new Set([...old.keys(), ...now.keys()]);
  return Object.fromEntries(
    [...keys].map((key) => [key, { before: old.get(key) ?? null, after: now.get(key) ?? null }]),
  );
}

function print(
  { opens, closes, onlyBefore, onlyAfter }: Comparison,
  before: Side,
  after: Side,
  pairs: BothPairs,
  { stdout, flags }: Asked,
): void {
  const opened = stdout.style(['bold', 'green'], `OPENS ${opens.count}`);
  const closed = stdout.style(['bold', 'red'], `CLOSES ${closes.count}`);
  stdout.print(
    ` ${opened}  ${closed}   connections; reachable pairs ${shareText(pairs.before)} → ${shareText(pairs.after)}`,
  );
  if (flags.quiet) return;
  const sections = [
    { title: 'opens', changes: opens },
    { title: 'closes', changes: closes },
  ];
  for (const { title, changes } of sections) {
    if (changes.count === 0) continue;
    const because = (change: Change) => reasonText(change, before, after);
    const groups = grouped(first(changes, MOST_SHOWN), after.entities, because);
    stdout.print('', ` ${stdout.style('bold', title)}`);
    for (const { targets, sources, because: why } of groups.slice(0, MOST_GROUPS)) {
      const from = sources.map((index) => entityName(after.entities[index]!));
      stdout.print(
        ...wrapped(targets, '  to    ', stdout.columns),
        ...wrapped(from, '  from  ', stdout.columns),
        `        ${why}`,
      );
    }
    if (groups.length > MOST_GROUPS || changes.count > MOST_SHOWN) {
      stdout.print('  and more; --json has all');
    }
  }
  const lists = [
    { title: 'only before: ', entities: onlyBefore },
    { title: 'only after: ', entities: onlyAfter },
  ].filter(({ entities }) => entities.length > 0);
  if (lists.length > 0) stdout.print('');
  for (const { title, entities } of lists) {
    stdout.print(...wrapped(entities.map(documentName), ` ${title}`, stdout.columns));
  }
}

function* first<T>(things: Iterable<T>, count: number): Iterable<T> {
  let left = count;
  for (const one of things) {
    if (left-- <= 0) return;
    yield one;
  }
}

function documentName({ kind, namespace, name }: EntityDocument): string {
  if (namespace !== null) return `${namespace}/${name}`;
  return kind === 'node' ? `node/${name}` : name;
}

/** The directions whose verdict changed, with what decides them now. */
function reasonText(change: Change, before: Side, after: Side): string {
  const now = changeDocument(change, before, after);
  const changed = (['egress', 'ingress'] as const).filter(
    (direction) => now[direction].verdict !== now.before[direction].verdict,
  );
  return changed.map((direction) => `${direction} now ${decidedBy(now[direction])}`).join('; ');
}

function decidedBy({ verdict, reason, by }: DirectionDocument): string {
  if (by.length > 0) return `${verdict} by ${by.join(', ')}`;
  return reason === 'notIsolated' ? `${verdict}: no policy selects the pod` : verdict;
}
