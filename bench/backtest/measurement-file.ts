/** Tables of measurements, which lie beside the source and are not compiled. */
import { existsSync, readFileSync } from 'node:fs';

/** Text of a file below bench/, read from source as from `dist`. */
export function measurementFile(path: string): string {
  const candidates = [`../${path}`, `../../../bench/${path}`];
  const file = candidates.map((one) => new URL(one, import.meta.url)).find(existsSync);
  if (!file) throw new Error(`bench/${path} not found`);
  return readFileSync(file, 'utf8');
}
