// Which files a schema imports, read off its text before anything is checked, so that io/ can fetch them.
import { child, entriesOf, itemsOf, type SourceNode, stringOf } from './node.js';
import { parseSource } from './parse.js';
import { openSource } from './source.js';

/** Most schemas import nothing, and are not parsed for it. */
const mayImport = /(^|[{,])\s*["']?import["']?\s*:/m;

/** The same for an .iig that a driver keeps. */
const mayKeep = /(^|[{,\s])["']?iig["']?\s*:/m;

const parse = (text: string): SourceNode | null =>
  parseSource(openSource({ path: '', text }), () => {});

/** Paths of the .iig files that exist and are kept, as they are written. */
export function keptFilesOf(text: string): readonly string[] {
  if (!mayKeep.test(text)) return [];
  const root = parse(text);
  const drivers = [child(root, 'driver'), ...entriesOf(child(root, 'drivers')).map((e) => e.value)];
  return drivers.flatMap((driver) => stringOf(child(driver, 'iig')) ?? []);
}

/** The paths as they are written; none when the text is unsound, which is reported when it is compiled. */
export function importsOf(text: string): readonly string[] {
  if (!mayImport.test(text)) return [];
  return itemsOf(child(parse(text), 'import')).flatMap((item) => stringOf(item) ?? []);
}
