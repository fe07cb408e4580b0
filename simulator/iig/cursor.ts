// Walks over tokens: the few movements every parsing function needs.
import type { Token } from './lexer.js';
import { IigError } from './source.js';
import { isReserved } from './words.js';

export type Cursor = { readonly tokens: readonly Token[]; at: number };

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

export function peek(cursor: Cursor, ahead = 0): Token {
  const token = cursor.tokens[Math.min(cursor.at + ahead, cursor.tokens.length - 1)];
  if (token === undefined) throw new Error('a token list without an end');
  return token;
}

export function next(cursor: Cursor): Token {
  const token = peek(cursor);
  if (token.kind !== 'end') cursor.at += 1;
  return token;
}

export function take(cursor: Cursor, text: string): Token | undefined {
  return peek(cursor).text === text && peek(cursor).kind !== 'string' ? next(cursor) : undefined;
}

export function expect(cursor: Cursor, text: string, where: string): Token {
  const token = take(cursor, text);
  if (token === undefined) throw unexpected(cursor, `expected "${text}" ${where}`);
  return token;
}

export function expectName(cursor: Cursor, what: string): Token {
  if (!isName(peek(cursor))) throw unexpected(cursor, `expected ${what}`);
  return next(cursor);
}

export const isName = ({ kind, text }: Token): boolean => kind === 'name' && !isReserved(text);

export function unexpected(cursor: Cursor, message: string): IigError {
  const token = peek(cursor);
  const found = token.kind === 'end' ? 'the end of the file' : `"${token.text}"`;
  return new IigError(token, `${message}, found ${found}`);
}

/** With the cursor on an opening bracket: everything up to and with the one that closes it. */
export function takeBalanced(cursor: Cursor): readonly Token[] {
  const start = cursor.at;
  const open: Token[] = []; // no recursion: the text decides how deep it goes
  do {
    const token = next(cursor);
    const innermost = open.at(-1);
    if (token.kind === 'end' && innermost !== undefined)
      throw new IigError(
        innermost,
        `this "${innermost.text}" is never closed: expected "${closers[innermost.text]}"`,
      );
    if (token.kind !== 'punctuation') continue;
    if (token.text in closers) open.push(token);
    else if (innermost !== undefined && token.text === closers[innermost.text]) open.pop();
  } while (open.length > 0);
  return cursor.tokens.slice(start, cursor.at);
}

/** With the cursor on `<`: the template arguments. */
export function takeAngles(cursor: Cursor): readonly Token[] {
  const start = cursor.at;
  const open = next(cursor);
  for (let depth = 1; depth > 0; ) {
    const token = peek(cursor);
    if (token.kind === 'end' || token.text === ';')
      throw new IigError(open, 'this "<" is never closed: expected ">"');
    if (token.kind === 'punctuation' && token.text in closers) takeBalanced(cursor);
    else {
      if (token.text === '<') depth += 1;
      if (token.text === '>') depth -= 1;
      next(cursor);
    }
  }
  return cursor.tokens.slice(start, cursor.at);
}

/** Skips a declaration of no interest: to behind its semicolon, or behind the braces that end it. */
export function skipDeclaration(cursor: Cursor): void {
  for (;;) {
    const token = peek(cursor);
    if (token.kind === 'end') return;
    if (take(cursor, ';')) return;
    if (token.kind === 'punctuation' && token.text in closers) {
      takeBalanced(cursor);
      if (token.text === '{' && !continuesAfterBrace(cursor)) return;
    } else next(cursor);
  }
}

/** `struct { … } name;` goes on behind the brace, a function's body does not. */
function continuesAfterBrace(cursor: Cursor): boolean {
  const token = peek(cursor);
  return (
    token.text === ';' ||
    token.text === '*' ||
    token.text === '=' ||
    token.text === '[' ||
    token.text === ',' ||
    token.text === '__attribute__' ||
    (token.kind === 'name' && peek(cursor, 1).text === ';')
  );
}
