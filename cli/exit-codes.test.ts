import { describe, expect, it } from 'vitest';
import { decisive } from './exit-codes.ts';
import { gateCode } from './gate.ts';

describe('exit codes', () => {
  it('are decided in the order 1, 130, 143, 6, 4, 5, 0', () => {
    const order = [1, 130, 143, 6, 4, 5, 0] as const;
    order.forEach((code, i) => {
      expect(decisive([...order.slice(i)].reverse())).toBe(code);
    });
    expect(decisive([])).toBe(0);
  });
});

describe('the gate', () => {
  const slo = (verdict: 'holds' | 'fails' | 'inconclusive') =>
    ({ variant: 'a', at: {}, slos: [{ verdict, gate: 'warn' }] }) as never;
  const base = {
    verdict: { word: 'holds', sentence: '', exitCode: 0 },
    warnings: [],
    points: [],
    variants: [{ name: 'a', candidate: true, title: '' }],
  };
  const results = (changes: object) => ({ ...base, ...changes }) as never;
  const everywhere = () => true;

  it('slo takes the verdict of the results', () => {
    const fails = results({ verdict: { word: 'fails', sentence: '', exitCode: 4 } });
    expect(gateCode('slo', fails, everywhere)).toBe(4);
    expect(gateCode('slo', results({ points: [slo('fails')] }), everywhere)).toBe(0);
  });

  it('none never fails', () => {
    const fails = results({ verdict: { word: 'fails', sentence: '', exitCode: 4 } });
    expect(gateCode('none', fails, everywhere)).toBe(0);
  });

  it('strict also wants SLOs that only warn to hold where the gate is', () => {
    expect(gateCode('strict', results({}), everywhere)).toBe(0);
    expect(gateCode('strict', results({ points: [slo('fails')] }), everywhere)).toBe(4);
    expect(gateCode('strict', results({ points: [slo('inconclusive')] }), everywhere)).toBe(5);
    expect(gateCode('strict', results({ points: [slo('fails')] }), () => false)).toBe(0);
    const variants = [{ name: 'a', candidate: false, title: '' }];
    expect(gateCode('strict', results({ points: [slo('fails')], variants }), everywhere)).toBe(0);
  });

  it('strict wants no warning that puts the verdict in doubt, and lets others pass', () => {
    const warned = (code: string) => results({ warnings: [{ code, text: '' }] });
    for (const code of ['W502', 'W503', 'W601', 'W602', 'W604', 'W606']) {
      expect(gateCode('strict', warned(code), everywhere), code).toBe(5);
      expect(gateCode('slo', warned(code), everywhere), code).toBe(0);
    }
    for (const code of ['W301', 'W302', 'W501', 'W603', 'W605']) {
      expect(gateCode('strict', warned(code), everywhere), code).toBe(0);
    }
    const slos = [{ verdict: 'holds', gate: 'gate', reason: '3 samples were still in flight' }];
    const flying = results({ points: [{ variant: 'a', at: {}, slos }] });
    expect(gateCode('strict', flying, everywhere)).toBe(5);
  });
});
