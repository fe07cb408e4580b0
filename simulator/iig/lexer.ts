// Cuts .iig text into tokens. Comments and white space go; a preprocessor line is one token.
import { IigError, type Location, makeSourceFile, type SourceFile } from './source.js';

/** What is `invalid` may stand where nothing is read: behind an #if that does not hold. */
export type TokenKind =
  | 'name'
  | 'number'
  | 'string'
  | 'punctuation'
  | 'directive'
  | 'invalid'
  | 'end';

export type Token = {
  readonly kind: TokenKind;
  readonly text: string;
  readonly file: SourceFile;
  readonly offset: number;
  readonly end: number;
};

const space = /(?:\s|\\\r?\n|\/\/(?:\\\r?\n|[^\n])*|\/\*[\s\S]*?\*\/)+/y;
const directive =
  /#(?:\\\r?\n|\/\*[\s\S]*?\*\/|\/\/(?:\\\r?\n|[^\n])*|"(?:\\.|[^"\\\n])*"|'\\?.'|[^\n])*/y;
const patterns: readonly (readonly [TokenKind, RegExp])[] = [
  [
    'string',
    /(?:u8|[uUL])?R"([^(\s]*)\([\s\S]*?\)\1"|(?:u8|[uUL])?(?:"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\.|[^'\\\n])+')/y,
  ],
  ['name', /[\p{ID_Start}_$][\p{ID_Continue}$]*/uy],
  ['number', /\.?\d(?:[eEpP][+-]|[\w.]|'\w)*/y],
  ['punctuation', /::|\.\.\.|->|##?|[{}()[\];:,.<>*&^~+\-/%=!?|@]/y],
  ['invalid', /["'][^\n]*|./uy],
];

export function lex(file: SourceFile): Token[] {
  const tokens = lexRange(file, { offset: 0, end: file.text.length, withDirectives: true });
  tokens.push({ kind: 'end', text: '', file, offset: file.text.length, end: file.text.length });
  return tokens;
}

/** A text that is no file's: the value of -D, or what ## makes. */
export function lexText(text: string): readonly Token[] {
  return lexRange(makeSourceFile('<macro>', text), {
    offset: 0,
    end: text.length,
    withDirectives: false,
  });
}

/** What stands in a preprocessor line behind its #. */
export function lexDirective({ file, offset, end }: Token): readonly Token[] {
  return lexRange(file, { offset: offset + 1, end, withDirectives: false });
}

type Range = { readonly offset: number; readonly end: number; readonly withDirectives: boolean };

function lexRange(file: SourceFile, { offset: start, end, withDirectives }: Range): Token[] {
  const tokens: Token[] = [];
  const text = file.text.slice(0, end);
  let offset = start;
  let lineBegins = withDirectives;
  while (offset < end) {
    const blank = matchAt(space, text, offset);
    if (blank !== undefined) {
      offset += blank.length;
      lineBegins ||= withDirectives && blank.includes('\n');
      continue;
    }
    const token = readToken({ file, offset }, text, lineBegins);
    tokens.push(token);
    offset = token.end;
    lineBegins = false;
  }
  return tokens;
}

function readToken(at: Location, text: string, lineBegins: boolean): Token {
  const line = lineBegins ? matchAt(directive, text, at.offset) : undefined;
  if (line !== undefined) return make('directive', line, at);
  if (text.startsWith('/*', at.offset))
    throw new IigError(at, 'this comment does not end; close it with "*/"');
  for (const [kind, pattern] of patterns) {
    const found = matchAt(pattern, text, at.offset);
    if (found) return make(kind, found, at);
  }
  throw new Error(`no token at ${at.offset}`);
}

/** Why a token is invalid. */
export function invalidToken(token: Token): IigError {
  return new IigError(
    token,
    /^["']/.test(token.text)
      ? 'this string does not end on its line; close it with the same quote'
      : `unexpected character ${JSON.stringify(token.text)}; a .iig file holds C++ declarations`,
  );
}

function make(kind: TokenKind, text: string, { file, offset }: Location): Token {
  return { kind, text, file, offset, end: offset + text.length };
}

function matchAt(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0];
}

/** Tokens as C++ text: a space only where two of them would run together. */
export function joinTokens(tokens: readonly Token[]): string {
  let text = '';
  for (const token of tokens) {
    if (/[\p{ID_Continue}$"']$/u.test(text) && /^[\p{ID_Continue}$"']/u.test(token.text))
      text += ' ';
    text += token.text;
  }
  return text;
}
