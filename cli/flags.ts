/**
 * Values of flags: what each may be, and what to say when it is not. Parsers throw commander's
 * InvalidArgumentError, which becomes a usage error (exit 2) that names the flag.
 */
import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';
import { durationFix, durationNs } from '../scenarios/values/duration.ts';
import type { Partitions } from '../workers/execution.ts';

/** Replications beyond that are a typing error: the interval shrinks with the square root. */
const MOST_REPLICATIONS = 10_000;
const MOST_WORKERS = 1024;
const MOST_WORST = 1000;
const MOST_NODE_IPS = 1024;
/** All of them wait for the slowest, and each has a mailbox for each other. */
const MOST_PARTITIONS = 64;

/** `4`, or `50%` of the cores this process may use (rounded down, at least one). */
export function parseWorkers(text: string): number {
  const [, amount, percent] = /^(\d{1,4})(%?)$/.exec(text) ?? [];
  const value = Number(amount);
  const valid = percent ? value >= 1 && value <= 100 : value >= 1 && value <= MOST_WORKERS;
  if (amount === undefined || !valid) {
    throw new InvalidArgumentError(`Give a number from 1 to ${MOST_WORKERS}, or a share like 50%.`);
  }
  return percent ? Math.max(1, Math.floor((availableParallelism() * value) / 100)) : value;
}

/** `auto`, or how many partitions a run is divided into. */
export function parsePartitions(text: string): Partitions {
  const value = Number(text);
  if (text === 'auto') return text;
  if (!/^\d+$/.test(text) || value < 1 || value > MOST_PARTITIONS) {
    throw new InvalidArgumentError(`Give auto, or a whole number from 1 to ${MOST_PARTITIONS}.`);
  }
  return value;
}

export function parseReplications(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > MOST_REPLICATIONS) {
    throw new InvalidArgumentError(`Give a whole number from 1 to ${MOST_REPLICATIONS}.`);
  }
  return value;
}

/** Replications are numbered from 0. */
export function parseReplicationNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value >= MOST_REPLICATIONS) {
    throw new InvalidArgumentError(`Give a whole number from 0 to ${MOST_REPLICATIONS - 1}.`);
  }
  return value;
}

/** Changes that a person can read about. */
export function parseWorst(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > MOST_WORST) {
    throw new InvalidArgumentError(`Give a whole number from 1 to ${MOST_WORST}.`);
  }
  return value;
}

/** A node has a few addresses; a typing error has many. */
export function parseNodeIps(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > MOST_NODE_IPS) {
    throw new InvalidArgumentError(`Give a whole number from 1 to ${MOST_NODE_IPS}.`);
  }
  return value;
}

/** A Go duration, in milliseconds. */
export function parseMilliseconds(text: string): number {
  const ns = durationNs(text);
  if (ns === undefined || ns < 1e6) {
    throw new InvalidArgumentError(
      `Give a duration of at least 1ms, for example ${positiveFix(text)} (units: ms s m h).`,
    );
  }
  return ns / 1e6;
}

function positiveFix(text: string): string {
  const fix = durationFix(text);
  return (durationNs(fix) ?? 0) >= 1e6 ? fix : '10m';
}

/**
 * `path=value`, repeatable. Several may stand in one text, a line each, which is how KNETSIM_SET
 * holds more than one.
 */
export function collectSettings(text: string, before: readonly string[] = []): readonly string[] {
  const settings = text.split('\n').filter((line) => line !== '');
  const wrong = settings.find((setting) => !/^[^=]+=/.test(setting));
  if (wrong !== undefined || settings.length === 0) {
    throw new InvalidArgumentError('Give path=value, for example --set cluster.nodes=500.');
  }
  return [...before, ...settings];
}
