/**
 * What commands share on the command line: flags that many of them take, groups of flags with their
 * environment variables, examples and descriptions in help.
 */
import { type Command, Option } from 'commander';
import { collectSettings } from './flags.ts';

export function settings(): Option {
  return new Option(
    '--set <path=value>',
    'set a field of the spec; repeatable, checked like the file',
  ) //
    .argParser(collectSettings);
}

export function allowOutside(): Option {
  return new Option('--allow-outside', 'let paths in files leave the folder of the file');
}

export function diagnosticsFormat(of = 'scenario'): Option {
  return new Option('--format <format>', `how problems of the ${of} are printed`)
    .choices(['text', 'github', 'json'])
    .default('text');
}

export function appearance(): Option[] {
  return [
    new Option('--color', 'colours even if the output is no terminal'),
    new Option('--no-color', 'no colours'),
    new Option('--ascii', 'no characters beyond ASCII'),
  ];
}

export function group(command: Command, heading: string, options: readonly Option[]): void {
  for (const option of options) command.addOption(withEnvironment(option).helpGroup(heading));
}

/**
 * Lets a flag be given as KNETSIM_<FLAG>. For one without a value, 0, false and nothing mean
 * "not given".
 */
function withEnvironment(option: Option): Option {
  const name = `KNETSIM_${option.long!.slice(2).replaceAll('-', '_').toUpperCase()}`;
  const takesValue = option.required || option.optional;
  const off = ['', '0', 'false'].includes(process.env[name] ?? '');
  return takesValue || !off ? option.env(name) : option;
}

export function examples(command: Command, lines: readonly (readonly [string, string])[]): void {
  const width = Math.max(...lines.map(([line]) => line.length));
  const text = lines.map(([line, about]) => `  knetsim ${line.padEnd(width)}   ${about}`);
  command.addHelpText('before', ['Examples:', ...text, ''].join('\n'));
}

/** Without the name of the variable, which follows from the flag's. */
export function describe(option: Option): string {
  const choices = option.argChoices ? ` (${option.argChoices.join(', ')})` : '';
  const fallback =
    option.defaultValue === undefined || option.negate
      ? ''
      : ` (default: ${option.defaultValueDescription ?? String(option.defaultValue)})`;
  return `${option.description}${choices}${fallback}`;
}
