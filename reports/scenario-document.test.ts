import { describe, expect, it } from 'vitest';
import { decisionOf, durationOf, eventsOf } from './scenario-document.ts';

describe('durations', () => {
  it('are Go durations', () => {
    expect(durationOf('1m30s')).toBe(90);
    expect(durationOf('1.5h')).toBe(5400);
    expect(durationOf('250ms')).toBe(0.25);
  });

  it('are nothing else', () => {
    for (const text of ['', '5', '5 s', 's', '-1s', 3, null])
      expect(durationOf(text)).toBeUndefined();
  });
});

describe('events', () => {
  it('come in order of time, with their label or their action', () => {
    const events = [
      { at: '6m', scale: 'deployment/web', replicas: 45 },
      { at: '2m', rollingUpdate: 'deployment/web', label: 'release' },
      { at: '7m', addNodes: 3 },
      { at: '8m', restartAgents: '*' },
      { at: '9m', upgradeAgents: 'first', to: { kubernetesVersion: '1.34' } },
      { at: '10m', apiserverOutage: 0, for: '30s' },
    ];
    expect(eventsOf({ spec: { events } })).toEqual([
      { seconds: 120, label: 'release' },
      { seconds: 360, label: 'scale deployment/web' },
      { seconds: 420, label: 'addNodes 3' },
      { seconds: 480, label: 'restart *' },
      { seconds: 540, label: 'upgrade first' },
      { seconds: 600, label: 'outage of apiserver 0' },
    ]);
  });

  it('are none in a document of any other shape', () => {
    for (const document of [
      null,
      3,
      'x',
      {},
      { spec: { events: 'x' } },
      { spec: { events: [1] } },
    ]) {
      expect(eventsOf(document)).toEqual([]);
    }
  });
});

it('the decision is an annotation, and only a text', () => {
  const annotated = (value: unknown): unknown => ({
    metadata: { annotations: { 'knetsim.dev/decision': value } },
  });
  expect(decisionOf(annotated('Which proxy?'))).toBe('Which proxy?');
  expect(decisionOf(annotated(3))).toBeUndefined();
  expect(decisionOf(undefined)).toBeUndefined();
});
