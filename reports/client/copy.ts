/** A copy button for the command, where the browser grants a clipboard. */

export function copyButtons(): void {
  if (navigator.clipboard === undefined) return;
  for (const block of document.querySelectorAll('pre.command')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Copy';
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(block.textContent ?? '');
        button.textContent = 'Copied';
      } catch {
        button.textContent = 'Not allowed to copy';
      }
      setTimeout(() => {
        button.textContent = 'Copy';
      }, 2000);
    });
    block.after(button);
  }
}
