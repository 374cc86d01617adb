/** Kubernetes objects out of files, folders, standard input and texts, in YAML or JSON. */
import type { Problems } from '../diagnostic.ts';
import { readJson } from '../json-documents.ts';
import { readManifests } from '../read-input.ts';
import { type SourceText, sourceText } from '../source-text.ts';
import { readDocuments } from '../yaml-documents.ts';
import type { ManifestText } from './policy-input.ts';
import { type ObjectReading, placed, ReadObjects, readObjects } from './read-objects.ts';

/**
 * @param inputs paths of files and folders (read recursively), `-` for standard input, or text
 * @throws MissingFileError for a path that does not exist
 */
export function readManifestObjects(
  inputs: readonly (string | ManifestText)[],
  reading: ObjectReading,
  problems: Problems,
): ReadObjects {
  const read = new ReadObjects(reading);
  const seen = new Set<string>();
  for (const input of inputs) {
    const texts =
      typeof input === 'string'
        ? readManifests(input, seen, problems)
        : [sourceText(input.name, input.text)];
    for (const text of texts) readText(text, read, problems);
  }
  return read;
}

function readText(text: SourceText, read: ReadObjects, problems: Problems): void {
  const json = readJson(text, problems);
  if (json === 'refused') return;
  if (json !== undefined) {
    for (const value of json) readObjects(value, read, problems);
    return;
  }
  for (const document of readDocuments(text, problems)) {
    readObjects(placed(document), read, problems);
  }
}
