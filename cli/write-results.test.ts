import { expect, it } from 'vitest';
import { sampleResults, sampleRunInfo } from '../reports/testing/sample-results.ts';
import { writeResults } from './write-results.ts';

it('results are written before anything that can be made again from them', async () => {
  const written: string[] = [];
  const flags = { out: 'out', report: 'r.html', md: 'r.md' };
  await writeResults(sampleResults(), sampleRunInfo(), flags, async (file) => {
    written.push(file);
  });
  expect(written[0]).toBe('out/results.json');
  expect(written.slice(1)).toEqual(['out/run-info.json', 'out/report.html', 'r.html', 'r.md']);
});
