// The templates that come with the package: read as texts, or taken from the launcher's bundle, which has them compiled.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { precompileTemplate, type Templates } from '../render/render.js';

export type TemplateSet = {
  readonly templates: Templates;
  /** Of all their texts: the same on every machine, whatever the line endings. */
  readonly digest: string;
};

export function readTemplates(packageRoot: string): TemplateSet {
  const texts = readTexts(packageRoot);
  return { templates: texts, digest: digestOf(texts) };
}

/** The template files and their folders, relative to the package, with forward slashes. */
export function templatePaths(packageRoot: string): readonly string[] {
  const files = [...readTexts(packageRoot).keys()].map((path) => `templates/${path}`);
  return [...new Set([...files.map((path) => posix.dirname(path)), ...files])];
}

/** The source of a JavaScript object `{ digest, templates: { path: compiled } }`; ASCII, as the launcher reads it. */
export function precompileTemplates(packageRoot: string): string {
  const texts = readTexts(packageRoot);
  const entries = [...texts].map(
    ([path, text]) => `${JSON.stringify(path)}:${precompileTemplate(text)}`,
  );
  const source = `{digest:${JSON.stringify(digestOf(texts))},templates:{${entries.join(',')}}}`;
  return source.replace(/[^\0-\x7f]/g, escapeUnit);
}

/** Only string literals hold characters beyond ASCII. */
function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function readTexts(packageRoot: string): ReadonlyMap<string, string> {
  const folder = join(packageRoot, 'templates');
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.hbs'))
    .map((path) => path.split(sep).join('/'))
    .sort();
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

function digestOf(texts: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const [path, text] of texts) hash.update(`${path}\0${text.replaceAll('\r\n', '\n')}\0`);
  return hash.digest('hex');
}
