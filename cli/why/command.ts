/** Arguments, flags and help of `knetsim why`. */
import { Command, Option } from 'commander';
import { appearance, examples, group } from '../command-options.ts';
import type { ExitCode } from '../exit-codes.ts';
import { collectSettings, parseReplicationNumber, parseWorst } from '../flags.ts';

/** `knetsim why`, as commander sees it. */
export function whyCommand(version: string, onEnd: (exitCode: ExitCode) => void): Command {
  const command = new Command('why')
    .summary('what the slowest changes of a result waited for')
    .description(
      'Simulates one replication of a result again, explains its worst changes stage by\n' +
        'stage, in simulated time, and says how much of the tail has the same cause. Needs\n' +
        'nothing beside results.json, and the version of knetsim that wrote it.',
    )
    .argument('<results>', 'a results.json');
  examples(command, [
    ['why out/results.json', 'the SLO that decided, at the gate'],
    ['why out/results.json --slo programming --variant ipvs', 'another one'],
    ['why out/results.json --worst 5 --trace why.json', 'and as a trace for Perfetto'],
  ]);
  group(command, 'Question:', [
    new Option('--slo <name>', 'the SLO to explain (default: the first that decided)'),
    new Option('--metric <id>', 'networkProgramming or endpointConvergence, without an SLO'),
    new Option('--variant <name>', 'the variant (default: the one that does worst)'),
    new Option('--at <path=value>', 'the point; repeatable (default: where the gate looks)') //
      .argParser(collectSettings),
    new Option('--replication <n>', 'which, from 0 (default: the one with the largest mean)') //
      .argParser(parseReplicationNumber),
    new Option('--worst <n>', 'changes to explain one by one').argParser(parseWorst).default(3),
  ]);
  group(command, 'Output:', [
    new Option('--json', 'print the explanation as one JSON document'),
    new Option('--trace <file>', 'also write the chains as a Chrome trace (Perfetto opens it)'),
    ...appearance(),
  ]);
  return command.action(async (results: string, flags) => {
    const { why } = await import('../commands/why.ts');
    onEnd(await why(results, flags, version));
  });
}
