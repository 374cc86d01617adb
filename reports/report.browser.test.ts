/**
 * Reports in a real browser, from a file, as readers open them: accessibility, policy violations,
 * network, hostile names, narrow screens, print, and the controls.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderReport } from './index.ts';
import { launchChromium } from './testing/chromium.ts';
import { sampleResults, sampleRunInfo } from './testing/sample-results.ts';
import {
  emptyResults,
  hostileResults,
  mixedResults,
  quietResults,
  unsweptResults,
} from './testing/sample-variations.ts';

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const folder = mkdtempSync(join(tmpdir(), 'knetsim-report-'));
const reports = {
  sample: renderReport(sampleResults(), sampleRunInfo()),
  unswept: renderReport(unsweptResults()),
  quiet: renderReport(quietResults()),
  empty: renderReport(emptyResults()),
  mixed: renderReport(mixedResults()),
  hostile: renderReport(hostileResults()),
  /** As a reader gets it whose mail gateway removed the script. */
  scriptless: renderReport(sampleResults()).replace(/<script>[\s\S]*<\/script>/, ''),
};
type Name = keyof typeof reports;
let browser: Browser;

beforeAll(async () => {
  for (const [name, html] of Object.entries(reports))
    writeFileSync(join(folder, `${name}.html`), html);
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Opened {
  readonly page: Page;
  /** Console messages, page errors and dialogs: there should be none. */
  readonly noise: string[];
  /** Requests other than the document itself. */
  readonly requests: string[];
}

async function open(name: Name, options: BrowserContextOptions = {}, hash = ''): Promise<Opened> {
  const context = await browser.newContext({ offline: true, ...options });
  const page = await context.newPage();
  const noise: string[] = [];
  const requests: string[] = [];
  const url = pathToFileURL(join(folder, `${name}.html`)).href;
  page.on('console', (message) => noise.push(message.text()));
  page.on('pageerror', (error) => noise.push(error.message));
  page.on('dialog', (dialog) => {
    noise.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) requests.push(request.url());
  });
  await page.goto(url + hash);
  return { page, noise, requests };
}

/** Runs axe with folded parts open; of the long appendix, one variant. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(
    "document.querySelectorAll('section:not(#appendix) details, #appendix details:first-of-type').forEach((d) => { d.open = true; })",
  );
  await page.evaluate(axeSource);
  const options = JSON.stringify({ runOnly: TAGS, resultTypes: ['violations'] });
  return (await page.evaluate(
    `axe.run(document, ${options}).then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')))`,
  )) as string[];
}

describe('accessibility', () => {
  it.each([
    ['sample', 'light'],
    ['sample', 'dark'],
    ['scriptless', 'light'],
    ['scriptless', 'dark'],
    ['unswept', 'dark'],
    ['quiet', 'light'],
    ['empty', 'dark'],
    ['hostile', 'light'],
  ] as const)('axe finds nothing in the %s report, %s scheme', async (name, colorScheme) => {
    const { page } = await open(name, { colorScheme });
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });

  it('is complete without scripting: everything is there, controls are not', async () => {
    const { page } = await open('sample', { javaScriptEnabled: false });
    expect(await page.locator('.controls').isVisible()).toBe(false);
    expect(await page.getByRole('heading', { level: 2 }).count()).toBe(14);
    expect(await page.locator('#growth-0 svg.drawing').isVisible()).toBe(true);
    await page.locator('#growth-0 summary').click();
    expect(await page.locator('#growth-0 table').isVisible()).toBe(true);
    await page.context().close();
  });
});

describe('a desktop screen', () => {
  it.each(['sample', 'mixed', 'quiet', 'unswept'] as const)(
    'shows every table of the %s report whole, the appendix of all numbers aside',
    async (name) => {
      const { page } = await open(name, { viewport: { width: 1280, height: 900 } });
      const cut = await page.evaluate(`(() => {
        document.querySelectorAll('details').forEach((d) => { d.open = true; });
        return [...document.querySelectorAll('section:not(#appendix) .scroll')]
          .filter((e) => e.scrollWidth > e.clientWidth)
          .map((e) => e.getAttribute('aria-label'));
      })()`);
      expect(cut).toEqual([]);
      await page.context().close();
    },
  );
});

describe('isolation', () => {
  it.each(Object.keys(reports) as Name[])(
    'the %s report asks for nothing and violates no policy',
    async (name) => {
      const { page, noise, requests } = await open(name);
      expect(noise).toEqual([]);
      expect(requests).toEqual([]);
      await page.context().close();
    },
  );

  it('hostile names create no element', async () => {
    const { page } = await open('hostile');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(1);
    expect(await page.locator('h1').textContent()).toContain('<img src=x onerror=alert(1)>');
    await page.context().close();
  });

  it('the policy stops a script that somebody adds', async () => {
    const { page } = await open('sample');
    await page.evaluate(
      "{ const s = document.createElement('script'); s.textContent = 'window.added = 1'; document.body.append(s); }",
    );
    expect(await page.evaluate('window.added')).toBeUndefined();
    await page.context().close();
  });
});

describe('layout', () => {
  it.each([320, 640, 1280])('the page does not scroll sideways at %i px', async (width) => {
    for (const name of ['sample', 'mixed', 'hostile'] as const) {
      const { page } = await open(name, { viewport: { width, height: 800 } });
      const scrollWidth = await page.evaluate('document.documentElement.scrollWidth');
      expect(scrollWidth).toBeLessThanOrEqual(width);
      await page.context().close();
    }
  });

  const drawn = ['sample', 'unswept', 'hostile'] as const;

  it.each(drawn)('no two texts of a drawing overlap in the %s report', async (name) => {
    const { page } = await open(name, { viewport: { width: 1280, height: 800 } });
    const overlaps =
      await page.evaluate(`[...document.querySelectorAll('svg.drawing')].flatMap((svg) => {
      const texts = [...svg.querySelectorAll('text')].map((t) => [t.textContent, t.getBoundingClientRect()]);
      return texts.flatMap(([a, p], i) => texts.slice(i + 1).flatMap(([b, q]) => {
        const x = Math.min(p.right, q.right) - Math.max(p.left, q.left);
        const y = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
        return x > 1 && y > 4 ? [svg.getAttribute('aria-labelledby') + ': ' + a + ' / ' + b] : [];
      }));
    })`);
    expect(overlaps).toEqual([]);
    await page.context().close();
  });

  it.each(drawn)('no text leaves its drawing in the %s report', async (name) => {
    const { page } = await open(name, { viewport: { width: 1280, height: 800 } });
    const outside =
      await page.evaluate(`[...document.querySelectorAll('svg.drawing')].flatMap((svg) => {
      const box = svg.getBoundingClientRect();
      return [...svg.querySelectorAll('text')].filter((t) => {
        const r = t.getBoundingClientRect();
        return r.left < box.left - 1 || r.right > box.right + 1 || r.top < box.top - 1 || r.bottom > box.bottom + 1;
      }).map((t) => svg.getAttribute('aria-labelledby') + ': ' + t.textContent);
    })`);
    expect(outside).toEqual([]);
    await page.context().close();
  });

  it('prints to PDF, light even for a reader in the dark', async () => {
    const { page } = await open('sample', { colorScheme: 'dark' });
    const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(pages).toBeGreaterThan(3);
    expect(pages).toBeLessThan(40);
    await page.emulateMedia({ media: 'print' });
    const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(ground).toBe('rgb(255, 255, 255)');
    expect(await page.locator('.controls').isVisible()).toBe(false);
    await page.context().close();
  });
});

describe('controls', () => {
  it('hide a variant in every figure and table, and write it into the address', async () => {
    const { page } = await open('sample');
    const shown = page.locator('[data-series="1"]:not([data-off])');
    expect(await shown.count()).toBeGreaterThan(10);
    await page.locator('button[data-toggle="1"]').click();
    expect(await shown.count()).toBe(0);
    expect(page.url()).toContain('#hide=ipvs');
    await page.locator('button[data-toggle="1"]').click();
    expect(await shown.count()).toBeGreaterThan(10);
    await page.context().close();
  });

  it('follow a deep link: variant hidden, folded part open', async () => {
    const { page } = await open('sample', {}, '#fig=growth-0&hide=ipvs');
    expect(await page.locator('button[data-toggle="1"]').getAttribute('aria-pressed')).toBe(
      'false',
    );
    await page.context().close();
  });

  it('switch the colour scheme', async () => {
    const { page } = await open('sample', { colorScheme: 'light' });
    await page.locator('button[data-theme-to="dark"]').click();
    const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(ground).toBe('rgb(20, 23, 28)');
    await page.context().close();
  });

  it('swap a drawing for its table and back', async () => {
    const { page } = await open('sample');
    const figure = page.locator('#growth-0');
    await figure.getByRole('button', { name: 'Show as a table' }).click();
    expect(await figure.locator('svg.drawing').isVisible()).toBe(false);
    expect(await figure.getByRole('table').isVisible()).toBe(true);
    await figure.getByRole('button', { name: 'Show the drawing' }).click();
    expect(await figure.locator('svg.drawing').isVisible()).toBe(true);
    await page.context().close();
  });

  it('show what a point says when it is hovered', async () => {
    const { page } = await open('sample', { viewport: { width: 1280, height: 900 } });
    await page.locator('#growth-0 g[data-series="2"] .point .hit').nth(3).hover();
    await expect
      .poll(() => page.locator('.tip').textContent())
      .toContain('nftables, 3\u202f900 nodes');
    await page.context().close();
  });
});
