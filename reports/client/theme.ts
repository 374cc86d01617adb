/** The three-state colour scheme: what the system says, light, or dark. */

export function themeButtons(): void {
  const buttons = document.querySelectorAll<HTMLButtonElement>('[data-theme-to]');
  for (const button of buttons) {
    button.addEventListener('click', () => {
      const theme = button.dataset.themeTo;
      if (theme === undefined || theme === 'auto') delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = theme;
      for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
    });
  }
}
