/**
 * What the report reads from the effective scenario it is given as plain data: the decision it was
 * written for and the events with their times. The document comes from outside, so every step
 * checks what it finds.
 */

/** The annotation that states what is to be decided. */
const DECISION = 'knetsim.dev/decision';

export function decisionOf(document: unknown): string | undefined {
  const decision = at(document, 'metadata', 'annotations', DECISION);
  return typeof decision === 'string' ? decision : undefined;
}

/** A field of `spec.run` as text, `seed` or `replications`; undefined where it is not stated. */
export function runSettingOf(document: unknown, key: string): string | undefined {
  const value = at(document, 'spec', 'run', key);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** Events of `spec.events` in order of time, seconds from the end of the warm-up. */
export function eventsOf(document: unknown): { seconds: number; label: string }[] {
  const events = at(document, 'spec', 'events');
  if (!Array.isArray(events)) return [];
  return events
    .flatMap((event: unknown) => {
      const seconds = durationOf(at(event, 'at'));
      return seconds === undefined ? [] : [{ seconds, label: labelOf(event) }];
    })
    .sort((a, b) => a.seconds - b.seconds);
}

/** Actions by their field, in words short enough to stand beside a rule of a figure. */
const ACTIONS = [
  ['rollingUpdate', 'rollingUpdate'],
  ['scale', 'scale'],
  ['addNodes', 'addNodes'],
  ['restartAgents', 'restart'],
  ['upgradeAgents', 'upgrade'],
  ['apiserverOutage', 'outage of apiserver'],
] as const;

/** `label`, else the action and its object: `rollingUpdate deployment/web`. */
function labelOf(event: unknown): string {
  const label = at(event, 'label');
  if (typeof label === 'string') return label;
  for (const [kind, word] of ACTIONS) {
    const value = at(event, kind);
    if (typeof value === 'string' || typeof value === 'number') return `${word} ${value}`;
    if (value !== undefined) return word;
  }
  return 'event';
}

const SECONDS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** Seconds of a Go duration such as `1m30s`; undefined for anything else. */
export function durationOf(text: unknown): number | undefined {
  if (typeof text !== 'string' || !/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text))
    return undefined;
  let seconds = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) {
    seconds += Number(number) * SECONDS[unit!]!;
  }
  return seconds;
}

function at(value: unknown, ...path: string[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}
