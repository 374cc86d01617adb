import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { didYouMean, editDistance, suggest } from './suggest.ts';

describe('did-you-mean', () => {
  it('counts a swap of neighbours as one slip', () => {
    expect(editDistance('nodse', 'nodes')).toBe(1);
  });

  it('is a distance: zero only for equals, the same both ways', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });

  it('names the nearest, and nothing that is far', () => {
    expect(suggest('iptable', ['ipvs', 'iptables', 'nftables'])).toBe('iptables');
    expect(suggest('calico', ['ipvs', 'iptables', 'nftables', 'ebpf'])).toBeUndefined();
  });

  it('says nothing of what is no text, or near to nothing', () => {
    expect(didYouMean('Ingres', ['Ingress', 'Egress'])).toBe('did you mean Ingress? ');
    expect([didYouMean(7, ['Ingress']), didYouMean('calico', ['Ingress'])]).toEqual(['', '']);
  });
});
