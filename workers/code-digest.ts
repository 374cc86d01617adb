/**
 * sha256 of the simulator's own files, as they are being run. It is part of a cell's key, so a cell
 * computed by other code under the same version number is never reused. It never enters a result.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Digest of every source or compiled file below `core/`, tests and their helpers excluded. About 10 ms. */
export function codeDigest(): string {
  const core = fileURLToPath(new URL('../core/', import.meta.url));
  const files = readdirSync(core, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[tj]sx?$/.test(file) && !/\.test\.|testing|-fixture\./.test(file))
    .sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(core, file)));
  return hash.digest('hex');
}
