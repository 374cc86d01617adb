/** Where the programs in other languages are, seen from source and from built code alike. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Path of `bench/peers/<name>` in the source tree, which is not copied by the build. */
export function sourceOf(name: string): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const beside = join(here, name);
  return existsSync(beside) ? beside : join(here, '../../../bench/peers', name);
}
