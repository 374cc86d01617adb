/**
 * Chains as a trace in Chrome's JSON format, which Perfetto opens: a process a chain, stages on its
 * first track, what they waited for on its second. Simulated time in microseconds.
 */
import type { Chain } from '../../core/why/explain-replication.ts';

interface TraceEvent {
  readonly name: string;
  readonly ph: 'X' | 'M';
  readonly pid: number;
  readonly tid: number;
  readonly cat?: string;
  readonly ts?: number;
  readonly dur?: number;
  readonly args: Readonly<Record<string, unknown>>;
}

export function chromeTrace(chains: readonly Chain[]): {
  readonly displayTimeUnit: 'ms';
  readonly traceEvents: readonly TraceEvent[];
} {
  return { displayTimeUnit: 'ms', traceEvents: chains.flatMap(eventsOf) };
}

function eventsOf({ service, change, node, stages }: Chain, index: number): TraceEvent[] {
  const pid = index + 1;
  const named = (name: string, tid: number, label: string): TraceEvent => ({
    name,
    ph: 'M',
    pid,
    tid,
    args: { name: label },
  });
  const span = (
    tid: number,
    cat: string,
    name: string,
    fromNs: number,
    toNs: number,
    args = {},
  ) => ({
    name,
    cat,
    ph: 'X' as const,
    pid,
    tid,
    ts: fromNs / 1e3,
    dur: (toNs - fromNs) / 1e3,
    args: { nanoseconds: toNs - fromNs, ...args },
  });
  return [
    named('process_name', 0, `${pid}. ${service} on node-${node}: ${change}`),
    named('thread_name', 1, 'stages'),
    named('thread_name', 2, 'waits'),
    ...stages.map(({ stage, fromNs, toNs }) => span(1, 'stage', stage, fromNs, toNs)),
    ...stages.flatMap(({ waits }) =>
      waits.map(({ cause, behind, fromNs, toNs }) =>
        span(2, 'wait', cause, fromNs, toNs, { behind }),
      ),
    ),
  ];
}
