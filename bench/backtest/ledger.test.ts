import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { constant } from '../../core/constant.ts';
import { allConstants, constantById } from '../../core/models/index.ts';
import { leaveSourcesOut } from './leave-out.ts';
import { allRows, isEvidence, ledgerOf, quickRows } from './ledger.ts';
import { SET_ELSEWHERE } from './not-usable.ts';
import { pipelineRows } from './pipeline-rows.ts';
import { atDeclared, isInside, predict, predictReading } from './propagate.ts';
import { exactly, plusMinus, type Row } from './row.ts';
import { SOURCES } from './sources.ts';
import { cellsOf, publishedRows } from './words.ts';

const ledger = ledgerOf(quickRows());

function row(over: Partial<Row>): Row {
  return {
    id: 'example',
    models: ['example'],
    source: 'tigera',
    about: 'example',
    conditions: 'None.',
    unit: 'ns',
    measured: exactly(100),
    readings: [],
    sets: [],
    kind: 'published',
    ...over,
  };
}

const source = { kind: 'assumed', ref: 'test' } as const;
const one = (id: string, value: number, low: number, high: number) =>
  constant({ id, value, unit: 'ns', range: [low, high], about: 'test', source });

describe('predicted intervals', () => {
  const a = one('a', 10, 5, 20);
  const b = one('b', 10, 10, 30);

  it('combine the factors of constants in quadrature, each side for itself', () => {
    const { value, low, high } = predictReading({
      setting: 'product',
      at: (read) => read(a) * read(b),
    });
    expect(value).toBe(100);
    expect(low).toBeCloseTo(50, 9);
    expect(high).toBeCloseTo(100 * Math.exp(Math.hypot(Math.log(2), Math.log(3))), 9);
  });

  it('move a constant down when that makes the prediction greater', () => {
    const { low, high } = predictReading({ setting: 'inverse', at: (read) => 1000 / read(b) });
    expect([low, high].map((end) => Math.round(1000 * end) / 1000)).toEqual([33.333, 100]);
  });

  it('span all readings, around their geometric middle', () => {
    const readings = [4, 100].map((times) => ({
      setting: `${times}`,
      at: (read: (of: typeof a) => number) => times * read(a),
    }));
    const { value, low, high } = predict(row({ readings }));
    expect(value).toBeCloseTo(200, 9);
    expect(low).toBeCloseTo(20, 9);
    expect(high).toBeCloseTo(2000, 9);
  });

  it('hold a figure when its reading error reaches into them', () => {
    const predicted = { value: 100, low: 90, high: 110 };
    expect(isInside(plusMinus(112, 2), predicted)).toBe(true);
    expect(isInside(plusMinus(112, 1), predicted)).toBe(false);
    expect(isInside(plusMinus(85, 4), predicted)).toBe(false);
  });

  it('of fitted constants hold the published restore that measurement missed by a factor of 290', () => {
    const restore = ledger.rows.find(({ id }) => id === 'issue-96018/restore')!;
    expect(restore.predicted.value / restore.measured.value).toBeGreaterThan(100);
    expect(restore.inside).toBe(true);
  });
});

describe('the rows', () => {
  it('have unique ids and sources that exist, and every published source has one', () => {
    const rows = allRows();
    const ids = rows.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const used = new Set(rows.map(({ source: of }) => of));
    expect([...Object.keys(SOURCES)].filter((id) => !used.has(id as never))).toEqual([]);
  });

  it('name constants that exist, and at least one for each kernel path or command', () => {
    for (const { id, sets, ranges = [], kind, source: of } of quickRows()) {
      for (const name of [...sets, ...ranges])
        expect(constantById(name), `${id}: ${name}`).toBeDefined();
      if (kind === 'kernel' && of !== '8-etcd') expect(sets.length, id).toBeGreaterThan(0);
    }
  });

  it('cover every constant of a proxy mode that was fitted to programming or measured on a path', () => {
    const set = new Set(quickRows().flatMap(({ sets }) => sets));
    const fitted = allConstants().filter(({ source: { ref } }) => ref.includes('fit-kernel.ts'));
    expect(fitted.length).toBeGreaterThan(20);
    const missing = fitted.map(({ id }) => id).filter((id) => !set.has(id));
    expect(missing).toEqual([]);
    for (const id of Object.keys(SET_ELSEWHERE)) {
      expect(constantById(id), id).toBeDefined();
      expect(set.has(id), id).toBe(false);
    }
  });

  it('are at least three for each constant that was set from them, in every model', () => {
    for (const { model, rows, freeParameters } of ledger.summary.models) {
      expect(freeParameters, model).toBeLessThanOrEqual(rows / 3);
    }
  });

  it('do not count what was fitted or merely counted as evidence', () => {
    const evidence = ledger.rows.filter(isEvidence);
    expect(evidence.some(({ kind }) => kind !== 'published')).toBe(false);
    for (const fitted of ['issue-138073/build', 'issue-96018/restore', 'issue-73382/sync']) {
      expect(
        evidence.some(({ id }) => id === fitted),
        fitted,
      ).toBe(false);
    }
    expect(evidence.length).toBe(ledger.summary.evidence.rows);
    expect(evidence.length).toBeGreaterThan(35);
  });

  it('narrow to one model, whose summary stands alone', () => {
    const ipvs = ledgerOf(quickRows(), 'ipvs');
    expect(ipvs.rows.length).toBe(9);
    expect(ipvs.summary.models.map(({ model }) => model)).toEqual(['ipvs']);
  });
});

