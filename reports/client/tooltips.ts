/** Shows what a point's title says at once, in the page's own style, instead of after a delay. */

export function tooltips(): void {
  const tip = document.createElement('div');
  tip.className = 'tip';
  tip.hidden = true;
  document.body.append(tip);

  const texts = new WeakMap<Element, string>();
  for (const point of document.querySelectorAll('.point')) {
    const title = point.querySelector(':scope > title');
    if (title?.textContent == null) continue;
    texts.set(point, title.textContent);
    title.remove();
  }
  document.addEventListener('pointermove', (event) => {
    const point = event.target instanceof Element ? event.target.closest('.point') : null;
    const text = point === null ? undefined : texts.get(point);
    tip.hidden = text === undefined;
    if (text === undefined) return;
    tip.textContent = text;
    const { width, height } = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(event.clientX + 14, innerWidth - width - 8))}px`;
    tip.style.top = `${Math.max(8, event.clientY - height - 14)}px`;
  });
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape') tip.hidden = true;
  });
}
