/**
 * Reports: pure functions from a results document to text. `renderReport` makes the one-file HTML
 * report, `renderMarkdown` the short form for reviews and chat.
 */
import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Results } from '../core/results.ts';
import { clientScript } from './client-script.ts';
import { Page } from './page.tsx';
import type { RunInfo } from './run-info.ts';
import { viewOf } from './view.ts';

export { renderMarkdown } from './markdown.ts';
export type { RunInfo } from './run-info.ts';

/**
 * The whole report as one HTML document that loads nothing. The same results and run facts give
 * the same text.
 */
export function renderReport(results: Results, runInfo?: RunInfo): string {
  const page = h(Page, { view: viewOf(results), runInfo, script: clientScript() });
  return `<!DOCTYPE html>\n${renderToString(page)}\n`;
}
