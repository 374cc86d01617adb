/** Checks of `spec.events` that no single field can say: times, pools and apiservers. */
import { suggest } from '../suggest.ts';
import { durationNs, formatDuration } from '../values/duration.ts';
import { share } from '../values/share.ts';
import { poolsNamed } from './agents.ts';
import { type Context, spanOf, writtenAt } from './context.ts';

export function checkEvents(context: Context): void {
  const { events, run } = context.spec;
  for (const [index, event] of events.entries()) {
    checkTimes(context, index);
    if ('restartAgents' in event) checkPool(context, index, 'restartAgents', event.restartAgents);
    if ('upgradeAgents' in event) checkPool(context, index, 'upgradeAgents', event.upgradeAgents);
    if (!('share' in event) || share(event.share) !== 0) continue;
    context.problems.error('E107', spanOf(context, ['events', index, 'share']), 'a share of 0', {
      help: 'nothing would happen: write a share above 0, or remove the event',
    });
  }
  if (durationNs(run.duration) === 0) {
    context.problems.error('E107', spanOf(context, ['run', 'duration']), 'a run of no length', {
      help: 'write 10m',
    });
  }
}

/** At each size: a sweep may be over the number of apiservers. */
export function checkOutages(context: Context): void {
  for (const [index, event] of context.spec.events.entries()) {
    if ('apiserverOutage' in event) checkOutage(context, index, event);
  }
}

function checkTimes(context: Context, index: number): void {
  const { events, run } = context.spec;
  const event = events[index]!;
  const [atNs, endNs] = [durationNs(event.at)!, durationNs(run.duration)!];
  const lasting = 'over' in event ? 'over' : 'for' in event ? 'for' : undefined;
  const lastsNs =
    'over' in event ? durationNs(event.over)! : 'for' in event ? durationNs(event.for)! : 0;
  if (atNs < endNs && atNs + lastsNs <= endNs) return;
  const end = writtenAt(context, ['run', 'duration']);
  const late = atNs >= endNs;
  context.problems.error(
    'E206',
    spanOf(context, ['events', index, late || lasting === undefined ? 'at' : lasting]),
    !late
      ? `an event from ${event.at} to ${formatDuration(atNs + lastsNs)} goes on after the end of the run`
      : atNs === endNs
        ? `an event at ${event.at}, where the run ends: nothing of it would be measured`
        : `an event at ${event.at} comes after the end of the run`,
    {
      help: `run.duration is ${run.duration}, counted like \`at\` from the end of the warm-up; move the event or run longer`,
      ...(end === undefined ? {} : { also: [{ span: end, label: 'the run ends here' }] }),
    },
  );
}

function checkOutage(
  context: Context,
  index: number,
  event: { readonly apiserverOutage: number; readonly for: string },
): void {
  const { apiservers } = context.spec.controlPlane;
  const written = writtenAt(context, ['controlPlane', 'apiservers']);
  const also = written === undefined ? {} : { also: [{ span: written, label: 'their number' }] };
  const span = spanOf(context, ['events', index, 'apiserverOutage']);
  if (event.apiserverOutage >= apiservers) {
    const message = `no apiserver ${event.apiserverOutage}: there ${apiservers === 1 ? 'is' : 'are'} ${apiservers}, counted from 0`;
    const help = `write a number from 0 to ${apiservers - 1}`;
    context.problems.error('E222', span, message, { help, ...also });
  } else if (apiservers === 1) {
    context.problems.error('E222', span, 'an outage of the only apiserver', {
      help: 'what writes uses the others meanwhile; have controlPlane.apiservers: 2 or more',
      ...also,
    });
  }
  if (durationNs(event.for) !== 0) return;
  context.problems.error('E107', spanOf(context, ['events', index, 'for']), 'an outage of 0', {
    help: 'write how long, such as 30s',
  });
}

function checkPool(context: Context, index: number, kind: string, name: string): void {
  if (name === '*' || poolsNamed(context, name).length > 0) return;
  const names = context.spec.cluster.pools.map((pool) => pool.name);
  const meant = suggest(name, names);
  const known = [...names, '"*"'].join(', ');
  context.problems.error(
    'E207',
    spanOf(context, ['events', index, kind]),
    `no entry of cluster.pools is named ${name}`,
    { help: meant === undefined ? `write one of ${known}` : `did you mean ${meant}?` },
  );
}
