/** A button on every figure that shows its table in place of its drawing. */

export function tableButtons(): void {
  for (const figure of document.querySelectorAll('figure')) {
    const table = figure.querySelector<HTMLDetailsElement>('details.data');
    if (table === null) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'as-table';
    const label = (): void => {
      const asTable = figure.dataset.view === 'table';
      button.textContent = asTable ? 'Show the drawing' : 'Show as a table';
    };
    button.addEventListener('click', () => {
      const asTable = figure.dataset.view !== 'table';
      if (asTable) figure.dataset.view = 'table';
      else delete figure.dataset.view;
      table.open = asTable;
      label();
    });
    label();
    table.before(button);
  }
}
