/** How the numbers came about: replications, warm-up, precision reached, audits. */
import type { JSX } from 'preact';
import { Table } from '../figure.tsx';
import { formatCount, formatNumber, formatSeconds } from '../format.ts';
import type { Section } from '../section.ts';
import type { View } from '../view.ts';
import { gatePoints, readingAt, unique } from '../view.ts';
import { counted } from '../words.ts';

export const trust: Section = {
  id: 'trust',
  question: 'Can I trust the run?',
  short: 'Trust',
  render: (view) => {
    if (view.results.points.length === 0) return null;
    return (
      <>
        <h3>{auditSentence(view)}</h3>
        <Audits view={view} />
        <Precision view={view} />
      </>
    );
  },
};

function auditSentence(view: View): string {
  const audits = view.results.points.flatMap((p) => p.audits);
  const failed = audits.filter((a) => !a.ok).length;
  if (audits.length === 0) return 'No audit was recorded';
  return failed === 0
    ? `${audits.length === 1 ? 'The only audit' : `All ${formatCount(audits.length)} audits`} passed, at ${counted(view.results.points.length, 'point')}`
    : `${formatCount(failed)} of ${counted(audits.length, 'audit')} failed`;
}

function Audits({ view }: { view: View }): JSX.Element | null {
  const { points } = view.results;
  const names = unique(points.flatMap((p) => p.audits.map((a) => a.name)));
  if (names.length === 0) return null;
  return (
    <Table
      caption="Invariants checked in every replication"
      showCaption
      columns={[{ label: 'Audit' }, { label: 'passed at', numeric: true }, { label: 'failures' }]}
      rows={names.map((name) => {
        const all = points.flatMap((p) =>
          p.audits.filter((a) => a.name === name).map((audit) => ({ audit, variant: p.variant })),
        );
        const failed = all.filter(({ audit }) => !audit.ok);
        return {
          key: name,
          cells: [
            name,
            `${formatCount(all.length - failed.length)} of ${counted(all.length, 'point')}`,
            failed
              .map(({ audit, variant }) => `${variant}: ${audit.detail ?? 'failed'}`)
              .join('; ') || 'none',
          ],
        };
      })}
    />
  );
}

function Precision({ view }: { view: View }): JSX.Element {
  const sli = view.slis[0];
  return (
    <Table
      caption="Replications and the precision they reached"
      showCaption
      columns={[
        { label: 'Variant' },
        { label: 'replications', numeric: true },
        { label: 'warm-up', numeric: true },
        { label: 'measured', numeric: true },
        { label: 'events', numeric: true },
        { label: sli === undefined ? 'interval' : `interval of ${sli.subject}`, numeric: true },
      ]}
      rows={gatePoints(view).map(({ series, point }) => {
        const reading = sli === undefined ? undefined : readingAt(point, sli);
        return {
          key: series.label,
          series: series.index,
          cells: [
            series.label,
            formatCount(point.replications),
            formatSeconds(point.warmUpSeconds),
            formatSeconds(point.horizonSeconds),
            formatCount(point.events),
            reading === undefined || reading.value <= 0 || reading.low === reading.high
              ? '–'
              : `±${formatNumber((50 * (reading.high - reading.low)) / reading.value)}%`,
          ],
        };
      })}
    />
  );
}
