/**
 * The address mirrors the state: `#growth` is a plain anchor, `#fig=growth-0&hide=ipvs` also says
 * which variants are hidden. A link into a folded part unfolds it.
 */
import type { VariantSwitch } from './variants.ts';

export function deepLinks(variants: VariantSwitch): void {
  const follow = (): void => {
    const hash = decode(location.hash.slice(1));
    const state = hash.includes('=') ? new URLSearchParams(location.hash.slice(1)) : undefined;
    if (state !== undefined) variants.hide(state.getAll('hide'));
    const target = document.getElementById(state?.get('fig') ?? hash);
    if (target === null) return;
    for (let at: Element | null = target; at !== null; at = at.parentElement) {
      if (at instanceof HTMLDetailsElement) at.open = true;
    }
    target.scrollIntoView();
  };
  variants.onChange(() => {
    const state = new URLSearchParams(location.hash.includes('=') ? location.hash.slice(1) : '');
    state.delete('hide');
    for (const name of variants.hidden()) state.append('hide', name);
    history.replaceState(null, '', `#${state.toString()}`);
  });
  addEventListener('hashchange', follow);
  if (location.hash.length > 1) follow();
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
