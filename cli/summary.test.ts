import { describe, expect, it } from 'vitest';
import type { Point, Results } from '../core/results.ts';
import { sampleResults } from '../reports/testing/sample-results.ts';
import {
  quietResults,
  singleVariantResults,
  unsweptResults,
} from '../reports/testing/sample-variations.ts';
import { summary, verdictLine } from './summary.ts';
import { shown } from './terminal.ts';

const look = { columns: 200, style: (_: unknown, text: string) => text };

function linesOf(results: Results, columns = 200): string[] {
  const gateAt = results.target?.gateAt;
  const gated = ({ at }: Pick<Point, 'at'>) => at['cluster.nodes'] === gateAt;
  const lines = summary(results, { allPoints: false, gated }, { ...look, columns });
  return lines.map((line) => shown(line, false));
}

describe('summary', () => {
  it('starts with the verdict as a sentence', () => {
    const results = sampleResults();
    const [first] = linesOf(results);
    expect(first).toBe(shown(verdictLine(results, look), false));
    expect(first).toContain(shown(results.verdict.sentence, false));
  });

  it('states each SLO at the gate with its interval, and the margin as limit by upper bound', () => {
    const results = singleVariantResults();
    const point = results.points.find(({ at }) => at['cluster.nodes'] === results.target?.gateAt)!;
    const { high, limit } = point.slos[0]!;
    const row = linesOf(results).find((line) => line.includes('programming '))!;
    expect(row).toMatch(/p99 ≤ 5 s +1\.26 s \[1\.2 to 1\.32 s\]/);
    const margin = Number(/([\d.,]+)×$/.exec(row)![1]);
    expect(margin).toBeCloseTo(limit / high!, 1);
  });

  it('says no hit as none among windows with an upper bound, never as 0 %', () => {
    const row = linesOf(sampleResults()).find((line) => /ebpf.*misdelivery/.test(line))!;
    expect(row).toMatch(/0 in 5,200 exposure windows \(≤ .+\)/);
    expect(row).not.toContain('0 %');
  });

  it('says why there is no value', () => {
    expect(linesOf(quietResults()).join('\n')).toContain(
      'programming has no value: no change happened',
    );
  });

  it('says why a value within the limit proves nothing, and gives it no margin', () => {
    const results = singleVariantResults();
    const reason = 'nothing was at risk: no request was sent';
    const points = results.points.map((point) => ({
      ...point,
      slos: point.slos.map((slo) => ({ ...slo, verdict: 'inconclusive' as const, reason })),
    }));
    const lines = linesOf({ ...results, points });
    expect(lines).toContain(`  programming is undecided: ${reason}`);
    expect(lines.find((line) => line.includes('programming '))).toMatch(/–$/);
  });

  it('leaves out the heading of the stages where none is known', () => {
    const results = singleVariantResults();
    const points = results.points.map((point) => ({
      ...point,
      stages: { networkProgramming: { mean: {}, p99: {}, tail: {} } },
    }));
    expect(linesOf({ ...results, points }).join('\n')).not.toContain('Where the time goes');
  });

  it('draws stages as bars for one variant, as columns for several', () => {
    const bars = linesOf(singleVariantResults()).filter((line) => line.includes('█'));
    expect(bars).toHaveLength(8);
    const columns = linesOf(sampleResults()).find((line) => line.includes('kernel takes'))!;
    expect(columns.match(/\d (s|ms|µs)/g)).toHaveLength(4);
  });

  it('drops the stages first on a narrow terminal', () => {
    const narrow = linesOf(sampleResults(), 40).join('\n');
    expect(narrow).not.toContain('Where the time goes');
    expect(narrow).toContain('largest size that holds');
  });

  it('shows sizes in order even if some points are missing', () => {
    const results = sampleResults();
    const [first, ...others] = results.points;
    const header = linesOf({ ...results, points: [...others, first!] }) //
      .find((line) => line.includes('largest size'))!;
    expect(header).toMatch(/ 100 +500 +1,000 +3,900 \(gate\) +5,000 /);
    const without = linesOf({ ...results, points: others }) //
      .find((line) => line.startsWith(`  ${first!.variant}`) && line.includes('·'));
    expect(without).toBeDefined();
  });

  it('has no table of sizes where nothing is swept', () => {
    expect(linesOf(unsweptResults()).join('\n')).not.toContain('largest size');
  });
});
