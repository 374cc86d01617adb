/** Everything needed to get the same bytes again. */
import type { JSX } from 'preact';
import { stringify } from 'yaml';
import { formatBytes, formatCount, formatNumber, formatSeconds } from '../format.ts';
import type { RunInfo } from '../run-info.ts';
import type { Section } from '../section.ts';
import type { View } from '../view.ts';

export const reproduce: Section = {
  id: 'reproduce',
  question: 'How do I get the same numbers?',
  short: 'Reproduce',
  render: (view, runInfo) => (
    <>
      <p>
        Save the scenario below as <code>scenario.yaml</code>, together with the files it names, and
        run version {view.results.knetsim.version}. The same scenario, seed and version give the
        same <code>results.json</code>, byte for byte, on any machine and any number of workers.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must take the keyboard */}
      <pre class="command" tabIndex={0}>
        <code>{runInfo?.command ?? 'knetsim run scenario.yaml --out out'}</code>
      </pre>
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
      ['started', runInfo.startedAt],
      ['took', `${formatSeconds(runInfo.wallSeconds)} with ${runInfo.workers} workers`],
      [
        'work',
        `${formatCount(runInfo.events)} events, ${formatNumber(runInfo.eventsPerSecond)} a second; ${formatCount(runInfo.cells)} cells, ${formatCount(runInfo.reusedCells)} from the cache`,
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
