// Maps in braces and lists in brackets, in usual YAML; JSON is nothing else.
import type { Entry, ListNode, MapNode, SourceNode } from '../node.js';
import { type Cursor, code, columnAt, here, skipGaps } from './cursor.js';
import { isQuote, key, plain, quoted } from './scalars.js';

export const MAX_USUAL_DEPTH = 32;

export const isFlow = (unit: number): boolean => unit === code.openMap || unit === code.openList;

/** The last bracket may stand in the column of what the collection belongs to. */
const isLastBracket = (cursor: Cursor): boolean =>
  cursor.flows === 1 && (here(cursor) === code.closeMap || here(cursor) === code.closeList);

/** Over white space inside; false when a line is not indented deeper than `parent`. */
function skip(cursor: Cursor, parent: number): boolean {
  const from = cursor.at;
  if (!skipGaps(cursor)) return false;
  const column = columnAt(cursor.text, cursor.at);
  if (cursor.at - column < from || column > parent) return true;
  return column === parent && isLastBracket(cursor);
}

function value(cursor: Cursor, parent: number): SourceNode | null {
  const unit = here(cursor);
  if (isFlow(unit)) return flow(cursor, parent);
  return isQuote(unit) ? quoted(cursor, parent) : plain(cursor, true);
}

/** Behind an item: whether another may follow, or the collection has ended; null for anything else. */
function afterItem(cursor: Cursor, parent: number, close: number): 'more' | 'end' | null {
  if (!skip(cursor, parent)) return null;
  const unit = here(cursor);
  if (unit !== code.comma) return unit === close ? 'end' : null;
  cursor.at += 1;
  if (!skip(cursor, parent)) return null;
  return here(cursor) === close ? 'end' : 'more';
}

function entry(cursor: Cursor, parent: number): Entry | null {
  const name = key(cursor, true);
  if (name === null || !skip(cursor, parent)) return null;
  const node = value(cursor, parent);
  return node === null ? null : { key: name.text, keySpan: name.span, value: node };
}

function map(cursor: Cursor, parent: number): Omit<MapNode, 'span'> | null {
  const entries = new Map<string, Entry>();
  let next: 'more' | 'end' | null = here(cursor) === code.closeMap ? 'end' : 'more';
  while (next === 'more') {
    const one = entry(cursor, parent);
    if (one === null || entries.has(one.key)) return null;
    entries.set(one.key, one);
    next = afterItem(cursor, parent, code.closeMap);
  }
  return next === null ? null : { kind: 'map', entries };
}

function list(cursor: Cursor, parent: number): Omit<ListNode, 'span'> | null {
  const items: SourceNode[] = [];
  let next: 'more' | 'end' | null = here(cursor) === code.closeList ? 'end' : 'more';
  while (next === 'more') {
    const item = value(cursor, parent);
    if (item === null) return null;
    items.push(item);
    next = afterItem(cursor, parent, code.closeList);
  }
  return next === null ? null : { kind: 'list', items };
}

/** The collection at the cursor, whose lines are indented deeper than `parent`. */
export function flow(cursor: Cursor, parent: number): MapNode | ListNode | null {
  if (cursor.depth === MAX_USUAL_DEPTH) return null;
  const isMap = here(cursor) === code.openMap;
  const start = cursor.at;
  cursor.at += 1;
  cursor.depth += 1;
  cursor.flows += 1;
  const node = !skip(cursor, parent) ? null : isMap ? map(cursor, parent) : list(cursor, parent);
  cursor.depth -= 1;
  cursor.flows -= 1;
  cursor.at += 1;
  return node === null ? null : { ...node, span: { start, end: cursor.at } };
}
