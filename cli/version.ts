/** The version of knetsim, read from its own package.json, from source as from `dist`. */
import { existsSync, readFileSync } from 'node:fs';

export function knetsimVersion(): string {
  const candidates = ['../package.json', '../../package.json'];
  const file = candidates.map((path) => new URL(path, import.meta.url)).find(existsSync);
  if (!file) throw new Error('package.json of knetsim not found');
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return version;
}
