// Single values of usual YAML. What a rare spelling means is asked of the `yaml` package, with nothing but that value.
import { isScalar, parseDocument } from 'yaml';
import type { Scalar, ScalarNode } from '../node.js';
import { type Cursor, code, columnAt, here, isGap } from './cursor.js';

/** As in parse.ts. */
const options = { intAsBigInt: true, prettyErrors: false, version: '1.2' } as const;

const words: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
  ...['null', 'Null', 'NULL'].map((word) => [word, null] as const),
]);

/** What begins with one is a text, but for a few words. */
const isLetter = (unit: number): boolean =>
  (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || unit === 0x5f || unit > 0x9f;

type Range = { readonly start: number; readonly end: number };

function scalar(value: Scalar, text: string, span: Range): ScalarNode {
  return { kind: 'scalar', value, text, span };
}

/** What the package makes of a value that stands alone; null when it is more, or less, than one value. */
function rareScalar({ text }: Cursor, { start, end }: Range): ScalarNode | null {
  const alone = text.slice(start, end);
  // At the start of a text they separate documents.
  if (alone.startsWith('---') || alone.startsWith('...')) return null;
  const { contents, errors, warnings } = parseDocument(alone, options);
  if (errors.length > 0 || warnings.length > 0 || !isScalar(contents)) return null;
  const length = contents.range?.[1] ?? 0;
  if (alone.slice(length).trim() !== '') return null;
  const value = contents.value as Scalar;
  const spelt = typeof value === 'string' ? value : (contents.source ?? '');
  return scalar(value, spelt, { start, end: start + length });
}

function plainScalar(cursor: Cursor, span: Range): ScalarNode | null {
  const text = cursor.text.slice(span.start, span.end);
  if (isLetter(text.charCodeAt(0))) {
    const word = words.get(text);
    return scalar(word === undefined ? text : word, text, span);
  }
  if (/^(?:-?\d+|0x[\da-fA-F]+)$/.test(text)) return scalar(BigInt(text), text, span);
  return rareScalar(cursor, span);
}

/** What no plain value begins with, or only in special cases. */
const isIndicator = (unit: number): boolean =>
  Number.isNaN(unit) || '\n ,[]{}#&*!|>\'"%@`?:'.includes(String.fromCharCode(unit));

const isFlowMark = (unit: number): boolean =>
  unit === code.comma ||
  unit === code.openList ||
  unit === code.closeList ||
  unit === code.openMap ||
  unit === code.closeMap;

function endsPlain(text: string, at: number, inFlow: boolean): boolean {
  const unit = text.charCodeAt(at);
  if (unit === code.colon)
    return isGap(text, at + 1) || (inFlow && isFlowMark(text.charCodeAt(at + 1)));
  if (unit === code.hash) return text.charCodeAt(at - 1) === code.space;
  return unit === code.newline || (inFlow && isFlowMark(unit));
}

/** A value without quotes, up to the end of its line. */
export function plain(cursor: Cursor, inFlow: boolean): ScalarNode | null {
  const { text, at: start } = cursor;
  if (isIndicator(here(cursor))) return null;
  const next = start + 1;
  if (here(cursor) === code.dash && (isGap(text, next) || isFlowMark(text.charCodeAt(next))))
    return null;
  let at = start;
  while (at < text.length && !endsPlain(text, at, inFlow)) at += 1;
  cursor.at = at;
  while (text.charCodeAt(at - 1) === code.space) at -= 1;
  return plainScalar(cursor, { start, end: at });
}

/** Whether every line between two offsets, but the first, is blank or indented deeper than `parent`. */
function isIndented(text: string, { start, end }: Range, parent: number): boolean {
  for (let line = text.indexOf('\n', start); line >= 0 && line < end; ) {
    let at = line + 1;
    while (text.charCodeAt(at) === code.space) at += 1;
    if (text.charCodeAt(at) !== code.newline && columnAt(text, at) <= parent) return false;
    line = text.indexOf('\n', at);
  }
  return true;
}

/** Offset behind the closing quote; -1 when there is none. */
function endOfQuotes(text: string, start: number): number {
  const quote = text[start] ?? '';
  for (let at = text.indexOf(quote, start + 1); at >= 0; at = text.indexOf(quote, at + 1)) {
    if (quote === '"') {
      let slashes = 0;
      while (text[at - 1 - slashes] === '\\') slashes += 1;
      if (slashes % 2 === 0) return at + 1;
    } else if (text[at + 1] === "'") at += 1;
    else return at + 1;
  }
  return -1;
}

/** A value in quotes; what continues it on further lines is indented deeper than `parent`. */
export function quoted(cursor: Cursor, parent: number): ScalarNode | null {
  const { text, at: start } = cursor;
  const end = endOfQuotes(text, start);
  if (end < 0) return null;
  cursor.at = end;
  const inside = text.slice(start + 1, end - 1);
  if (!/[\n\\']/.test(inside)) return scalar(inside, inside, { start, end });
  return isIndented(text, { start, end }, parent) ? rareScalar(cursor, { start, end }) : null;
}

export const isQuote = (unit: number): boolean =>
  unit === code.doubleQuote || unit === code.singleQuote;

/** The key at the cursor, which ends behind its colon; null when there is none in this line. */
export function key(cursor: Cursor, inFlow: boolean): ScalarNode | null {
  const inQuotes = isQuote(here(cursor));
  const node = inQuotes ? quoted(cursor, Number.POSITIVE_INFINITY) : plain(cursor, inFlow);
  if (node === null || node.value === null || node.text === '<<') return null;
  const { text, at } = cursor;
  if (here(cursor) !== code.colon || node.span.end - node.span.start > MAX_KEY) return null;
  cursor.at += 1;
  return isGap(text, at + 1) || (inFlow && inQuotes) ? node : null;
}

/** YAML has them at most 1024 characters in front of their colon. */
const MAX_KEY = 1000;

/** Offset of the first line behind `from` that is neither blank nor indented deeper than `parent`. */
function endOfIndented(text: string, from: number, parent: number): number {
  let line = text.indexOf('\n', from) + 1;
  while (line > 0 && line < text.length) {
    let at = line;
    while (text.charCodeAt(at) === code.space) at += 1;
    if (at < text.length && text.charCodeAt(at) !== code.newline && at - line <= parent)
      return line;
    line = text.indexOf('\n', at) + 1;
  }
  return text.length;
}

/** A text behind `|` or `>`, or a plain one of several lines, from `start`. */
export function indented(cursor: Cursor, start: number, parent: number): ScalarNode | null {
  const end = endOfIndented(cursor.text, start, parent);
  const node = rareScalar(cursor, { start, end });
  if (node !== null) cursor.at = node.span.end;
  return node;
}
