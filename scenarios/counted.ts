/** `1 node`, `2 nodes`, `1 address`, `2 addresses`: a number with its noun. */
export function counted(n: number, noun: string): string {
  if (n === 1) return `1 ${noun}`;
  return `${n} ${noun}${noun.endsWith('s') ? 'es' : 's'}`;
}
