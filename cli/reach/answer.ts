/** The answer about one cluster: the matrix, the walk-through of a connection, or JSON of either. */
import { CompiledPolicies } from '../../core/policy/compile.ts';
import { type Contradiction, contradictions } from '../../core/policy/contradictions.ts';
import type { Address, PolicyWorld } from '../../core/policy/objects.ts';
import { UsageError } from '../exit-codes.ts';
import { counted } from '../numbers.ts';
import { explained, writeDocument } from './document.ts';
import { type ReachInput, withOutside } from './input.ts';
import { matrixOf } from './matrix.ts';
import { isDrawable, matrixTable } from './matrix-table.ts';
import { entityName, policyName, targetName } from './names.ts';
import { namespaceTable } from './namespace-table.ts';
import { podPairs, podPairsDocument, shareLines } from './pod-pairs.ts';
import { type Probes, probesOf } from './probes.ts';
import { type Asked, chosenEntities, insiders } from './question.ts';
import { addressIn, findDestinations, findSource, ownersOf } from './targets.ts';
import { headline, type PlaceOf, walkThrough } from './walk-through.ts';
import { wrapped } from './wrapped.ts';

interface Question extends Asked {
  readonly input: ReachInput;
}

interface Prepared extends Question {
  readonly world: PolicyWorld;
  readonly policies: CompiledPolicies;
  readonly probes: Probes;
  readonly notes: readonly string[];
}

/** Said before so many are printed: some gigabytes. */
const MANY_CONNECTIONS = 1e7;

export async function answer(question: Question): Promise<void> {
  const prepared = prepare(question);
  const { flags, stderr, world } = prepared;
  stderr.print(...insiders(world.entities));
  if (flags.json) await printJson(prepared);
  else if (flags.from !== undefined && flags.to !== undefined) printWalkThrough(prepared);
  else printMatrix(prepared);
}

function prepare(question: Question): Prepared {
  const { input, flags, switches } = question;
  const outside = [...(flags.external ?? []), ...named(question)];
  const world = withOutside(input.world, outside);
  const { entities } = world;
  const known = { ...input, entities };
  const chosen = chosenEntities(entities, flags);
  const sources = flags.from === undefined ? chosen : [findSource(flags.from, known)];
  const found =
    flags.to === undefined
      ? { destinations: chosen.map((to) => ({ to, ports: flags.ports })), notes: [] }
      : findDestinations(flags.to, known, flags.ports);
  const probes = probesOf(entities, sources, found.destinations);
  if (flags.to !== undefined && probes.targets.length === 0) {
    throw new UsageError(
      `--to ${flags.to}: it declares no container port; give one, for example ${flags.to}:80`,
    );
  }
  const policies = new CompiledPolicies(world, switches);
  return { ...question, world, policies, probes, notes: found.notes };
}

/** Addresses that `--from` and `--to` give and nobody inside has. */
function named({ input, flags }: Question): Address[] {
  return [flags.from, flags.to].flatMap((text) => {
    const address = text === undefined ? undefined : addressIn(text);
    return address === undefined || ownersOf(address, input.world.entities).length > 0
      ? []
      : [address];
  });
}

function printWalkThrough({ world, probes, policies, notes, ...rest }: Prepared): void {
  const { stdout, flags, input, engine, switches } = rest;
  const placeOf: PlaceOf = ({ policy, rule }, direction) => {
    const { file, line } =
      rule === undefined ? input.places.policy(policy) : input.places.rule(policy, direction, rule);
    return `${file}:${line}`;
  };
  if (!flags.quiet) stdout.print(...notes.map((note) => ` ${note}`));
  for (const { to, port, protocol } of probes.targets) {
    const from = probes.sources[0]!;
    const probe = { from: world.entities[from]!, to: world.entities[to]!, port, protocol };
    const verdict = policies.explain(from, to, protocol, port);
    const walk = { world, switches, engine: engine.title, probe, verdict, placeOf };
    stdout.print(...(flags.quiet ? [headline(walk, stdout)] : walkThrough(walk, stdout)));
  }
}

