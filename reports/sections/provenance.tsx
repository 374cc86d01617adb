/** Every constant with its source: what was guessed or overridden first, the rest folded. */
import type { JSX } from 'preact';
import type { Provenance } from '../../core/results.ts';
import { Table } from '../figure.tsx';
import { formatValue } from '../format.ts';
import type { Section } from '../section.ts';
import { provenanceTakeaway } from '../takeaways.ts';

export const provenance: Section = {
  id: 'assumptions',
  question: 'What did we assume?',
  short: 'Assumptions',
  render: (view) => {
    const all = view.results.provenance;
    if (all.length === 0) return null;
    const doubtful = all.filter((p) => p.overridden || p.source.kind === 'assumed');
    const rest = all.filter((p) => !doubtful.includes(p));
    return (
      <>
        <h3>{provenanceTakeaway(view)}</h3>
        {doubtful.length > 0 && <Constants caption="Assumed or overridden" constants={doubtful} />}
        {rest.length > 0 && (
          <details>
            <summary>{`Measured, published and derived constants (${rest.length})`}</summary>
            <Constants caption="Measured, published and derived" constants={rest} />
          </details>
        )}
      </>
    );
  },
};

function Constants({
  caption,
  constants,
}: {
  caption: string;
  constants: readonly Provenance[];
}): JSX.Element {
  return (
    <Table
      caption={caption}
      showCaption
      className="constants"
      columns={[
        { label: 'Constant' },
        { label: 'value, and what is allowed', numeric: true },
        { label: 'source' },
      ]}
      rows={constants.map((constant) => ({
        key: constant.id,
        cells: [
          <>
            {constant.about}
            <span class="sub">{constant.id}</span>
          </>,
          <>
            {formatValue(constant.value, constant.unit)}
            <span class="sub">
              {constant.range.map((end) => formatValue(end, constant.unit)).join(' to ')}
            </span>
          </>,
          <>
            <span class={`tag ${constant.overridden ? 'overridden' : ''}`}>
              {constant.overridden ? 'overridden' : constant.source.kind}
            </span>{' '}
            {constant.overridden ? `default was ${constant.source.kind}: ` : ''}
            {constant.source.ref}
            {constant.source.setup !== undefined && (
              <span class="sub">{constant.source.setup}</span>
            )}
          </>,
        ],
      }))}
    />
  );
}
