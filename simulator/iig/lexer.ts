// Cuts .iig text into tokens. Comments and white space go; a preprocessor line is one token.
import { IigError, type Location, type SourceFile } from './source.js';

export type TokenKind = 'name' | 'number' | 'string' | 'punctuation' | 'directive' | 'end';

export type Token = {
  readonly kind: TokenKind;
  readonly text: string;
  readonly file: SourceFile;
  readonly offset: number;
  readonly end: number;
};

const space = /(?:\s|\\\r?\n|\/\/(?:\\\r?\n|[^\n])*|\/\*[\s\S]*?\*\/)+/y;
const directive = /#(?:\\\r?\n|\/\*[\s\S]*?\*\/|[^\n])*/y;
const patterns: readonly (readonly [TokenKind, RegExp])[] = [
  [
    'string',
    /(?:u8|[uUL])?R"([^(\s]*)\([\s\S]*?\)\1"|(?:u8|[uUL])?(?:"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')/y,
  ],
  ['name', /[A-Za-z_$][\w$]*/y],
  ['number', /\.?\d(?:[eEpP][+-]|[\w.']|)*/y],
  ['punctuation', /::|\.\.\.|->|[{}()[\];:,.<>*&^~+\-/%=!?|@]/y],
];

export function lex(file: SourceFile): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  let lineBegins = true;
  while (offset < file.text.length) {
    const blank = matchAt(space, file.text, offset);
    if (blank !== undefined) {
      offset += blank.length;
      lineBegins ||= blank.includes('\n');
      continue;
    }
    const token = readToken(file, offset, lineBegins);
    tokens.push(token);
    offset = token.end;
    lineBegins = false;
  }
  tokens.push({ kind: 'end', text: '', file, offset: file.text.length, end: file.text.length });
  return tokens;
}

function readToken(file: SourceFile, offset: number, lineBegins: boolean): Token {
  const line = lineBegins ? matchAt(directive, file.text, offset) : undefined;
  if (line !== undefined) return make('directive', line, { file, offset });
  if (file.text.startsWith('/*', offset))
    throw new IigError({ file, offset }, 'this comment does not end');
  for (const [kind, pattern] of patterns) {
    const text = matchAt(pattern, file.text, offset);
    if (text) return make(kind, text, { file, offset });
  }
  const what = /["']/.test(file.text[offset] ?? '')
    ? 'this string does not end on its line'
    : `unexpected character ${JSON.stringify(file.text[offset])}`;
  throw new IigError({ file, offset }, what);
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
    if (/[\w$"']$/.test(text) && /^[\w$"']/.test(token.text)) text += ' ';
    text += token.text;
  }
  return text;
}