function printMatrix(prepared: Prepared): void {
  const { world, probes, policies, stdout, flags, notes } = prepared;
  const whole = flags.from === undefined && flags.to === undefined;
  const share = whole ? shareLines(podPairs(world.entities, policies, flags.ports)) : [];
  if (flags.quiet && whole) {
    stdout.print(...share);
    return;
  }
  stdout.print(...notes.map((note) => ` ${note}`));
  if (probes.sources.length === 0) {
    stdout.print(' The input has no pod and no workload.');
  } else if (probes.targets.length === 0) {
    stdout.print(' No destination declares a container port; --ports 80,443 chooses some.');
  } else {
    stdout.print(...tableOf(prepared));
  }
  const without = probes.withoutPorts.map((index) => entityName(world.entities[index]!));
  if (without.length > 0 && probes.targets.length > 0) {
    stdout.print(...wrapped(without, ' no container port: ', stdout.columns));
  }
  const found = contradictions(world, prepared.switches);
  stdout.print(...found.map((one) => ` ${stdout.style('yellow', contradictionText(one, world))}`));
  stdout.print(...share);
}

async function printJson(prepared: Prepared): Promise<void> {
  const { world, probes, policies, flags, input, notes, stderr } = prepared;
  const whole = flags.from === undefined && flags.to === undefined;
  const connections = probes.sources.length * probes.targets.length;
  if (connections > MANY_CONNECTIONS && !flags.quiet) {
    stderr.print(
      `printing ${counted(connections, 'connection')}; --from or --to choose some, --quiet without --json counts pairs only`,
    );
  }
  const pairs = whole ? podPairs(world.entities, policies, flags.ports) : undefined;
  const found = contradictions(world, prepared.switches);
  await writeDocument(
    { kind: 'Reach', engine: flags.engine },
    {
      probes: (function* () {
        for (const { from, to, port, protocol } of connectionsOf(probes)) {
          yield explained(world.entities, policies, from, to, { port, protocol });
        }
      })(),
    },
    () => ({
      ...(pairs === undefined ? {} : podPairsDocument(pairs)),
      contradictions: found.map((one) => contradictionDocument(one, world)),
      withoutPorts: probes.withoutPorts.map((index) => entityName(world.entities[index]!)),
      notes,
      notUsed: input.notUsed,
    }),
  );
}

/** By pods, or where that is too large to read by namespaces. */
function tableOf({ world: { entities }, policies, probes, stdout }: Prepared): string[] {
  const matrix = matrixOf(entities, policies, probes);
  if (matrix !== undefined && isDrawable(matrix)) return matrixTable(matrix, stdout);
  const byNamespace = namespaceTable(entities, policies, probes, stdout.columns);
  const size = `${counted(probes.sources.length, 'source')}, ${counted(probes.targets.length, 'destination port')}`;
  return [` ${size}: too many kinds to draw, so by namespace`, '', ...byNamespace];
}

function* connectionsOf({ sources, targets }: Probes) {
  for (const from of sources) for (const target of targets) yield { from, ...target };
}

/** The ends of the connection that two policies disagree on. */
function endsOf({ direction, subject, peer, port, protocol }: Contradiction, world: PolicyWorld) {
  const [from, to] = direction === 'egress' ? [subject, peer] : [peer, subject];
  return {
    from: entityName(world.entities[from]!),
    to: targetName(world.entities[to]!, { port, protocol }),
  };
}

function contradictionText(one: Contradiction, world: PolicyWorld): string {
  const [a, b] = [one.first, one.second];
  const { from, to } = endsOf(one, world);
  return (
    `undefined by the API: ${policyName(a.policy)} (${a.action}) and ${policyName(b.policy)} (${b.action}) share ` +
    `tier ${a.policy.tier}, priority ${a.policy.priority}: ${one.direction} of ${from} -> ${to}; ` +
    `${a.policy.name} is taken first`
  );
}

function contradictionDocument(one: Contradiction, world: PolicyWorld) {
  const answers = [one.first, one.second];
  return {
    tier: one.first.policy.tier,
    priority: one.first.policy.priority,
    direction: one.direction,
    policies: answers.map(({ policy }) => `${policy.kind}/${policy.name}`),
    actions: answers.map(({ action }) => action),
    ...endsOf(one, world),
  };
}
