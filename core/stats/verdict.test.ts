import { describe, expect, it } from 'vitest';
import type { Experiment } from '../experiment.ts';
import { metricById } from '../metrics/registry.ts';
import { experiment, PROGRAMMING_SLO } from './cell-fixture.ts';
import type { JudgedPoint } from './judged-point.ts';
import { cellsAround, judgedAt, judgedFrom } from './judged-point-fixture.ts';
import { decide } from './verdict.ts';

function decideOn(points: readonly JudgedPoint[], parts: Partial<Experiment> = {}) {
  return decide(
    experiment(
      points.map((one) => one.point),
      parts,
    ),
    points,
  );
}

const notCandidate = (...names: string[]) =>
  ['iptables', 'ipvs'].map((name) => ({
    name,
    candidate: !names.includes(name),
    title: name,
    spec: {},
  }));

describe('decision of the gate', () => {
  it('is 0 when every candidate holds, and says on what it rests', () => {
    const points = [judgedAt('ipvs', 6500, 1, true), judgedAt('ebpf', 6500, 1, true)];
    expect(decideOn(points)).toEqual({
      word: 'holds',
      exitCode: 0,
      sentence:
        'ipvs and ebpf meet every limit at 6,500 nodes, if the constants of the model are right.',
    });
  });

  it('is 4 when one of several candidates fails, bad news first', () => {
    const points = [judgedAt('ipvs', 6500, 1, true), judgedAt('iptables', 6500, 14, true)];
    const { word, exitCode, sentence } = decideOn(points);
    expect([word, exitCode]).toEqual(['fails', 4]);
    expect(sentence).toMatch(
      /^iptables fails at 6,500 nodes: network programming latency \(99% quantile\) is 1\d\.\d s/,
    );
    expect(sentence).toMatch(/the limit is 5 s\. ipvs meets every limit at 6,500 nodes, if/);
  });

  it('is 5 when a candidate is undecided and none fails', () => {
    const { word, exitCode, sentence } = decideOn([judgedAt('ipvs', 6500, 5, true)]);
    expect([word, exitCode]).toEqual(['inconclusive', 5]);
    expect(sentence).toContain('ipvs is undecided at 6,500 nodes');
  });

  it('gives the reason when there is no value', () => {
    const points = [
      judgedFrom(
        'ipvs',
        6500,
        cellsAround(1).map((one) => ({ ...one, distributions: {} })),
        { gated: true },
      ),
    ];
    expect(decideOn(points).sentence).toContain(
      'has no value because no EndpointSlice was written in the measured window; the limit is 5 s',
    );
  });

  it('says why it is undecided although the interval is within the limit', () => {
    const trials = {
      hits: 0,
      trials: 30_000,
      windows: 0,
      hitWindows: 0,
      exposedNs: [0, 0] as const,
    };
    const cells = cellsAround(1).map((one) => ({ ...one, exposures: { misdelivered: trials } }));
    const slo = { name: 'safe', metric: 'misdelivered', limit: 1e-3, gate: 'gate' as const };
    const points = [judgedFrom('ipvs', 6500, cells, { gated: true, slos: [slo] })];
    const { whenEmpty } = metricById('misdelivered')!;
    const { word, sentence } = decideOn(points, { slos: [slo] });
    expect(word).toBe('inconclusive');
    expect(sentence).toContain(`is 0% (95% interval 0% to 33.3 per million), but ${whenEmpty}; `);
    expect(sentence).toContain('the limit is 0.1%');
  });

  it('ignores a variant that is no candidate, and still mentions it', () => {
    const points = [judgedAt('iptables', 6500, 14, true), judgedAt('ipvs', 6500, 1, true)];
    const { exitCode, sentence } = decideOn(points, { variants: notCandidate('iptables') });
    expect(exitCode).toBe(0);
    expect(sentence).toMatch(/ iptables, no candidate, fails there\.$/);
  });

  it('ignores points at which no gate is judged', () => {
    const points = [judgedAt('ipvs', 6500, 1, true), judgedAt('ipvs', 9000, 14)];
    expect(decideOn(points).exitCode).toBe(0);
  });

  it('is 5 when the gate point of a candidate was not simulated', () => {
    const points = [judgedAt('ipvs', 6500, 1, true), judgedAt('iptables', 6500, 1, true)];
    const asked = experiment(points.map((one) => one.point));
    const { exitCode, sentence } = decide(asked, points.slice(0, 1));
    expect(exitCode).toBe(5);
    expect(sentence).toContain('iptables is undecided: it was not simulated');
  });

  it('is none without a gated SLO, and without a candidate', () => {
    const points = [judgedAt('ipvs', 6500, 14, true)];
    const slos = [{ ...PROGRAMMING_SLO, gate: 'warn' as const }];
    expect(decideOn(points, { slos })).toMatchObject({ word: 'none', exitCode: 0 });
    expect(decideOn(points, { slos }).sentence).toBe('Every SLO only warns: nothing is gated.');
    const none = decideOn(points, { slos: [] }).sentence;
    expect(none).toBe('The scenario has no slos: nothing is judged.');
    const variants = [{ name: 'ipvs', candidate: false, title: 'IPVS', spec: {} }];
    expect(decideOn(points, { variants })).toMatchObject({ word: 'none', exitCode: 0 });
  });
});
