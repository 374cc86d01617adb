/** Everything needed to get the same bytes again. */
import type { JSX } from 'preact';
import { stringify } from 'yaml';
import { formatBytes, formatCount, formatNumber, formatSeconds } from '../format.ts';
import type { RunInfo } from '../run-info.ts';
import { runSettingOf } from '../scenario-document.ts';
import type { Section } from '../section.ts';
import type { View } from '../view.ts';
import { counted } from '../words.ts';

export const reproduce: Section = {
  id: 'reproduce',
  question: 'How do I get the same numbers?',
  short: 'Reproduce',
  render: (view, runInfo) => (
    <>
      <p>
        Save the scenario below as <code>scenario.yaml</code>, with the files it names beside it,
        and run it with knetsim {view.results.knetsim.version}:
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must take the keyboard */}
      <pre class="command" tabIndex={0}>
        <code>{recipeOf(view)}</code>
      </pre>
      <p>
        <code>out/results.json</code> is then the same, byte for byte, on any machine and with any
        number of workers; its <code>resultHash</code> is the one below. <code>run-info.json</code>{' '}
        is not: it holds the times, the memory and the command of one execution.
      </p>
      <p>
        <code>knetsim why out/results.json</code> simulates one replication again and shows what its
        slowest changes waited for, on which node.
      </p>
      <Facts view={view} runInfo={runInfo} />
      <details>
        <summary>The effective scenario</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must take the keyboard */}
        <pre tabIndex={0}>
          <code>{stringify(view.results.scenario.document)}</code>
        </pre>
      </details>
    </>
  ),
};

/**
 * Independent of how this run was started: limits of time, shards and caches change no number. A
 * flag stands only for what the document does not state itself, because a flag is part of it.
 */
function recipeOf({ results }: View): string {
  const { document } = results.scenario;
  const replications = Math.max(0, ...results.points.map((point) => point.replications));
  const seeded = runSettingOf(document, 'seed') === results.seed;
  const repeated = runSettingOf(document, 'replications') !== undefined || replications === 0;
  return [
    'knetsim run scenario.yaml',
    ...(seeded ? [] : [`--seed ${quoted(results.seed)}`]),
    ...(repeated ? [] : [`--replications ${replications}`]),
    '--out out',
  ].join(' ');
}

/** As a POSIX shell reads it. */
function quoted(text: string): string {
  return /^[\w.:/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function Facts({ view, runInfo }: { view: View; runInfo: RunInfo | undefined }): JSX.Element {
  const { scenario, seed, resultHash, knetsim } = view.results;
  const facts: [string, string][] = [
    ['scenario', scenario.name],
    ['scenario hash', scenario.hash],
    ['seed', seed],
    ['result hash', resultHash],
    ['knetsim', knetsim.version],
  ];
  if (runInfo !== undefined) {
    facts.push(
      ['this run was', runInfo.command],
      ['started', runInfo.startedAt],
      ['took', tookText(runInfo)],
      [
        'work',
        `${counted(runInfo.events, 'event')}, ${formatNumber(runInfo.eventsPerSecond)} a second; ${counted(runInfo.cells, 'cell')}, ${formatCount(runInfo.reusedCells)} from the cache`,
      ],
      ['peak memory', formatBytes(runInfo.peakMemoryBytes)],
      ['Node', runInfo.node],
    );
  }
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function tookText({ wallSeconds, workers, partitions }: RunInfo): string {
  const divided = partitions === undefined ? '' : `, runs divided into up to ${partitions}`;
  return `${formatSeconds(wallSeconds)} with ${counted(workers, 'worker')}${divided}`;
}
