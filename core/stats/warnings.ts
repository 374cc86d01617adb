/**
 * What stands beside the verdict because it could mislead: points and replications that are not
 * there, a window shorter than a periodic timer, and what the replications themselves reported.
 */
import type { Experiment, ExperimentPoint } from '../experiment.ts';
import type { Warning } from '../results.ts';
import { formatAt, formatCount, formatQuantity } from './plain-words.ts';
import type { AssembledPoint } from './point.ts';

const SECOND_NS = 1e9;

type Reported = Pick<AssembledPoint, 'judged' | 'cellWarnings'>;

export function warningsOf(experiment: Experiment, points: readonly Reported[]): Warning[] {
  return [
    ...fewReplications(experiment),
    ...missing(experiment, points),
    ...shortWindows(points),
    ...reported(points),
  ];
}

function fewReplications({ replications }: Experiment): Warning[] {
  if (replications > 1) return [];
  const text =
    'one replication gives no interval, so limits on times, rates and gauges cannot be judged: ' +
    'set run.replications to 2 or more';
  return [{ code: 'one-replication', text }];
}

function missing(experiment: Experiment, points: readonly Reported[]): Warning[] {
  const found = new Map(points.map(({ judged }) => [place(judged.point), judged]));
  return experiment.points.flatMap((point): Warning[] => {
    const count = found.get(place(point))?.replications.length ?? 0;
    if (count >= experiment.replications) return [];
    const text = `${formatCount(count)} of ${formatCount(experiment.replications)} replications ran`;
    return [{ code: 'incomplete', text, where: place(point) }];
  });
}

function shortWindows(points: readonly Reported[]): Warning[] {
  const texts = new Map<string, Warning>();
  for (const { judged } of points) {
    const { horizonNs, proxy } = judged.point.plan;
    if (horizonNs >= proxy.syncPeriodNs) continue;
    const text =
      `the measured window (${formatQuantity(horizonNs / SECOND_NS, 's')}) is shorter than ` +
      `proxy.syncPeriod (${formatQuantity(proxy.syncPeriodNs / SECOND_NS, 's')}): ` +
      'some nodes make no periodic sync in it';
    texts.set(judged.point.variant, { code: 'short-window', text, where: judged.point.variant });
  }
  return [...texts.values()];
}

/**
 * Texts that differ in their numbers only stand once: the first of them, with the places of all.
 */
function reported(points: readonly Reported[]): Warning[] {
  const groups = new Map<string, { texts: Set<string>; places: Set<string> }>();
  for (const { judged, cellWarnings } of points) {
    for (const text of cellWarnings) {
      const kind = text.replaceAll(/\d[\d.,]*/g, '#');
      const group = groups.get(kind) ?? { texts: new Set(), places: new Set() };
      group.texts.add(text);
      group.places.add(place(judged.point));
      groups.set(kind, group);
    }
  }
  return Array.from(groups.values(), ({ texts, places }) => {
    const [first] = texts;
    const more = texts.size > 1 ? ` (and ${formatCount(texts.size - 1)} alike)` : '';
    return { code: 'run', text: `${first}${more}`, where: somePlaces([...places]) };
  });
}

/** Points a warning names before it only counts. */
const NAMED_PLACES = 3;

function somePlaces(places: readonly string[]): string {
  const more = places.length - NAMED_PLACES;
  if (more <= 1) return places.join('; ');
  return `${places.slice(0, NAMED_PLACES).join('; ')}; and ${more} more`;
}

/** `nftables at 6,500 nodes`. */
function place({ variant, at }: Pick<ExperimentPoint, 'variant' | 'at'>): string {
  const where = formatAt(at);
  return where ? `${variant} at ${where}` : variant;
}
