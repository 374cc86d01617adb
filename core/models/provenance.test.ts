import { describe, expect, it } from 'vitest';
import { allConstants } from './index.ts';
import { provenanceOf } from './provenance.ts';
import { proxyModel } from './proxy/registry.ts';

const plan = (model: string, constants: Record<string, number> = {}) => ({
  proxy: { model },
  constants,
});
const idsOf = (...plans: ReturnType<typeof plan>[]) => provenanceOf(plans).map(({ id }) => id);

describe('provenance', () => {
  it('lists the constants of the proxy modes that run, and of no other', () => {
    const own = proxyModel('ipvs').constants.map(({ id }) => id);
    const foreign = proxyModel('ebpf').constants.map(({ id }) => id);
    const ids = idsOf(plan('ipvs'));
    expect(ids).toEqual(expect.arrayContaining(own));
    expect(foreign.filter((id) => !own.includes(id) && ids.includes(id))).toEqual([]);
    expect(idsOf(plan('ipvs'), plan('ebpf'))).toEqual(expect.arrayContaining([...own, ...foreign]));
  });

  it('lists a constant of no proxy mode for every plan, each once, in order of id', () => {
    const ids = idsOf(plan('ipvs'), plan('ebpf'));
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(ids.some((id) => !id.startsWith('proxy.'))).toBe(true);
  });

  it('states the value in force, a row a value', () => {
    const { id, range } = allConstants().find((one) => !one.id.startsWith('proxy.'))!;
    const other = range[1];
    const rows = provenanceOf([plan('ipvs'), plan('ipvs', { [id]: other })]);
    const own = rows.filter((row) => row.id === id);
    expect(own.map(({ overridden }) => overridden).sort()).toEqual([false, true]);
    expect(own.find(({ overridden }) => overridden)?.value).toBe(other);
  });
});
