// YAML as interfaces are mostly written, read in one pass, which takes a tenth of the time of the `yaml` package: maps
// and lists by indentation, braces and brackets, texts. Anything else (anchors, tags, tabs, mistakes …) is left to the
// package: null says so, and is no judgement on the text. Both give the same nodes.
import type { Entry, ListNode, MapNode, SourceNode } from '../node.js';
import { type Cursor, code, columnAt, endLine, here, isGap, skipSpaces } from './cursor.js';
import { flow, isFlow, MAX_USUAL_DEPTH } from './flow.js';
import { indented, isQuote, key, plain, quoted } from './scalars.js';

/** Of characters, in which there are at most half as many nodes. */
const MAX_USUAL_TEXT = 4_000_000;

/** Tabs and other controls, and what separates documents. */
const unusual = /[^\P{Cc}\n]|[\u2028\u2029\ufeff]|^(?:---|\.\.\.)/mu;

const isDash = ({ text, at }: Cursor): boolean =>
  text.charCodeAt(at) === code.dash && isGap(text, at + 1);

/** A node of one or more lines in columns beyond `parent`; the cursor ends at what follows it. */
function scalarOrFlow(cursor: Cursor, parent: number): SourceNode | null {
  const unit = here(cursor);
  const start = cursor.at;
  if (isFlow(unit)) return ended(cursor, flow(cursor, parent));
  if (isQuote(unit)) return ended(cursor, quoted(cursor, parent));
  if (unit === 0x7c || unit === 0x3e) return ended(cursor, indented(cursor, start, parent));
  const node = ended(cursor, plain(cursor, false));
  if (node === null || cursor.column <= parent) return node;
  return ended(cursor, indented(cursor, start, parent));
}

function ended(cursor: Cursor, node: SourceNode | null): SourceNode | null {
  return node !== null && endLine(cursor) ? node : null;
}

/** What stands behind a key or a dash, in the same line or below it. */
function valueAfter(cursor: Cursor, parent: number, compact: boolean): SourceNode | null {
  skipSpaces(cursor);
  const unit = here(cursor);
  if (unit !== code.newline && unit !== code.hash) {
    if (!compact) return scalarOrFlow(cursor, parent);
    return block(cursor, { column: columnAt(cursor.text, cursor.at), parent });
  }
  if (!endLine(cursor)) return null;
  if (cursor.column > parent) return block(cursor, { column: cursor.column, parent });
  // Only behind a key may a list stand in the column of what it belongs to.
  return !compact && cursor.column === parent && isDash(cursor) ? list(cursor, parent) : null;
}

function map(cursor: Cursor, column: number): MapNode | null {
  const start = cursor.at;
  const entries = new Map<string, Entry>();
  let end = start;
  do {
    const name = key(cursor, false);
    const value = name === null ? null : valueAfter(cursor, column, false);
    if (name === null || value === null || entries.has(name.text)) return null;
    entries.set(name.text, { key: name.text, keySpan: name.span, value });
    end = value.span.end;
  } while (cursor.column === column);
  return cursor.column > column ? null : { kind: 'map', entries, span: { start, end } };
}

function list(cursor: Cursor, column: number): ListNode | null {
  const start = cursor.at;
  const items: SourceNode[] = [];
  let end = start;
  do {
    cursor.at += 1;
    const item = valueAfter(cursor, column, true);
    if (item === null) return null;
    items.push(item);
    end = item.span.end;
  } while (cursor.column === column && isDash(cursor));
  return cursor.column > column ? null : { kind: 'list', items, span: { start, end } };
}

/** A line that begins with a key begins a map. */
function beginsMap(cursor: Cursor): boolean {
  return !isFlow(here(cursor)) && key({ ...cursor }, false) !== null;
}

type Place = { readonly column: number; readonly parent: number };

/** The node at the cursor, which stands in `column`. */
function block(cursor: Cursor, { column, parent }: Place): SourceNode | null {
  if (cursor.depth === MAX_USUAL_DEPTH) return null;
  cursor.depth += 1;
  const node = isDash(cursor)
    ? list(cursor, column)
    : beginsMap(cursor)
      ? map(cursor, column)
      : scalarOrFlow(cursor, parent);
  cursor.depth -= 1;
  return node;
}

/** Null when the text is not of this kind, or is wrong. */
export function parseUsual(text: string): SourceNode | null {
  const from = text.startsWith('---\n') ? 4 : 0;
  if (text.length > MAX_USUAL_TEXT || unusual.test(from === 0 ? text : text.slice(from)))
    return null;
  const cursor: Cursor = { text, at: from, column: 0, depth: 0, flows: 0 };
  if (!endLine(cursor) || cursor.column < 0) return null;
  const root = block(cursor, { column: cursor.column, parent: -1 });
  return cursor.column < 0 ? root : null;
}
