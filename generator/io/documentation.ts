// The pages that come with the package, read when a command prints from them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** docs/diagnostics.md. */
export function readDiagnosticsPage(packageRoot: string): string {
  return readFileSync(join(packageRoot, 'docs', 'diagnostics.md'), 'utf8');
}
