/** Room to every limit, per SLO and variant, at the size where gates are judged. */
import type { MarginGroup } from '../charts/margin.tsx';
import { Margin } from '../charts/margin.tsx';
import type { TableProps } from '../figure.tsx';
import { Figure, Reason, Table, VerdictBadge } from '../figure.tsx';
import { formatFactor, formatInterval, formatValue } from '../format.ts';
import { roomOf } from '../room.ts';
import type { Section } from '../section.ts';
import { gateName, marginTakeaway } from '../takeaways.ts';
import { gatePoints } from '../view.ts';

export const margin: Section = {
  id: 'margin',
  question: 'How much room is left?',
  short: 'Room',
  render: (view) => {
    const at = gatePoints(view);
    const groups: MarginGroup[] = view.slis.flatMap((sli) => {
      const rows = at.flatMap(({ series, point }) => {
        const slo = point.slos.find((s) => s.name === sli.name);
        return slo === undefined ? [] : [{ series, slo }];
      });
      if (rows.length === 0) return [];
      const limit = sli.limit === undefined ? '' : ` ≤ ${formatValue(sli.limit, sli.unit)}`;
      const gate = sli.gate === 'warn' ? ' (warns only)' : '';
      return [
        {
          name: `${sli.name}: ${sli.subject}${limit}${gate}`,
          rows,
        },
      ];
    });
    if (groups.length === 0) return null;
    const title = marginTakeaway(view);
    const data: TableProps = {
      caption: `Room to every limit at ${gateName(view)}`,
      columns: [
        { label: 'SLO' },
        { label: 'variant' },
        { label: 'value', numeric: true },
        { label: 'interval', numeric: true },
        { label: 'limit', numeric: true },
        { label: 'room', numeric: true },
        { label: 'verdict' },
      ],
      rows: groups.flatMap((group) =>
        group.rows.map(({ series, slo }) => {
          const room = roomOf(slo);
          return {
            key: `${slo.name} ${series.label}`,
            series: series.index,
            cells: [
              slo.name,
              series.label,
              slo.value === undefined ? (
                <Reason text={slo.reason ?? 'no value'} />
              ) : (
                formatValue(slo.value, slo.unit)
              ),
              slo.low === undefined || slo.high === undefined
                ? '–'
                : formatInterval(slo.low, slo.high, slo.unit, slo.value),
              formatValue(slo.limit, slo.unit),
              room === undefined ? '–' : formatFactor(room),
              <VerdictBadge word={slo.verdict} />,
            ],
          };
        }),
      ),
    };
    if (groups.every((group) => group.rows.every(({ slo }) => roomOf(slo) === undefined))) {
      return (
        <>
          <h3>{title}</h3>
          <Table {...data} />
        </>
      );
    }
    return (
      <Figure
        id="margin-0"
        title={title}
        reading={`Limit divided by the upper end of the interval, at ${gateName(view)}. A marker right of 1× holds. Its whisker ends where the lower end of the interval would put it: a whisker across 1× is inconclusive, one that stays in the shade fails.`}
        drawing={
          <Margin
            groups={groups}
            id="margin-0-0"
            title={title}
            desc="Limit divided by the upper end of the interval, one row per SLO and variant; the data table has every number."
          />
        }
        data={data}
      />
    );
  },
};
