/**
 * The command line as commander sees it: commands, arguments, flags and help. What a command does
 * is in `commands/`, imported when it is called, so that `--help` starts quickly.
 */
import { Command, Option } from 'commander';
import { policyEngineIds } from '../core/models/policy/registry.ts';
import { kernelModes } from '../core/models/proxy/rules/registry.ts';
import {
  allowOutside,
  appearance,
  describe,
  diagnosticsFormat,
  examples,
  group,
  settings,
} from './command-options.ts';
import { type ExitCode, UsageError } from './exit-codes.ts';
import {
  parseMilliseconds,
  parseNodeIps,
  parsePartitions,
  parseReplications,
  parseWorkers,
} from './flags.ts';
import { collectAddresses, collectPaths, parsePorts } from './reach/options.ts';
import { whyCommand } from './why/command.ts';

/** Commands of the design that this release does not have. They are not listed. */
const LATER = [
  'init',
  'import',
  'review',
  'capacity',
  'compare',
  'merge',
  'export',
  'calibrate',
  'completion',
];

/** Receives the exit code of the command that ran. */
export type OnEnd = (exitCode: ExitCode) => void;

export function program(version: string, onEnd: OnEnd): Command {
  const root = new Command('knetsim')
    .description(
      'At what size does my Kubernetes network break its SLO, why, and what should I change?',
    )
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help of a command')
    .exitOverride()
    .showHelpAfterError('(--help shows the usage)')
    .configureHelp({ optionDescription: describe });
  examples(root, [
    ['validate scenario.yaml', 'check a scenario'],
    ['run scenario.yaml', 'simulate it; writes out/report.html'],
    ['reach manifests/', 'who may talk to whom, and which policy decided'],
  ]);
  const topics = explain(onEnd);
  const commands = [
    validate(onEnd),
    schema(onEnd),
    topics,
    run(version, onEnd),
    report(onEnd),
    whyCommand(version, onEnd),
    reach(onEnd),
    backtest(onEnd),
  ];
  for (const command of commands) {
    root.addCommand(command.copyInheritedSettings(root));
  }
  topics.helpCommand(false).addCommand(explainRules(onEnd).copyInheritedSettings(root));
  for (const name of LATER) root.addCommand(absent(name, version), { hidden: true });
  root.addHelpText(
    'after',
    '\nEvery flag can be set as KNETSIM_<FLAG>, for example KNETSIM_WORKERS=50%; flags win.\n' +
      'Exit codes: 0 holds, 1 bug, 2 usage, 3 invalid input, 4 an SLO fails, 5 inconclusive,\n' +
      '6 incomplete, 130/143 interrupted.',
  );
  return root;
}

function run(version: string, onEnd: OnEnd): Command {
  const command = new Command('run')
    .summary('simulate a scenario: one point, or variants x sizes x replications')
    .description(
      'Simulates every point of a scenario and judges its SLOs. Writes results.json, run-info.json\n' +
        'and report.html. The summary goes to stdout, unless --json or --events - own it.',
    )
    .argument('<scenario>', 'a scenario file, or - for standard input');
  examples(command, [
    ['run scenario.yaml', 'all variants and sizes, on all cores'],
    ['run scenario.yaml --set cluster.nodes=500 --json | jq .verdict', 'one size, as JSON'],
    ['run scenario.yaml --plan', 'what would be simulated, and what is there already'],
  ]);
  group(command, 'Input:', [
    settings(),
    new Option('--seed <seed>', 'root of all random streams (default: the scenario’s)'),
    allowOutside(),
  ]);
  group(command, 'Precision:', [
    new Option('--replications <n>', 'replications a point').argParser(parseReplications),
    new Option('--max-time <duration>', 'stop after this time, for example 10m (exit 6)') //
      .argParser(parseMilliseconds),
  ]);
  group(command, 'Execution:', [
    new Option('--workers <n>', 'threads: a number, or a share of the cores like 50%')
      .default(parseWorkers('100%'), 'all cores')
      .argParser(parseWorkers),
    new Option(
      '--partitions <n>',
      'divide each run into at most this many partitions (zones + 1, 64), a thread each, and run ' +
        'workers / partitions cells at a time, one at least; auto divides where it pays. ' +
        'The results are the same',
    )
      .default('auto')
      .argParser(parsePartitions),
    new Option('--cache <dir>', 'where finished cells live (default: DIR/cells)'),
    new Option('--no-cache', 'simulate cells again that are there already'),
    new Option('--plan', 'print points, cells and how they would be run, and simulate nothing'),
  ]);
  group(command, 'Gate:', [
    new Option(
      '--gate <gate>',
      'what decides the exit code. slo: SLOs with gate: gate. strict: also SLOs with gate: warn, ' +
        'and 5 where a verdict is in doubt: W502, W503, W601, W602, W604, W606 ' +
        '(knetsim explain W502) or samples in flight; other warnings only inform. none: nothing',
    )
      .choices(['strict', 'slo', 'none'])
      .default('slo'),
  ]);
  group(command, 'Output:', [
    new Option('-o, --out <dir>', 'folder of the results').default('out'),
    new Option('--json', 'print the results document on stdout, and nothing else there'),
    new Option('--report <file>', 'also write the HTML report to this file'),
    new Option('--md <file>', 'also write a Markdown summary to this file'),
    new Option('--events <file>', 'write a stream of events as NDJSON; - for stdout'),
    new Option('-q, --quiet', 'print the verdict only'),
    new Option('-v, --verbose', 'name every finished cell, and print the SLOs at every point'),
    diagnosticsFormat(),
    ...appearance(),
  ]);
  return command.action(async (scenario: string, flags) => {
    const { run } = await import('./commands/run.ts');
    onEnd(await run(scenario, flags, version));
  });
}

