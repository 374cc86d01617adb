/** Variant toggles: hide a series in every figure and table at once. Scales do not move. */

export interface VariantSwitch {
  readonly hidden: () => string[];
  readonly hide: (names: readonly string[]) => void;
  readonly onChange: (listener: () => void) => void;
}

export function variantButtons(): VariantSwitch {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('[data-toggle]')];
  const listeners: (() => void)[] = [];

  const set = (button: HTMLButtonElement, on: boolean): void => {
    button.setAttribute('aria-pressed', String(on));
    const index = Number(button.dataset.toggle);
    for (const part of document.querySelectorAll(`[data-series="${index}"]`)) {
      part.toggleAttribute('data-off', !on);
    }
  };
  for (const button of buttons) {
    button.addEventListener('click', () => {
      set(button, button.getAttribute('aria-pressed') !== 'true');
      for (const listener of listeners) listener();
    });
  }
  const nameOf = (button: HTMLButtonElement): string => button.dataset.name ?? '';
  return {
    hidden: () => buttons.filter((b) => b.getAttribute('aria-pressed') === 'false').map(nameOf),
    hide: (names) => {
      for (const button of buttons) set(button, !names.includes(nameOf(button)));
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}
