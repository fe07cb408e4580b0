// Reads the template texts that come with the package.
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Templates } from '../render/render.js';

export function readTemplates(packageRoot: string): Templates {
  const folder = join(packageRoot, 'templates');
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.hbs'))
    .map((path) => path.split(sep).join('/'))
    .sort((a, b) => (a < b ? -1 : 1));
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}
