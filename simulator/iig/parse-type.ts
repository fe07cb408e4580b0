// Types, declarators and parameters.

import { annotationNames } from './annotations.js';
import {
  type Cursor,
  expect,
  expectName,
  isName,
  next,
  peek,
  take,
  takeAngles,
  takeBalanced,
  unexpected,
} from './cursor.js';
import { joinTokens, type Token } from './lexer.js';
import { parseAnnotations, skipIgnored } from './parse-annotations.js';
import { IigError, type Location } from './source.js';
import type { Parameter, Pointer, TypeReference } from './syntax.js';
import { builtinWords, elaborations, isBuiltinType, isDeclaring, qualifiers } from './words.js';

export function parseType(cursor: Cursor): TypeReference {
  const first = peek(cursor);
  const words: Token[] = [];
  const name: Token[] = [];
  let isConst = false;
  for (;;) {
    skipIgnored(cursor);
    const token = peek(cursor);
    if (token.kind !== 'name' && token.text !== '::') break;
    if (qualifiers.has(token.text)) {
      if (words.some(({ text }) => text === token.text))
        throw new IigError(token, `${token.text} is given twice; once is enough`);
      isConst ||= token.text === 'const';
      words.push(next(cursor));
    } else if (elaborations.has(token.text)) words.push(next(cursor));
    else if (builtinWords.has(token.text)) {
      if (name.length > 0 && !builtinWords.has(name[0]?.text ?? '')) break;
      name.push(token);
      words.push(next(cursor));
    } else {
      if (name.length > 0 || (token.kind === 'name' && !isName(token))) break;
      const parts = qualifiedName(cursor);
      name.push(...parts);
      words.push(...parts);
    }
  }
  if (name.length === 0) throw unexpected(cursor, 'expected a type');
  if (builtinWords.has(name[0]?.text ?? '') && !isBuiltinType(name.map(({ text }) => text)))
    throw new IigError(first, `${joinTokens(name)} is no type; leave out one of its words`);
  const pointers = parsePointers(cursor);
  return { specifiers: joinTokens(words), name: joinTokens(name), isConst, pointers, at: first };
}

/** `A::B<C>` */
function qualifiedName(cursor: Cursor): readonly Token[] {
  const start = cursor.at;
  take(cursor, '::');
  for (;;) {
    expectName(cursor, 'a type');
    if (peek(cursor).text === '<') takeAngles(cursor);
    if (!take(cursor, '::')) return cursor.tokens.slice(start, cursor.at);
  }
}

export function parsePointers(cursor: Cursor): readonly Pointer[] {
  const pointers: Pointer[] = [];
  for (;;) {
    skipIgnored(cursor);
    const { text } = peek(cursor);
    if (text !== '*' && text !== '&') return pointers;
    next(cursor);
    const operator = text === '&' && take(cursor, '&') ? '&&' : text;
    let isConst = false;
    for (skipIgnored(cursor); qualifiers.has(peek(cursor).text); skipIgnored(cursor))
      isConst = next(cursor).text === 'const' || isConst;
    pointers.push({ operator, isConst });
  }
}

export function parseParameters(cursor: Cursor): readonly Parameter[] {
  expect(cursor, '(', 'before the parameters');
  const parameters: Parameter[] = [];
  if (take(cursor, ')')) return parameters;
  if (peek(cursor).text === 'void' && peek(cursor, 1).text === ')') {
    cursor.at += 2;
    return parameters;
  }
  do parameters.push(parseParameter(cursor, parameters.length));
  while (take(cursor, ','));
  expect(cursor, ')', 'after the parameters');
  return parameters;
}

