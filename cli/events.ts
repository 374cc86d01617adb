/**
 * The stream of events of a run as NDJSON, for programs that watch it (`--events`). The first line
 * states the version of the stream; a reader ignores keys and types it does not know. Cells appear
 * as they end, so their order depends on the machine; results do not.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Results } from '../core/results.ts';
import type { CellEnd } from '../workers/run-experiment.ts';

const SCHEMA = 'knetsim.dev/events/1.0';

export interface EventStream {
  cellEnd(end: CellEnd): void;
  verdicts(results: Results): void;
  close(): void;
}

/** Opens the stream; `-` is standard output. */
export function eventStream(target: string, version: string): EventStream {
  const file = target === '-' ? undefined : openSync(target, 'w');
  const write = (event: object) => {
    const line = `${JSON.stringify(event)}\n`;
    if (file === undefined) process.stdout.write(line);
    else writeSync(file, line);
  };
  write({ type: 'version', schema: SCHEMA, knetsim: version });
  return {
    cellEnd: ({ label, cell, point: { plan }, cached, wallMs }) =>
      write({
        type: 'cell.end',
        cell: label,
        events: cell.events,
        simSeconds: (plan.warmUpNs + plan.horizonNs + plan.drainNs) / 1e9,
        wallMs: Math.round(wallMs),
        cached,
      }),
    verdicts: (results) => {
      for (const { variant, at, slos } of results.points) {
        for (const { name, verdict, value, low, high } of slos) {
          const ci = low === undefined || high === undefined ? {} : { ci: [low, high] };
          write({ type: 'verdict', variant, at, slo: name, verdict, value, ...ci });
        }
      }
    },
    close: () => {
      if (file !== undefined) closeSync(file);
    },
  };
}