function validate(onEnd: OnEnd): Command {
  const command = new Command('validate')
    .summary('check scenario files, all problems at once')
    .description('Checks scenario files: file:line:col, what was found, what is allowed, a fix.')
    .argument('<file...>', 'scenario files, or - for standard input');
  examples(command, [
    ['validate scenario.yaml', 'every problem, with its place'],
    ['validate scenario.yaml --show-effective', 'the scenario with every default written out'],
    ['validate *.yaml --format github', 'annotations for a pull request'],
  ]);
  group(command, 'Input:', [settings(), allowOutside()]);
  group(command, 'Output:', [
    new Option('--show-effective', 'print the scenario with its defaults, as YAML'),
    new Option('--diff-variants', 'print what each variant changes'),
    new Option('--json', 'print files, problems and what was asked for as one JSON document'),
    diagnosticsFormat(),
    ...appearance(),
  ]);
  return command.action(async (files: string[], flags) => {
    const { validate } = await import('./commands/validate.ts');
    onEnd(await validate(files, flags));
  });
}

function schema(onEnd: OnEnd): Command {
  const command = new Command('schema')
    .summary('print the JSON Schema of a scenario')
    .description('Prints the JSON Schema (draft-07) for editors and other validators.')
    .argument('[kind]', 'the kind of document', 'Scenario');
  examples(command, [
    ['schema', 'the schema of kind Scenario'],
    ['schema > scenario.schema.json', 'for # yaml-language-server: $schema=...'],
    ['schema Scenario | jq .properties.spec', 'a part of it'],
  ]);
  group(command, 'Output:', [new Option('--json', 'JSON is what it prints anyway')]);
  return command.action(async (kind: string) => {
    const { schema } = await import('./commands/schema.ts');
    onEnd(await schema(kind));
  });
}

function explain(onEnd: OnEnd): Command {
  const command = new Command('explain')
    .summary('explain a field, metric, constant, model or code')
    .description('Explains one topic: meaning, unit, default and the source of each number.')
    .argument('<topic>', 'spec.x.y, a metric id, a constant id, model:<id>, or an error code');
  examples(command, [
    ['explain spec.proxy.minSyncPeriod', 'a field of the scenario'],
    ['explain model:iptables-nft', 'what a model includes, leaves out and assumes'],
    ['explain rules manifests/', 'what Services cost in the kernel of a node'],
  ]);
  group(command, 'Output:', [new Option('--json', 'print it as JSON'), ...appearance()]);
  return command.action(async (topic: string, flags) => {
    const { explain } = await import('./commands/explain.ts');
    onEnd(await explain(topic, flags));
  });
}

function explainRules(onEnd: OnEnd): Command {
  const command = new Command('rules')
    .summary('count what Services cost in the kernel of a node')
    .description(
      'Reads Services with their EndpointSlices, or with the workloads they select, and\n' +
        'counts the rules or entries that a service proxy keeps for them on one node.',
    )
    .argument('<manifests...>', 'files, folders or - for standard input');
  examples(command, [
    ['explain rules services.yaml', 'iptables: by Service, and in all'],
    ['explain rules manifests/ --mode nftables --json', 'another mode, as JSON'],
    ['explain rules manifests/ --change service/web', 'and what the next sync would write'],
  ]);
  group(command, 'Cluster:', [
    new Option('--mode <mode>', 'mode of the service proxy')
      .choices(kernelModes)
      .default('iptables'),
    new Option('--kubernetes-version <release>', 'release of Kubernetes').default('1.34'),
    new Option('--localhost-nodeports <boolean>', 'node ports on loopback, IPv4 only')
      .choices(['true', 'false'])
      .default('true'),
    new Option(
      '--nodeport-addresses <which>',
      'addresses of the node with node ports (default: primary in nftables, else all)',
    ).choices(['all', 'primary']),
  ]);
  group(command, 'Node:', [
    new Option('--node <name>', 'the node: its endpoints are local (default: none is)'),
    new Option('--node-ips <n>', 'addresses of the node').argParser(parseNodeIps).default(1),
  ]);
  group(command, 'Question:', [
    new Option('--change <service>', 'service/NAME or service/NAMESPACE/NAME: what a sync writes'),
  ]);
  group(command, 'Output:', [
    new Option('--json', 'print the counts as one JSON document'),
    diagnosticsFormat('input'),
    ...appearance(),
  ]);
  return command.action(async (manifests: string[]) => {
    const { explainRules } = await import('./commands/explain-rules.ts');
    // Flags that `explain` has too, wherever they stand, are read by it.
    onEnd(await explainRules(manifests, command.optsWithGlobals()));
  });
}

