/**
 * What stands beside the verdict because it could mislead: points and replications that are not
 * there, a window shorter than a periodic timer, less churn than was asked for, and what the
 * replications themselves reported.
 */
import type { Experiment, ExperimentPoint } from '../experiment.ts';
import type { Warning } from '../results.ts';
import { formatAt, formatCount, formatQuantity } from './plain-words.ts';
import type { AssembledPoint } from './point.ts';
import { WARNING_CODES } from './warning-codes.ts';

const SECOND_NS = 1e9;

type Reported = Pick<AssembledPoint, 'judged' | 'document' | 'cellWarnings'>;

export function warningsOf(experiment: Experiment, points: readonly Reported[]): Warning[] {
  return [
    ...fewReplications(experiment),
    ...missing(experiment, points),
    ...shortWindows(points),
    ...lostChurn(points),
    ...reported(points),
  ];
}

function fewReplications({ replications }: Experiment): Warning[] {
  if (replications > 1) return [];
  const text =
    'one replication gives no interval, so limits on times, rates and gauges cannot be judged: ' +
    'set run.replications to 2 or more';
  return [{ code: WARNING_CODES.oneReplication, text }];
}

function missing(experiment: Experiment, points: readonly Reported[]): Warning[] {
  const found = new Map(points.map(({ judged }) => [place(judged.point), judged]));
  return experiment.points.flatMap((point): Warning[] => {
    const count = found.get(place(point))?.replications.length ?? 0;
    if (count >= experiment.replications) return [];
    const text = `${formatCount(count)} of ${formatCount(experiment.replications)} replications ran`;
    return [{ code: WARNING_CODES.incomplete, text, where: place(point) }];
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
    texts.set(judged.point.variant, {
      code: WARNING_CODES.shortWindow,
      text,
      where: judged.point.variant,
    });
  }
  return [...texts.values()];
}

/** Share of the background churn below which what happened is not what was asked for. */
const CHURN_DELIVERED = 0.9;
/** Standard deviations by which chance may fall short. */
const CHURN_CHANCE = 3;

/**
 * Less background churn than planned. A deletion and its replacement come as a pair, so the count
 * of changes has twice the variance of a Poisson count. Events only add changes, so with them a
 * shortfall may stay unseen, and is never invented.
 */
function lostChurn(points: readonly Reported[]): Warning[] {
  return points.flatMap(({ judged, document }): Warning[] => {
    const { podChangesPerSecond: asked, controlPlane } = judged.point.plan;
    const happened = document.workload.podChangesPerSecond;
    const expected = asked * document.replications * document.horizonSeconds;
    const missing = (asked - happened) * document.replications * document.horizonSeconds;
    if (!(happened < CHURN_DELIVERED * asked)) return [];
    if (missing < CHURN_CHANCE * Math.sqrt(2 * expected)) return [];
    const { qps } = controlPlane.controllerManager;
    const cause =
      qps > 0 && asked / 2 > CHURN_DELIVERED * qps
        ? `the client limit of kube-controller-manager (${formatCount(qps)} a second) holds replacements back`
        : 'replacements wait for a client limit, for room on a node, or for pods that may be replaced';
    const text = `${formatCount(happened)} of ${formatCount(asked)} pod changes a second happened: ${cause}`;
    return [{ code: WARNING_CODES.lostChurn, text, where: place(judged.point) }];
  });
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
    return {
      code: WARNING_CODES.replication,
      text: `${first}${more}`,
      where: somePlaces([...places]),
    };
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
