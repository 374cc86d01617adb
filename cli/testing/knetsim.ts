/** Runs the command line as a user does, in a process of its own, and collects what it says. */
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Options {
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** Called with everything on stderr so far; `kill` sends a signal. */
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** Neither a terminal nor any setting of whoever runs the tests. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(KNETSIM_|NO_COLOR|FORCE_COLOR|CI$|NODE_OPTIONS|VITEST)/.test(name),
  );
  return Object.fromEntries(own);
}

export function knetsim(argv: readonly string[], options: Options = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'cli/main.ts', ...argv], {
      cwd: root,
      env: { ...environment(), ...options.env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      options.onStderr?.(stderr, (signal) => child.kill(signal));
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(options.input ?? '');
  });
}

export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'knetsim-test-'));
}

export interface TinyScenario {
  /** Upper limit of p99 of networkProgramming. */
  readonly limit: string;
  readonly nodes?: number;
  readonly duration?: string;
  readonly replications?: number;
  /** Further lines below `spec`, two spaces in. */
  readonly spec?: string;
}

/** A few nodes for a few seconds, with enough changes for every metric of programming. */
export function tinyScenario(tiny: TinyScenario): string {
  return `apiVersion: knetsim.dev/v1
kind: Scenario
metadata: { name: tiny }
spec:
  cluster: { nodes: ${tiny.nodes ?? 4} }
  proxy: { mode: iptables, minSyncPeriod: 100ms }
  workload:
    services:
      - { count: 3, endpoints: { constant: 4 } }
    churn: { podChangesPerSecond: 4 }
  slos:
    - { name: programming, metric: networkProgramming, quantile: 0.99, max: ${tiny.limit} }
  run: { duration: ${tiny.duration ?? '20s'}, warmup: 2s, replications: ${tiny.replications ?? 3}, seed: 7 }
${tiny.spec ?? ''}`;
}

/** Writes the scenario into `folder` and returns its path. */
export function writeScenario(folder: string, tiny: TinyScenario): string {
  const file = join(folder, 'tiny.yaml');
  writeFileSync(file, tinyScenario(tiny));
  return file;
}
