// User text and numbers as C and C++ source: comments, string literals and integer and float literals.
// The one place where text of the schema is made harmless and lines are broken; names are c-names.ts's.
import type { ScalarName } from '../model/model.js';
import { isPlainText } from './plain-text.js';

const WIDTH = 100;
const COMMENT_WIDTH = WIDTH - '    /// '.length;

// Left-to-right and right-to-left controls reorder what a reader sees, and compilers warn about them.
const bidirectional = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
const control = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\ufeff]/g;

/**
 * A doc as lines for `//` or `///` comments. A last backslash (or its trigraph) would swallow the next line of
 * code, and a comment mark would end a block comment that somebody makes of it.
 */
export function commentLines(doc: string): readonly string[] {
  if (isPlainText(doc)) return doc === '' ? [] : breakWords(doc);
  const clean = doc.replace(bidirectional, '').replace(control, '');
  const lines = clean
    .split(/[\n\r\v\f\u2028\u2029]+/)
    .map((line) =>
      line.trimEnd().replaceAll('??', '? ?').replaceAll('*/', '* /').replaceAll('/*', '/ *'),
    )
    .flatMap(breakWords)
    .map((line) => line.replace(/\\$/, '\\ .'));
  while (lines.length > 0 && lines[0] === '') lines.shift();
  while (lines.length > 0 && lines.at(-1) === '') lines.pop();
  return lines;
}

/** Lines that have room for a comment mark and a member's indentation in front. */
function breakWords(line: string): readonly string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > COMMENT_WIDTH) {
    const at = rest.lastIndexOf(' ', COMMENT_WIDTH);
    // Indentation is no place to break at.
    if (at < 0 || rest.slice(0, at).trim() === '') break;
    lines.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at + 1).trimStart();
  }
  return [...lines, rest];
}

/** One line of comment text. */
export function commentText(doc: string): string {
  return commentLines(doc).join(' ');
}

/** A C string literal with quotes, pure ASCII: other characters become UTF-8 octal escapes. */
export function stringLiteral(text: string): string {
  const bytes = [...new TextEncoder().encode(text)];
  return `"${bytes.map(escapeByte).join('')}"`;
}

function escapeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  // `?` too: two of them in a row could begin a trigraph.
  if ('"\\?'.includes(character)) return `\\${character}`;
  return byte >= 0x20 && byte < 0x7f ? character : `\\${byte.toString(8).padStart(3, '0')}`;
}

/** An integer literal without macros, so that importers of C (Swift, bindgen, cffi) can read it. */
export function integerLiteral(
  scalar: ScalarName,
  value: number | string | boolean | bigint,
): string {
  const exact = BigInt(value);
  const wide = scalar === 'u64' || scalar === 'i64';
  if (scalar.startsWith('u') || scalar === 'bool') return `${exact}${wide ? 'ull' : 'u'}`;
  // The most negative value has no literal of its own in C.
  if (exact === -(2n ** 63n)) return '(-9223372036854775807ll - 1)';
  if (exact === -(2n ** 31n) && !wide) return '(-2147483647 - 1)';
  const text = `${exact}${wide ? 'll' : ''}`;
  return exact < 0n ? `(${text})` : text;
}

/** The shortest literal that reads back as the same double (or float, with its suffix). */
export function floatLiteral(scalar: 'f32' | 'f64', value: number | string): string {
  const text = String(Number(value));
  const literal = /[.e]/.test(text) ? text : `${text}.0`;
  const suffixed = scalar === 'f32' ? `${literal}f` : literal;
  return suffixed.startsWith('-') ? `(${suffixed})` : suffixed;
}

export function numberLiteral(scalar: ScalarName, value: number | string | boolean): string {
  return scalar === 'f32' || scalar === 'f64'
    ? floatLiteral(scalar, typeof value === 'boolean' ? Number(value) : value)
    : integerLiteral(scalar, value);
}

/** `0x0123456789abcdefull` of a 16-digit hex word. */
export function hexWord(hex: string): string {
  return `0x${hex}ull`;
}

type Wrapped = {
  readonly head: string;
  readonly parts: readonly string[];
  readonly tail: string;
  readonly indent: number;
};

/**
 * `head(part, part)tail`, broken as clang-format would break it: on one line, or with the parts aligned behind the
 * parenthesis; before that takes three lines, behind the `=` or the parenthesis. Lines come without the indentation,
 * which counts for the width.
 */
export function wrap(
  head: string,
  parts: readonly string[],
  tail: string,
  indent = 0,
): readonly string[] {
  const text = { head, parts, tail, indent };
  const aligned = align(['(', ')'], text);
  if (aligned.length === 1) return aligned;
  const assigned = head.lastIndexOf(' = ') + 2;
  return (
    (assigned > 1 ? breakAt(text, assigned) : undefined) ??
    (aligned.length > 2 ? breakAt(text, head.length + 1) : undefined) ??
    aligned
  );
}

/** `head{.a = 1, .b = 2},` on one line; designated members each on their own, others as many as fit. */
export function wrapBraces(
  head: string,
  parts: readonly string[],
  tail: string,
  indent = 0,
): readonly string[] {
  const lines = align(['{', '}'], { head, parts, tail, indent });
  if (lines.length === 1 || !parts.every((part) => part.startsWith('.'))) return lines;
  const pad = ' '.repeat(head.length + 1);
  return parts.map(
    (part, i) => (i === 0 ? `${head}{` : pad) + part + (i === parts.length - 1 ? `}${tail}` : ','),
  );
}

/** Two lines, the second indented by 4; undefined where that is not enough. */
function breakAt(
  { head, parts, tail, indent }: Wrapped,
  at: number,
): readonly string[] | undefined {
  const whole = `${head}(${parts.join(', ')})${tail}`;
  const lines = [whole.slice(0, at), `    ${whole.slice(at).trimStart()}`];
  return lines.every((line) => indent + line.length <= WIDTH) ? lines : undefined;
}

function align([open, close]: readonly [string, string], text: Wrapped): readonly string[] {
  const { head, parts, tail, indent } = text;
  const whole = head + open + parts.join(', ') + close + tail;
  if (indent + whole.length <= WIDTH) return [whole];
  const pad = ' '.repeat(head.length + open.length);
  const lines: string[] = [];
  let line = head + open;
  let fresh = true;
  parts.forEach((part, index) => {
    const piece = part + (index === parts.length - 1 ? close + tail : ',');
    if (!fresh && indent + line.length + 1 + piece.length > WIDTH) {
      lines.push(line);
      line = pad + piece;
    } else line += fresh ? piece : ` ${piece}`;
    fresh = false;
  });
  return [...lines, line];
}
