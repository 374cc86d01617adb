/**
 * Reading files named by a scenario or on the command line: text only, bounded, and, for paths inside
 * files, under the folder of the file that names them (symbolic links resolved) unless allowed. Paths
 * on the command line may lie anywhere; links inside a folder named there may not lead out of it.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Problems } from './diagnostic.ts';
import { type SourceText, type Span, sourceText, startOf } from './source-text.ts';

/** A file named on the command line is not there: a usage error (exit 2), not one of its content. */
export class MissingFileError extends Error {
  readonly path: string;

  constructor(missing: string) {
    super(`no such file: ${missing}`);
    this.name = 'MissingFileError';
    this.path = missing;
  }
}

const largestFileBytes = 32 * 2 ** 20;
/** Dumps of clusters: JSON takes a small part of the memory that YAML does. */
const largestJsonBytes = 128 * 2 ** 20;
const mostFiles = 10_000;
const deepestFolder = 32;
const extensions = new Set(['.yaml', '.yml', '.json']);

/** Reads the scenario named by the user. Pipes are fine here; folders and devices are not. */
export function readScenarioFile(file: string, problems: Problems): SourceText | undefined {
  let stat: fs.Stats;
  try {
    stat = fs.statSync(file);
  } catch {
    throw new MissingFileError(file);
  }
  const nothing = sourceText(file, '');
  if (stat.isDirectory()) {
    problems.error('E122', startOf(nothing), `${file} is a folder`, {
      help: `name the scenario file in it; for a folder of Kubernetes objects, point spec.workload.objects at it`,
    });
    return undefined;
  }
  return readText(file, file, stat.isFile() || stat.isFIFO(), startOf(nothing), problems);
}

/**
 * The files that a path on the command line stands for, in the order of their names; `-` is standard
 * input. What `seen` holds is left out: two paths may lead to one file.
 * @throws MissingFileError when there is nothing at the path.
 */
export function readManifests(input: string, seen: Set<string>, problems: Problems): SourceText[] {
  const from = startOf(sourceText(input === '-' ? '<stdin>' : input, ''));
  if (input === '-') {
    if (seen.has(input)) return [];
    seen.add(input);
    return present(readText(0, '<stdin>', true, from, problems, largestJsonBytes));
  }
  const real = realPath(input);
  if (real === undefined) throw new MissingFileError(input);
  const stat = fs.statSync(real);
  const files: ListedFile[] = [];
  if (stat.isDirectory()) {
    const linkHelp = 'copy what it points at into the folder, or name it as well';
    const walk = { root: real, from, problems, files, folders: new Set<string>(), linkHelp };
    const refused = !listFolder(input, real, 0, walk);
    if (files.length === 0 && !refused) {
      problems.error('E125', from, `no .yaml, .yml or .json file in ${input}`, {
        help: 'name a folder that holds Kubernetes objects',
      });
    }
  } else {
    files.push({ name: input, real });
  }
  return files.flatMap(({ name, real: file }) => {
    if (seen.has(file)) return [];
    seen.add(file);
    const { isFile, isFifo } = stat.isDirectory()
      ? { isFile: fs.statSync(file).isFile(), isFifo: false }
      : { isFile: stat.isFile(), isFifo: stat.isFIFO() };
    const start = startOf(sourceText(name, ''));
    return present(readText(file, name, isFile || isFifo, start, problems, largestJsonBytes));
  });
}

function present(text: SourceText | undefined): SourceText[] {
  return text === undefined ? [] : [text];
}

/** The files that an entry of `workload.objects` stands for, in the order of their names. */
export function readReferenced(
  entry: string,
  folder: string,
  from: Span,
  options: { readonly allowOutside: boolean },
  problems: Problems,
): SourceText[] {
  const full = path.resolve(folder, entry);
  const root = options.allowOutside ? undefined : realPath(folder);
  const real = realPath(full);
  if (real === undefined && (options.allowOutside || isInside(path.resolve(folder), full))) {
    problems.error('E124', from, `no such file or folder: ${entry}`, {
      help: `paths are relative to the folder of this file; create it or correct the path`,
    });
    return [];
  }
  if (real === undefined || (root !== undefined && !isInside(root, real))) {
    problems.error('E123', from, `${entry} lies outside the folder of this file`, {
      help: 'copy it into the folder, or allow it with --allow-outside',
    });
    return [];
  }
  const files: ListedFile[] = [];
  const linkHelp = 'copy what it points at into the folder, or allow it with --allow-outside';
  const walk = { root, from, problems, files, folders: new Set<string>(), linkHelp };
  const base = path.isAbsolute(entry) ? entry : path.join(displayFolder(from), entry);
  if (fs.statSync(real).isDirectory()) {
    const refused = !listFolder(base, real, 0, walk);
    if (files.length === 0 && !refused) {
      problems.error('E125', from, `no .yaml, .yml or .json file in ${entry}`, {
        help: 'name a folder that holds Kubernetes objects',
      });
    }
  } else {
    files.push({ name: base, real });
  }
  const texts: SourceText[] = [];
  for (const file of files) {
    const text = readText(file.real, file.name, fs.statSync(file.real).isFile(), from, problems);
    if (text !== undefined) texts.push(text);
  }
  return texts;
}

