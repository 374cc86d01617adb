/** What the scenario contains, or a reader may expect, that the simulation leaves out. */
import type { ModelText, NotModelled } from '../../core/results.ts';
import type { Section } from '../section.ts';

export const notModelled: Section = {
  id: 'not-modelled',
  question: 'What is not modelled?',
  short: 'Not modelled',
  render: (view) => {
    const { notModelled: left, models } = view.results;
    return (
      <>
        {left.length > 0 ? (
          <LeftOut items={left} />
        ) : (
          <p>Nothing that this scenario asks for was left out.</p>
        )}
        {models.map((model) => (
          <ModelLimits key={model.id} model={model} />
        ))}
      </>
    );
  },
};

function LeftOut({ items }: { readonly items: readonly NotModelled[] }) {
  return (
    <ul class="left-out">
      {items.map((item, i) => (
        <li key={i}>
          <strong>{item.what}</strong>: {item.why}
        </li>
      ))}
    </ul>
  );
}

function ModelLimits({ model }: { readonly model: ModelText }) {
  return (
    <>
      <h3>
        {model.title} leaves out{lifecycleOf(model)}
      </h3>
      <ul class="left-out">
        {model.ignores.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </>
  );
}

/** ` (deprecated since 1.35, removed in 1.43)`, or nothing. */
function lifecycleOf({ lifecycle }: ModelText): string {
  if (lifecycle?.deprecated === undefined) return '';
  const removed = lifecycle.removed === undefined ? '' : `, removed in ${lifecycle.removed}`;
  return ` (deprecated since ${lifecycle.deprecated}${removed})`;
}
