/** The hash of what a run of the product computed: the head of the SHA-256 of its cell. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { Cell } from '../../core/metrics/cell.ts';

export function hashOfCell(cell: Cell): string {
  return createHash('sha256').update(canonicalJson(cell)).digest('hex').slice(0, 8);
}
