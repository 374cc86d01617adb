/**
 * Cells on disk, addressed by what they are a function of: plan, replication, version and code.
 * A file is whole or absent; one that does not match its own checksum is reported and counts as
 * absent. No cell is ever deleted here.
 *
 * A file has two lines: `{"key", "sha256"}` of the second line, and the cell.
 */
import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../core/canonical-json.ts';
import type { Cell } from '../core/metrics/cell.ts';
import type { Plan } from '../core/plan.ts';
import { writeWhole } from './whole-file.ts';

/** Raised when a cell means something else than before under the same version. */
const CELL_FORMAT = 1;

export interface CellStore {
  readonly directory: string;
  keyOf(plan: Plan, replication: number): string;
  /** Whether a cell would be read; its content is not looked at. */
  has(key: string): Promise<boolean>;
  /** The cell, or null when absent, damaged or not to be reused. */
  read(key: string): Promise<Cell | null>;
  write(key: string, cell: Cell): Promise<void>;
}

export interface CellStoreOptions {
  readonly directory: string;
  /** Version of knetsim and digest of its code: both are part of every key. */
  readonly version: string;
  readonly code: string;
  /** `write-only` simulates everything again, and still leaves cells for the next run. */
  readonly access: 'read-write' | 'write-only';
  readonly onWarning: (text: string) => void;
}

export function cellStore(options: CellStoreOptions): CellStore {
  const { directory, version, code } = options;
  const fileOf = (key: string) => join(directory, `${key}.json`);
  const readable = options.access === 'read-write';
  return {
    directory,
    keyOf: (plan, replication) =>
      sha256(canonicalJson({ format: CELL_FORMAT, version, code, plan, replication })),
    has: async (key) => readable && (await exists(fileOf(key))),
    read: async (key) => {
      if (!readable) return null;
      const text = await readFile(fileOf(key), 'utf8').catch(absentIsNull);
      if (text === null) return null;
      const cell = decode(key, text);
      if (!cell) {
        options.onWarning(`${fileOf(key)} is damaged; the cell is simulated again`);
      }
      return cell;
    },
    write: (key, cell) => writeWhole(fileOf(key), encode(key, cell)),
  };
}

function encode(key: string, cell: Cell): string {
  const body = JSON.stringify(cell);
  return `${JSON.stringify({ key, sha256: sha256(body) })}\n${body}\n`;
}

function decode(key: string, text: string): Cell | null {
  const [head = '', body = ''] = text.split('\n');
  if (head !== JSON.stringify({ key, sha256: sha256(body) })) return null;
  return JSON.parse(body) as Cell;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function absentIsNull(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
