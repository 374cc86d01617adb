/** Paper cannot unfold: opens every folded part for printing, and closes it again. */

export function printDetails(): void {
  const opened = new Set<HTMLDetailsElement>();
  addEventListener('beforeprint', () => {
    for (const part of document.querySelectorAll<HTMLDetailsElement>('details:not([open])')) {
      part.open = true;
      opened.add(part);
    }
  });
  addEventListener('afterprint', () => {
    for (const part of opened) part.open = false;
    opened.clear();
  });
}
