/**
 * Measures in a process of its own: `main.ts` starts itself again with a task and reads the answer
 * from its output; `carry-out.ts` is the other end. Works on built code and, for tests, from source.
 */
import { fileURLToPath } from 'node:url';
import { loaderOptions } from '../workers/typescript-loader.ts';
import type { Measurement, OnceFigure, Size, Variant } from './benchmark.ts';
import type { PeerMeasurement } from './peers/peer.ts';
import { outputOf } from './program-output.ts';

/** First argument of a process that has a task. */
export const MEASURE = 'measure';

/** What a process can be asked for, and what it answers. */
export interface Questions {
  readonly variant: {
    readonly ask: { benchmark: string; variant: Variant; size: Size };
    readonly answer: Measurement;
  };
  readonly once: {
    readonly ask: { benchmark: string; figure: OnceFigure; size: Size };
    readonly answer: number;
  };
  readonly peer: { readonly ask: { peer: string }; readonly answer: PeerMeasurement };
}
export type Task = { [K in keyof Questions]: { kind: K } & Questions[K]['ask'] }[keyof Questions];

/** Carries out `task` in a new process. Rejects with what that said when it fails. */
export async function inFreshProcess<K extends keyof Questions>(
  task: { kind: K } & Questions[K]['ask'],
): Promise<Questions[K]['answer']> {
  const fromSource = import.meta.url.endsWith('.ts');
  const main = fileURLToPath(new URL(`./main.${fromSource ? 'ts' : 'js'}`, import.meta.url));
  const { execArgv = [] } = loaderOptions();
  const args = ['--expose-gc', ...execArgv, main, MEASURE, JSON.stringify(task)];
  return JSON.parse(await outputOf(process.execPath, args));
}