function parseParameter(cursor: Cursor, index: number): Parameter {
  const start = cursor.at;
  const at: Location = peek(cursor);
  if (take(cursor, '...')) return verbatimParameter(cursor, { start, at, name: '' });
  const leading = parseAnnotations(cursor, 'parameter');
  const type = parseType(cursor);
  if (peek(cursor).text === '(') {
    const name = callableName(cursor);
    return verbatimParameter(cursor, { start, at, name });
  }
  const annotations = parseAnnotations(cursor, 'parameter', leading);
  if (type.name === 'void' && type.pointers.length === 0)
    throw new IigError(at, 'a parameter cannot be void; give it a type, or leave it out');
  const name = isName(peek(cursor)) ? next(cursor).text : `argument${index}`;
  const extents = parseExtents(cursor);
  parseAnnotations(cursor, 'parameter', annotations);
  const defaultValue = parseDefault(cursor);
  return { type, name, extents, verbatim: undefined, defaultValue, annotations, at };
}

type VerbatimStart = { readonly start: number; readonly at: Location; readonly name: string };

function verbatimParameter(cursor: Cursor, { start, at, name }: VerbatimStart): Parameter {
  const text = joinTokens(cursor.tokens.slice(start, cursor.at));
  const type = { specifiers: text, name: text, isConst: false, pointers: [], at };
  const annotations = parseAnnotations(cursor, 'parameter');
  const defaultValue = parseDefault(cursor);
  return { type, name, extents: [], verbatim: text, defaultValue, annotations, at };
}

/** `(*name)(…)` or `(^name)(…)`; the cursor ends behind it. */
export function callableName(cursor: Cursor): string {
  const open = next(cursor);
  if (!take(cursor, '*') && !take(cursor, '^'))
    throw new IigError(open, 'expected a function pointer or block');
  for (skipIgnored(cursor); qualifiers.has(peek(cursor).text); skipIgnored(cursor)) next(cursor);
  const name = isName(peek(cursor)) ? next(cursor).text : '';
  parseExtents(cursor);
  expect(cursor, ')', 'after the name of a function pointer');
  if (peek(cursor).text !== '(')
    throw unexpected(cursor, 'expected the parameters of a function pointer');
  parseParameters(cursor);
  return name;
}

export function parseExtents(cursor: Cursor): readonly string[] {
  const extents: string[] = [];
  while (peek(cursor).text === '[' && peek(cursor, 1).text !== '[')
    extents.push(expressionText(takeBalanced(cursor).slice(1, -1)));
  return extents;
}

function parseDefault(cursor: Cursor): string | undefined {
  if (!take(cursor, '=')) return undefined;
  const start = cursor.at;
  while (peek(cursor).text !== ',' && peek(cursor).text !== ')') {
    if (peek(cursor).kind === 'end') throw unexpected(cursor, 'expected a default value');
    if (annotationNames.has(peek(cursor).text))
      throw unexpected(cursor, 'an annotation stands in front of "=": expected a default value');
    if (peek(cursor).text === '(' || peek(cursor).text === '{') takeBalanced(cursor);
    else next(cursor);
  }
  if (cursor.at === start) throw unexpected(cursor, 'expected a default value');
  return expressionText(cursor.tokens.slice(start, cursor.at));
}

/** Refuses what can be no expression: a stray bracket, or two values without an operator between them. */
function expressionText(tokens: readonly Token[]): string {
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1];
    if (token.kind !== 'string' && /^[([{]$/.test(token.text)) depth += 1;
    if (token.kind !== 'string' && /^[)\]}]$/.test(token.text)) depth -= 1;
    const isBesideValue = isValue(token) && before !== undefined && isValue(before);
    const isPair = token.kind === 'string' && before?.kind === 'string';
    const isWrong = depth < 0 || token.text === ';' || isDeclaring(token.text);
    if (isWrong || (depth === 0 && isBesideValue && !isPair))
      throw new IigError(
        token,
        `expected an operator or the end of the value, found "${token.text}"`,
      );
  }
  return joinTokens(tokens);
}

const isValue = ({ kind, text }: Token): boolean =>
  kind === 'number' ||
  kind === 'string' ||
  (kind === 'name' && !/^(?:sizeof|alignof|new)$/.test(text));
