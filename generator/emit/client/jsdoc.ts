// User text as JSDoc, made harmless; and TypeScript literals.

import { isPlainText } from '../plain-text.js';

/** What a doc says besides the user's text. */
export type DocParts = {
  readonly doc: string;
  readonly unit?: string;
  readonly notes?: readonly string[];
};

/** The text of a JSDoc comment, or nothing when there is nothing to say. */
export function toDocs({ doc, unit = '', notes = [] }: DocParts): string[] {
  const text = cleanText(doc);
  const first = unit === '' ? text : `${text}${text === '' ? '' : ' '}[${cleanText(unit)}]`;
  const lines = [...first.split('\n'), ...notes.map(cleanText)].filter((line) => line !== '');
  return lines.length === 0 ? [] : [lines.join('\n')];
}

// Control characters, and marks that reorder the text around them.
const invisible = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** A comment's end, a tag at the start of a line and characters that reorder text would change what is read. */
export function cleanText(text: string): string {
  if (isPlainText(text)) return text;
  return text
    .replace(/\r\n?|[\u2028\u2029\v\f]/g, '\n')
    .split('\n')
    .map((line) => line.replace(invisible, '').replaceAll('*/', '* /').trim().replace(/^@/, '\\@'))
    .filter((line) => line !== '')
    .join('\n');
}

/** Printable ASCII but for the backslash and the single quote. */
const unescaped = /^[ -&(-[\]-~]*$/;

/** A string literal in single quotes, ASCII only. */
export function quote(text: string): string {
  if (unescaped.test(text)) return `'${text}'`;
  const escaped = [...JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')].map((character) => {
    if (character === "'") return "\\'";
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0x20 && code < 0x7f) return character;
    return `\\u{${code.toString(16)}}`;
  });
  return `'${escaped.join('')}'`;
}

const identifier = /^[A-Za-z_$][\w$]*$/;

/** A property name of an object literal or interface. `__proto__` would set the prototype. */
export function key(name: string): string {
  if (name === '__proto__') return "['__proto__']";
  return identifier.test(name) ? name : quote(name);
}

/** `.hz` or `['odd name']`. */
export function access(object: string, name: string): string {
  return identifier.test(name) ? `${object}.${name}` : `${object}[${quote(name)}]`;
}
