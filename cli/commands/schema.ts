/** `knetsim schema`: the JSON Schema of a kind of document, on stdout. */
import { scenarioJsonSchema } from '../../scenarios/index.ts';
import { ExitCode, UsageError } from '../exit-codes.ts';
import { writeStdout } from '../output-files.ts';

/** Kinds in any spelling of case; others are a usage error. */
export async function schema(kind: string): Promise<ExitCode> {
  if (kind.toLowerCase() !== 'scenario') {
    throw new UsageError(`no schema of kind ${kind}; there is one of kind Scenario`);
  }
  await writeStdout(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
  return ExitCode.Done;
}
