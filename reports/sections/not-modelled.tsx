/** What the scenario contains, or a reader may expect, that the simulation leaves out. */
import type { Section } from '../section.ts';

export const notModelled: Section = {
  id: 'not-modelled',
  question: 'What is not modelled?',
  short: 'Not modelled',
  render: (view) => {
    const all = view.results.notModelled;
    if (all.length === 0) return <p>Nothing that this scenario asks for was left out.</p>;
    return (
      <ul class="left-out">
        {all.map((item, i) => (
          <li key={i}>
            <strong>{item.what}</strong>: {item.why}
            {item.where !== undefined && <span class="sub"> {item.where}</span>}
          </li>
        ))}
      </ul>
    );
  },
};
