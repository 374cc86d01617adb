/**
 * How a thread that runs our code is started: from TypeScript source (development, tests) it needs a
 * loader, from built JavaScript nothing.
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** Options of a worker thread that can load what this module was loaded as. */
export function loaderOptions(): { readonly execArgv?: string[] } {
  if (!import.meta.url.endsWith('.ts')) return {};
  // Found from here: a bare `tsx` would be looked up from the working directory.
  const loader = createRequire(import.meta.url).resolve('tsx');
  return { execArgv: ['--import', pathToFileURL(loader).href] };
}
