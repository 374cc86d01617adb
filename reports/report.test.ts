import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderReport } from './index.ts';
import { sections } from './sections/index.ts';
import { sampleResults, sampleRunInfo } from './testing/sample-results.ts';
import {
  emptyResults,
  hostileResults,
  quietResults,
  singleVariantResults,
  unsweptResults,
} from './testing/sample-variations.ts';

const samples = {
  sample: sampleResults(),
  unswept: unsweptResults(),
  'single variant': singleVariantResults(),
  quiet: quietResults(),
  empty: emptyResults(),
  hostile: hostileResults(),
};
const html = renderReport(samples.sample, sampleRunInfo());

interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Every opening tag, the way a browser would cut the text (our attributes are all quoted). */
function tags(text: string): Tag[] {
  const markup = text.replace(content(text, 'script'), '').replace(content(text, 'style'), '');
  return [...markup.matchAll(/<([a-z][\w-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*\/?>/gi)].map(
    (tag) => ({
      name: tag[1]!,
      attributes: Object.fromEntries(
        [...tag[2]!.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)].map((a) => [a[1]!, a[2] ?? '']),
      ),
    }),
  );
}

/** Content of the only element of a name. */
function content(text: string, element: string): string {
  const all = [
    ...text.matchAll(new RegExp(`<${element}(?: [^>]*)?>([\\s\\S]*?)</${element}>`, 'g')),
  ];
  expect(all).toHaveLength(1);
  return all[0]![1]!;
}

describe.each(Object.entries(samples))('the report of %s results', (_, results) => {
  const text = renderReport(results);

  it('has one h1 and skips no level', () => {
    const levels = [...text.matchAll(/<h([1-6])/g)].map((m) => Number(m[1]));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (const [i, level] of levels.entries()) {
      if (i > 0) expect(level - levels[i - 1]!).toBeLessThanOrEqual(1);
    }
  });

  it('refers to nothing outside itself', () => {
    const found = tags(text).filter(
      ({ name, attributes }) =>
        ['link', 'img', 'iframe', 'object', 'embed', 'base', 'use', 'image'].includes(name) ||
        Object.entries(attributes).some(
          ([key, value]) =>
            /^(?:src|srcset|style|on\w+)$/.test(key) || (key === 'href' && !value.startsWith('#')),
        ),
    );
    expect(found).toEqual([]);
    expect(content(text, 'style')).not.toMatch(/url\(|@import/);
  });

  it('prints no number that is none', () => {
    const body = text.slice(text.indexOf('<body>'), text.indexOf('<script>'));
    expect(/.{20}(?:NaN|Infinity|undefined|\[object).{20}/.exec(body)?.[0]).toBeUndefined();
  });

  it('gives every id once and every drawing a title and a description', () => {
    const ids = [...text.matchAll(/\sid="([^"]*)"/g)].map((m) => m[1]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, label] of text.matchAll(
      /<svg class="drawing" role="img" aria-labelledby="([^"]*)"/g,
    )) {
      for (const id of label!.split(' ')) expect(ids).toContain(id);
    }
  });

  it('draws inside its figures, with a data table each', () => {
    const figures = text.match(/<figure /g)?.length ?? 0;
    expect(text.match(/<details class="data">/g)?.length ?? 0).toBe(figures);
  });
});

