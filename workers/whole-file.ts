/**
 * Files that are whole or not there: written under another name, then renamed. An error names the
 * file that was asked for, never the temporary one, and leaves no temporary file behind. Devices and
 * pipes are written to as they are: renaming over `/dev/null` would replace it.
 */
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Creates `folder` and the folders above it, one level at a time. Not `mkdir({ recursive: true })`:
 * where a file system refuses a new entry with ENOENT (`/proc`), Node 20 retries that for ever.
 *
 * @throws the system's error; ENOTDIR where a part of the path is there and no folder.
 */
export async function makeFolder(folder: string): Promise<void> {
  const there = await stat(folder).catch(absentIsNull);
  if (there?.isDirectory()) return;
  if (there) throw systemError('ENOTDIR', folder);
  const parent = dirname(folder);
  if (parent !== folder) await makeFolder(parent);
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    // Another process may have been faster.
    if (error.code !== 'EEXIST') throw error;
  });
}

/** @throws the system's error, with `path` set to `file`. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const there = await stat(file).catch(() => null);
  if (there && !there.isFile() && !there.isDirectory()) return writeFile(file, text);
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await makeFolder(dirname(file));
    await writeFile(temporary, text);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw systemError((error as NodeJS.ErrnoException).code, file, error);
  }
}

/**
 * Whether `writeWhole(file)` would work, found by writing an empty file beside it. Creates the
 * folder; leaves `file` as it is.
 *
 * @throws what `writeWhole` would throw.
 */
export async function probeFile(file: string): Promise<void> {
  const there = await stat(file).catch(() => null);
  if (there?.isDirectory()) throw systemError('EISDIR', file);
  if (there && !there.isFile()) return;
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await makeFolder(dirname(file));
    await writeFile(temporary, '');
  } catch (error) {
    throw systemError((error as NodeJS.ErrnoException).code, file, error);
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

function systemError(code: string | undefined, path: string, cause?: unknown): Error {
  const error = new Error(`${code ?? 'unknown error'}: ${path}`, { cause });
  return Object.assign(error, { code, path });
}

function absentIsNull(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
