/**
 * `npm run --silent bench -- engine [--json]`: how fast the engine and the recorders are, on built
 * code. Compare figures of one run with each other, never with another machine's. Every benchmark
 * prints a hash of what it computed, so that a faster run that means something else is noticed.
 */
import { type BenchmarkResult, runEngineBenchmarks } from './engine.ts';

const [suite, ...flags] = process.argv.slice(2);
if (suite !== 'engine') {
  process.stderr.write('usage: npm run --silent bench -- engine [--json]\n');
  process.exit(2);
}
const benchmarks = runEngineBenchmarks();
if (flags.includes('--json')) process.stdout.write(`${JSON.stringify({ benchmarks })}\n`);
else for (const result of benchmarks) process.stdout.write(`${line(result)}\n`);

function line({ name, eventsPerSecond, hash }: BenchmarkResult): string {
  const rate = (eventsPerSecond / 1e6).toFixed(2).padStart(8);
  return `${name.padEnd(20)} ${rate} M/s   ${hash}`;
}
