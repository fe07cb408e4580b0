#!/usr/bin/env node
// Starts the translator: bundles main.ts into build/iig.cjs when a source is newer, then runs it.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const bundle = join(folder, '..', '..', 'build', 'iig.cjs');

function isCurrent() {
  if (!existsSync(bundle)) return false;
  const { mtimeMs } = statSync(bundle);
  return readdirSync(folder).every((name) => statSync(join(folder, name)).mtimeMs <= mtimeMs);
}

if (!isCurrent()) {
  const { build } = await import('esbuild');
  mkdirSync(dirname(bundle), { recursive: true });
  const temporary = `${bundle}.${process.pid}.tmp`;
  try {
    await build({
      entryPoints: [join(folder, 'main.ts')],
      outfile: temporary,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      logLevel: 'warning',
    });
    renameSync(temporary, bundle);
  } finally {
    rmSync(temporary, { force: true });
  }
}
process.exitCode = createRequire(import.meta.url)(bundle).main(process.argv.slice(2));