describe('leaving a source out', () => {
  it('predicts its rows from the others, and not with what only it determines', () => {
    const hop = constantById('dataplane.routed-hop.hot')!;
    const veth = constantById('dataplane.direct-veth.hot')!;
    const chain = (hops: number, of: Row['source'], ns: number) =>
      row({
        id: `${of}/${hops}`,
        source: of,
        measured: exactly(ns),
        sets: hops === 0 ? [veth.id] : [veth.id, hop.id],
        readings: [{ setting: 'chain', at: (read) => read(veth) + hops * read(hop) }],
      });
    const rows = [
      chain(0, 'tigera', 1000),
      chain(4, 'tigera', 3000),
      chain(2, 'imroc', 2000),
      chain(6, 'imroc', 8000),
    ];
    const [tigera, imroc] = leaveSourcesOut('example', rows);
    expect(imroc).toMatchObject({ source: 'imroc', rows: 2, predicted: 2 });
    expect(imroc!.greatestError).toBeCloseTo(0.5, 2);
    expect(tigera!.source).toBe('tigera');
    const [alone] = leaveSourcesOut('example', [rows[0]!, rows[1]!]);
    expect(alone).toMatchObject({ rows: 2, predicted: 0, medianError: null });
  });

  it('leaves sources of every fitted proxy mode predicted by the others within a half', () => {
    for (const { model, sources } of ledger.summary.models) {
      if (!['iptables-legacy', 'iptables-nft', 'nftables'].includes(model)) continue;
      const predicted = sources.filter(({ predicted: rows }) => rows > 0);
      expect(predicted.length, model).toBeGreaterThan(3);
      for (const { greatestError, source: of } of predicted) {
        expect(greatestError!, `${model}, ${of}`).toBeLessThan(0.5);
      }
    }
  });
});

describe('docs/validation.md', () => {
  // Formatted tables are padded to columns.
  const text = readFileSync(
    fileURLToPath(new URL('../../docs/validation.md', import.meta.url)),
    'utf8',
  ).replaceAll(/ +/g, ' ');
  const spaced = (cell: string) => cell.replaceAll('\u202f', ',').replaceAll('\u00a0', ' ');
  const lines = text.split('\n').filter((line) => line.startsWith('| ['));

  it('shows every published row that needs no run as the program prints it', () => {
    for (const entry of publishedRows(ledger)) {
      const { point, measured, predicted, interval, error, inside } = cellsOf(entry);
      const name = entry.why === undefined ? point : `[${point}](#${entry.why})`;
      const cells = [name, measured, predicted, interval, error, inside, entry.source];
      expect(text).toContain(spaced(`| ${cells.join(' | ')} |`));
    }
  });

  it('shows what runs of the scale test predict at the declared constants', () => {
    for (const { about, readings, unit, measured, ...rest } of pipelineRows()) {
      const value = atDeclared(readings[0]!);
      const predicted = { value, low: value, high: value };
      const entry = {
        ...rest,
        about,
        unit,
        measured,
        predicted,
        error: value / measured.value - 1,
      };
      const cells = cellsOf({
        ...entry,
        readings: [],
        inside: true,
        usedForFitting: false,
      } as never);
      const line = lines.find((found) => found.includes(about))!;
      expect(line).toContain(spaced(`| ${cells.measured} | ${cells.predicted} |`));
    }
  });

  it('has a section for every reason that a row refers to', () => {
    for (const { why } of allRows())
      if (why !== undefined) expect(text).toContain(`\n### ${why}\n`);
  });

  it('counts what is inside as its own table has it', () => {
    const table = text
      .split('\n')
      .filter((line) => /^\| .* \| (yes|no)(, \w+)? \| [\w-]+ \|$/.test(line));
    const evidence = table.filter((line) => /\| (yes|no) \|/.test(line));
    const inside = evidence.filter((line) => line.includes('| yes |'));
    expect(text).toContain(`${inside.length} of ${evidence.length} published points`);
  });
});
