/**
 * The document around the sections: head with its content security policy, masthead, contents,
 * controls that appear only with the script, sections, footer.
 */
import { createHash } from 'node:crypto';
import type { JSX } from 'preact';
import { Mark } from './figure.tsx';
import { typeset } from './format.ts';
import type { RunInfo } from './run-info.ts';
import { decisionOf } from './scenario-document.ts';
import { sections } from './sections/index.ts';
import { styleSheet } from './styles.ts';
import type { View } from './view.ts';

export function Page({
  view,
  runInfo,
  script,
}: {
  view: View;
  runInfo: RunInfo | undefined;
  script: string;
}): JSX.Element {
  const { scenario, knetsim, resultHash } = view.results;
  const style = styleSheet(`knetsim ${knetsim.version} result ${resultHash}`);
  const shown = sections
    .map((section) => ({ section, body: section.render(view, runInfo) }))
    .filter(({ body }) => body !== null);
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policyOf(style, script)} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${scenario.name} – network capacity review`}</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the verdict
        </a>
        <div class="frame">
          <Masthead view={view} runInfo={runInfo} />
          <nav class="contents" aria-label="Contents">
            <ul>
              {shown.map(({ section }) => (
                <li key={section.id}>
                  <a href={`#${section.id}`}>{section.short}</a>
                </li>
              ))}
            </ul>
          </nav>
          <Controls view={view} />
          <main id="main" tabIndex={-1}>
            {shown.map(({ section, body }) => (
              <section key={section.id} id={section.id} aria-labelledby={`${section.id}-h`}>
                <h2 id={`${section.id}-h`}>{section.question}</h2>
                {body}
              </section>
            ))}
          </main>
          <footer>
            knetsim {knetsim.version}, result <code>{resultHash}</code>. A simulation, not a
            measurement.
          </footer>
        </div>
        {script !== '' && <script dangerouslySetInnerHTML={{ __html: script }} />}
      </body>
    </html>
  );
}

function Masthead({ view, runInfo }: { view: View; runInfo: RunInfo | undefined }): JSX.Element {
  const { scenario, knetsim } = view.results;
  const facts = [
    scenario.name,
    `scenario ${scenario.hash.slice(0, 12)}`,
    `knetsim ${knetsim.version}`,
    ...(runInfo === undefined ? [] : [runInfo.startedAt.slice(0, 10)]),
  ];
  return (
    <header>
      <span class="badge">Simulation, not measurement</span>
      <h1>
        {typeset(decisionOf(scenario.document) ?? `${scenario.name}: network capacity review`)}
      </h1>
      <p>{facts.join(' · ')}</p>
    </header>
  );
}

/** Hidden until the script that makes them work has run. */
function Controls({ view }: { view: View }): JSX.Element {
  return (
    <aside class="controls" hidden aria-label="Display">
      {view.series.length > 1 &&
        view.series.map((series) => (
          <button
            key={series.index}
            type="button"
            class="toggle"
            aria-pressed="true"
            data-toggle={series.index}
            data-name={series.label}
          >
            <Mark index={series.index} /> {series.label}
          </button>
        ))}
      <span class="spacer" />
      {['auto', 'light', 'dark'].map((theme) => (
        <button key={theme} type="button" aria-pressed={theme === 'auto'} data-theme-to={theme}>
          {theme}
        </button>
      ))}
    </aside>
  );
}

/** Nothing may be loaded; only this style sheet and this script may act. */
function policyOf(style: string, script: string): string {
  return [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src ${script === '' ? "'none'" : `'${hashOf(script)}'`}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`;
}
