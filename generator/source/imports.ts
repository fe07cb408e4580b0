// Which files a schema imports, read off its text before anything is checked, so that io/ can fetch them.
import { child, itemsOf, stringOf } from './node.js';
import { parseSource } from './parse.js';
import { openSource } from './source.js';

/** Most schemas import nothing, and are not parsed for it. */
const mayImport = /(^|[{,])\s*["']?import["']?\s*:/m;

/** The paths as they are written; none when the text is unsound, which is reported when it is compiled. */
export function importsOf(text: string): readonly string[] {
  if (!mayImport.test(text)) return [];
  const root = parseSource(openSource({ path: '', text }), () => {});
  return itemsOf(child(root, 'import')).flatMap((item) => stringOf(item) ?? []);
}
