/**
 * The text of the report's browser script. In a build it is a file beside this one; from source it
 * is bundled on first use. A report without it is complete, so a missing bundler costs the
 * interaction and nothing else.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

let text: string | undefined;

/** Minified JavaScript, safe to stand inside a script element; empty when it cannot be had. */
export function clientScript(): string {
  text ??= (fromBuild() ?? fromSource() ?? '').trim().replaceAll('</script', '<\\/script');
  return text;
}

function fromBuild(): string | undefined {
  const file = fileURLToPath(new URL('./client.js', import.meta.url));
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function fromSource(): string | undefined {
  const entry = fileURLToPath(new URL('./client/main.ts', import.meta.url));
  if (!existsSync(entry)) return undefined;
  const { buildSync } = createRequire(import.meta.url)('esbuild') as typeof import('esbuild');
  const bundle = buildSync({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    write: false,
  });
  return bundle.outputFiles[0]?.text;
}
