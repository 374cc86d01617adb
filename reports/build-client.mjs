/** Bundles the report's browser script into the file that the built renderer reads. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

await build({
  entryPoints: [path('./client/main.ts')],
  outfile: path('../dist/reports/client.js'),
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
});
