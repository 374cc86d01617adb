/** The short form of a report as Markdown: the verdict, a row per variant, warnings, provenance. */
import type { Results } from '../core/results.ts';
import { formatCount, formatFactor, formatInterval, formatValue, typeset } from './format.ts';
import { decisive, leastRoom } from './room.ts';
import { beliefOf, gateName, verdictOf } from './takeaways.ts';
import type { Series, View } from './view.ts';
import { capacityOf, gatePoint, isOpen, viewOf } from './view.ts';
import { verdicts } from './words.ts';

export function renderMarkdown(results: Results): string {
  const view = viewOf(results);
  const { word, sentence } = results.verdict;
  const lines = [
    `# ${plain(results.scenario.name)}`,
    '',
    `**${verdicts[word].shape} ${verdicts[word].word}.** ${plain(sentence)}`,
    '',
  ];
  if (view.series.length > 0) {
    lines.push(
      `| variant | at ${gateName(view)} | decided by | value | interval | room | holds up to |`,
      '|---|---|---|--:|--:|--:|--:|',
      ...view.series.map((series) => `| ${rowOf(view, series).map(plain).join(' | ')} |`),
      '',
    );
    const belief = beliefOf(view);
    lines.push(`How much to believe it: **${belief.word}**. ${plain(belief.reason)}`, '');
  }
  for (const warning of results.warnings) lines.push(`- Warning: ${plain(warning.text)}`);
  for (const item of results.notModelled) {
    lines.push(`- Not modelled: ${plain(item.what)} (${plain(item.why)})`);
  }
  lines.push(
    '',
    `Simulation, not measurement. knetsim ${plain(results.knetsim.version)}, seed ${plain(results.seed)}, result \`${results.resultHash.replace(/[^\w]/g, '')}\`.`,
    '',
  );
  return lines.join('\n');
}

function rowOf(view: View, series: Series): string[] {
  const point = gatePoint(view, series);
  const { shape, word } = verdicts[verdictOf(point)];
  const gated = (point?.slos ?? []).filter((s) => s.gate === 'gate');
  const slo = gated.length === 0 ? undefined : decisive(gated);
  const capacity = capacityOf(view, series);
  const least = leastRoom(point?.slos ?? []);
  return [
    series.candidate ? series.label : `${series.label} (not a candidate)`,
    `${shape} ${word}`,
    slo === undefined ? '–' : `${slo.name} ≤ ${formatValue(slo.limit, slo.unit)}`,
    slo?.value === undefined ? (slo?.reason ?? '–') : formatValue(slo.value, slo.unit),
    slo?.low === undefined || slo.high === undefined
      ? '–'
      : formatInterval(slo.low, slo.high, slo.unit, slo.value),
    least === undefined ? '–' : formatFactor(least.room),
    capacity?.holdsUpTo == null
      ? '–'
      : `${isOpen(series, capacity) ? '≥ ' : ''}${formatCount(capacity.holdsUpTo)}`,
  ];
}

/** Keeps foreign text from ending a cell, a line or the document's structure. */
function plain(text: string): string {
  return typeset(text)
    .replace(/\s+/g, (space) => (/[\r\n\u2028\u2029]/.test(space) ? ' ' : space))
    .replace(/[\\`*_[\]|#]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;');
}
