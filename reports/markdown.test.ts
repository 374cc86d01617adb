import { describe, expect, it } from 'vitest';
import { renderMarkdown } from './markdown.ts';
import { sampleResults } from './testing/sample-results.ts';
import { emptyResults, hostileResults } from './testing/sample-variations.ts';

const plain = (text: string): string => text.replace(/[\u202f\u00a0]/g, ' ');

describe('the Markdown form', () => {
  it('has the verdict and a row per variant', () => {
    const text = plain(renderMarkdown(sampleResults()));
    expect(text).toContain('**? inconclusive.** At 3 900 nodes nftables and ebpf hold');
    expect(text).toContain(
      '| nftables | ✔ holds | programming ≤ 5 s | 1.26 s | 1.2 to 1.32 s | 3.77× | ≥ 5 000 |',
    );
    expect(text).toContain('| iptables-today (not a candidate) | ✘ fails |');
    expect(text).toContain('- Not modelled: IPv6 and dual stack');
  });

  it('keeps its table when names try to end it', () => {
    const text = renderMarkdown(hostileResults());
    expect(text).not.toContain('<img');
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(8);
  });

  it('says what happened when there is nothing to show', () => {
    expect(renderMarkdown(emptyResults())).toContain('No point was simulated.');
  });
});