describe('the report', () => {
  it('answers the questions in the order of the story', () => {
    const headings = [...html.matchAll(/<h2 id="([^"]*)-h">/g)].map((m) => m[1]);
    expect(headings).toEqual([
      'verdict',
      'growth',
      'margin',
      'changes',
      'stages',
      'cost',
      'timeline',
      'tail',
      'exposure',
      'assumptions',
      'not-modelled',
      'trust',
      'reproduce',
      'appendix',
    ]);
  });

  it('registers every section file', () => {
    const files = readdirSync(new URL('./sections', import.meta.url)).filter((f) =>
      f.endsWith('.tsx'),
    );
    expect(sections).toHaveLength(files.length);
  });

  it('allows exactly its own style and script', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!;
    const hash = (text: string): string =>
      `sha256-${createHash('sha256').update(text).digest('base64')}`;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`style-src '${hash(content(html, 'style'))}'`);
    expect(policy).toContain(`script-src '${hash(content(html, 'script'))}'`);
  });

  it('prints the workload under every size', () => {
    const growth = html.slice(html.indexOf('id="growth-0"'), html.indexOf('id="growth-1"'));
    for (const fact of [
      'Services',
      'endpoints',
      'pods',
      'pod changes/s',
      '93.6k',
      '15.6',
      '120k',
    ]) {
      expect(growth).toContain(`>${fact}</text>`);
    }
  });

  it('labels the limit and the target where they are drawn', () => {
    expect(html).toContain('programming: limit 5\u00a0s</text>');
    expect(html).toContain('target 3\u202f000</text>');
    expect(html).toContain('judged at 3\u202f900</text>');
  });

  it('shows nothing seen as a bound, not as zero', () => {
    expect(html).toContain('none seen<span class="sub">at most 1.44\u00a0per million</span>');
  });

  it('shows connection tracking by name, as a cost and as a risk', () => {
    const results = sampleResults();
    for (const { metrics } of results.points) {
      Object.assign(metrics, {
        conntrackEntries: { ...metrics['kernelRules']!, kind: 'gauge', unit: 'count' },
        conntrackDropped: { ...metrics['apiserver.watchEvents']!, kind: 'rate', unit: '1/s' },
      });
    }
    const text = renderReport(results, sampleRunInfo());
    const part = (id: string): string => text.split(`id="${id}"`)[1]!.split('<section')[0]!;
    expect(part('cost')).toContain('Entries in one node’s connection tracking table');
    expect(part('exposure')).toContain('New connections dropped at full tables');
  });

  it('puts assumed and overridden constants before the rest', () => {
    expect(html.indexOf('proxy.ebpf.perEntry')).toBeLessThan(html.indexOf('etcd performance page'));
    expect(html.indexOf('fanout.encodePerByte')).toBeLessThan(
      html.indexOf('etcd performance page'),
    );
  });

  it('prints a recipe that does not depend on how the run was started, and the scenario', () => {
    const text = renderReport(sampleResults(), {
      ...sampleRunInfo(),
      command: 'knetsim run x.yaml --max-time 5s --set cluster.nodes=7',
    });
    expect(text).toContain('<code>knetsim run scenario.yaml --replications 5 --out out</code>');
    expect(text).toContain('<dd>knetsim run x.yaml --max-time 5s --set cluster.nodes=7</dd>');
    expect(html).toContain('kubernetesVersion: &quot;1.34&quot;');
  });

  it('states in the recipe only what the document does not', () => {
    const results = sampleResults();
    const run = { seed: 7, replications: 5 };
    results.scenario.document = { spec: { run } };
    expect(renderReport(results)).toContain(
      '<code>knetsim run scenario.yaml --seed 42 --out out</code>',
    );
    results.scenario.document = { spec: { run: { ...run, seed: 42 } } };
    expect(renderReport(results)).toContain('<code>knetsim run scenario.yaml --out out</code>');
  });

  it('leads with the warning when audits fail or the run is incomplete', () => {
    const results = sampleResults();
    results.points[0]!.audits[0] = { name: 'conservation', ok: false, detail: '3 lost' };
    const text = renderReport(results, {
      ...sampleRunInfo(),
      incomplete: 'shard 2 of 3 is missing',
    });
    expect(text).toContain('1 audit failed');
    expect(text).toContain('shard 2 of 3 is missing');
    expect(text).toContain('iptables-today: 3 lost');
  });

  it('keeps hostile names as text', () => {
    const text = renderReport(hostileResults());
    expect(text.match(/<img/g)).toBeNull();
    expect(text.match(/<\/script>/g)).toHaveLength(1);
    expect(text.match(/<\/style>/g)).toHaveLength(1);
  });

  it('is the same text for the same results', () => {
    expect(renderReport(sampleResults(), sampleRunInfo())).toBe(html);
  });

  it('stays within its budgets', () => {
    const code = content(html, 'script').length + content(html, 'style').length;
    expect(code).toBeLessThan(90_000);
    expect(html.length).toBeLessThan(600_000);
  });

  it('draws more variants than looks in further panels', () => {
    const results = sampleResults();
    const more = ['e', 'f', 'g'].flatMap((name) =>
      results.points.filter((p) => p.variant === 'ebpf').map((p) => ({ ...p, variant: name })),
    );
    const text = renderReport({ ...results, points: [...results.points, ...more] });
    const drawings = [...text.matchAll(/aria-labelledby="(growth-0-\d)-t/g)].map((m) => m[1]);
    expect(drawings).toEqual(['growth-0-0', 'growth-0-1']);
  });
});