/** Paths are shown the way the scenario's own path was given. */
function displayFolder(from: Span): string {
  return from.source.name.startsWith('--') ? '' : path.dirname(from.source.name);
}

interface ListedFile {
  /** As it is shown. */
  readonly name: string;
  readonly real: string;
}

interface Walk {
  readonly root: string | undefined;
  readonly from: Span;
  readonly problems: Problems;
  readonly files: ListedFile[];
  readonly folders: Set<string>;
  readonly linkHelp: string;
}

/** False when something in it was refused. */
function listFolder(name: string, folder: string, depth: number, walk: Walk): boolean {
  if (walk.folders.has(folder) || depth > deepestFolder) return true;
  let accepted = true;
  walk.folders.add(folder);
  for (const entry of entriesOf(name, folder, walk)) {
    if (entry.startsWith('.')) continue;
    if (walk.files.length >= mostFiles) {
      walk.problems.error('E122', walk.from, `${name} holds more than ${mostFiles} files`, {
        help: 'name the folders that matter',
        once: 'files',
      });
      return false;
    }
    const real = realPath(path.join(folder, entry));
    if (real === undefined) continue;
    const stat = fs.statSync(real);
    const wanted = stat.isDirectory() || (stat.isFile() && extensions.has(path.extname(entry)));
    if (!wanted) continue;
    if (walk.root !== undefined && !isInside(walk.root, real)) {
      accepted = false;
      walk.problems.error(
        'E123',
        walk.from,
        `${path.join(name, entry)} leads outside the folder of this file`,
        { help: walk.linkHelp },
      );
    } else if (stat.isDirectory()) {
      accepted = listFolder(path.join(name, entry), real, depth + 1, walk) && accepted;
    } else {
      walk.files.push({ name: path.join(name, entry), real });
    }
  }
  return accepted;
}

/** Sorted, so that nothing depends on the order of the disk. */
function entriesOf(name: string, folder: string, walk: Walk): string[] {
  try {
    return fs.readdirSync(folder).sort();
  } catch {
    walk.problems.error('E122', walk.from, `${name} cannot be read`, {
      help: 'check its permissions',
    });
    return [];
  }
}

function readText(
  file: string | 0,
  name: string,
  readable: boolean,
  from: Span,
  problems: Problems,
  jsonBytes = largestFileBytes,
): SourceText | undefined {
  const refuse = (what: string, help: string) => {
    problems.error('E122', from, `${name} ${what}`, { help });
    return undefined;
  };
  if (!readable) return refuse('is not a regular file', 'name a text file');
  let bytes: Buffer;
  try {
    bytes = readBounded(file, jsonBytes);
  } catch (error) {
    return refuse(
      `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`,
      'check its permissions',
    );
  }
  const largest = startsAsJson(bytes) ? jsonBytes : largestFileBytes;
  if (bytes.length > largest) {
    return refuse(`is larger than ${largest / 2 ** 20} MiB`, 'split it into several files');
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return sourceText(name, text);
  } catch {
    // Falls through: not UTF-8.
  }
  return refuse('is not text in UTF-8', 'name a YAML or JSON file; save it as UTF-8');
}

function startsAsJson(bytes: Buffer): boolean {
  return /^\s*[{[]/.test(bytes.toString('latin1', 0, 1024));
}

/** At most one chunk more than the limit, so that an endless pipe ends here. */
function readBounded(file: string | 0, limit: number): Buffer {
  const descriptor = file === 0 ? file : fs.openSync(file, 'r');
  try {
    const chunks: Buffer[] = [];
    let length = 0;
    while (length <= limit) {
      const chunk = Buffer.alloc(1 << 16);
      const count = readChunk(descriptor, chunk);
      if (count === 0) break;
      chunks.push(chunk.subarray(0, count));
      length += count;
    }
    return Buffer.concat(chunks);
  } finally {
    if (file !== 0) fs.closeSync(descriptor);
  }
}

/** Bytes read; 0 at the end. A pipe whose writer has nothing yet, or an ended terminal, is no error. */
function readChunk(descriptor: number, chunk: Buffer): number {
  for (;;) {
    try {
      return fs.readSync(descriptor, chunk);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function realPath(file: string): string | undefined {
  try {
    return fs.realpathSync(file);
  } catch {
    return undefined;
  }
}

function isInside(root: string, file: string): boolean {
  const relative = path.relative(root, file);
  return (
    relative === '' ||
    (relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative))
  );
}