function report(onEnd: OnEnd): Command {
  const command = new Command('report')
    .summary('make the HTML or Markdown report of a result')
    .description(
      'Makes a report from results.json, and from run-info.json if it lies beside it.\n' +
        'Simulates nothing: old results can be rendered again.',
    )
    .argument('<results>', 'a results.json');
  examples(command, [
    ['report out/results.json', 'writes out/report.html'],
    ['report out/results.json -o review.html', 'writes it elsewhere; - for stdout'],
    ['report out/results.json --md -o -', 'Markdown, for a pull request'],
  ]);
  group(command, 'Output:', [
    new Option('-o, --out <file>', 'the file to write, or - (default: beside the results)'),
    new Option('--md', 'Markdown instead of HTML'),
    new Option('--json', 'print what was written as JSON'),
    ...appearance(),
  ]);
  return command.action(async (results: string, flags) => {
    const { report } = await import('./commands/report.ts');
    onEnd(await report(results, flags));
  });
}

function reach(onEnd: OnEnd): Command {
  const command = new Command('reach')
    .summary('who may talk to whom, and which policy decided')
    .description(
      'Reads Kubernetes objects and says who may talk to whom: the whole matrix\n' +
        'or, with --from and --to, one connection and the rules that decided it. Two\n' +
        'inputs are before and after: what opens and closes. Exit 0\n' +
        'whatever the verdicts.',
    )
    .argument('<manifests...>', 'a file, a folder or - for standard input; two: before and after');
  examples(command, [
    ['reach manifests/', 'the matrix: sources by destination ports'],
    ['reach manifests/ --from shop/web --to shop/cart:7070', 'one connection, and why'],
    ['reach before/ after/ --with workloads/', 'what a change of policies opens and closes'],
  ]);
  group(command, 'Input:', [
    new Option('--with <path>', 'read this too, on each side of a comparison; repeatable') //
      .argParser(collectPaths),
    new Option('--engine <name>', 'read policies as this engine does; knetsim explain model:NAME')
      .choices(policyEngineIds)
      .default('literal'),
  ]);
  group(command, 'Question:', [
    new Option(
      '--from <source>',
      'NAMESPACE/NAME, or KIND/NAMESPACE/NAME if several have the name; node/NAME; an address',
    ),
    new Option(
      '--to <destination>',
      'the same, or service/NAMESPACE/NAME, with :PORT or :PORT/PROTOCOL (default: its ports, TCP)',
    ),
    new Option('--ports <ports>', 'ports to ask about, like 80,53/UDP (default: container ports)') //
      .argParser(parsePorts),
    new Option('--nodes', 'nodes too, as sources and destinations'),
    new Option('--external <address>', 'an address outside too; repeatable') //
      .argParser(collectAddresses),
  ]);
  group(command, 'Output:', [
    new Option('--json', 'print every connection and what decided it as one JSON document'),
    new Option('-q, --quiet', 'print the first sentence only: the verdict, or the share of pairs'),
    diagnosticsFormat('input'),
    ...appearance(),
  ]);
  return command.action(async (manifests: string[], flags) => {
    const { reach } = await import('./commands/reach.ts');
    onEnd(await reach(manifests, flags));
  });
}

function backtest(onEnd: OnEnd): Command {
  const command = new Command('backtest')
    .summary('what the models say about published measurements')
    .description(
      'Puts every usable published measurement beside what the models say under the same\n' +
        'conditions: measured, predicted, interval, error, inside or not. Takes tens of seconds,\n' +
        'as some rows are runs. Exit 0 whatever it finds.',
    );
  examples(command, [
    ['backtest', 'the whole ledger'],
    ['backtest --model nftables', 'the rows about one model'],
    ['backtest --json', 'with the source and the conditions of every row'],
  ]);
  group(command, 'Input:', [
    new Option('--model <id>', 'only rows about this model, for example iptables-nft'),
  ]);
  group(command, 'Output:', [
    new Option('--json', 'print the ledger as one JSON document'),
    new Option('--md', 'print it as Markdown, like docs/validation.md'),
    new Option('-v, --verbose', 'a line for each kernel measurement that was fitted'),
    ...appearance(),
  ]);
  return command.action(async (flags) => {
    const { backtest } = await import('./commands/backtest.ts');
    onEnd(await backtest(flags));
  });
}

function absent(name: string, version: string): Command {
  const refusal = `knetsim ${name} is not part of this release (${version}); knetsim --help lists what is`;
  return new Command(name)
    .argument('[anything...]')
    .allowUnknownOption()
    .helpOption(false)
    .addHelpText('before', refusal)
    .action(() => {
      throw new UsageError(refusal);
    });
}
