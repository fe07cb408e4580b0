// The top level of a file: finds classes, forward declarations and typedefs; steps over everything else.
import {
  type Cursor,
  expectName,
  next,
  peek,
  skipDeclaration,
  take,
  takeAngles,
  takeBalanced,
} from './cursor.js';
import type { Token } from './lexer.js';
import { skipIgnored } from './parse-annotations.js';
import { parseClassBody, parseClassHead, type Report } from './parse-class.js';
import { callableName, parseExtents, parseType } from './parse-type.js';
import { IigError } from './source.js';
import type { BlockTypedef, ClassDeclaration, ParsedFile, Typedef } from './syntax.js';

/** Names of everything seen so far, in this file and in included ones. */
export type Names = {
  /** Classes, declared or only announced by `class X;`. */
  readonly classes: Set<string>;
  readonly typedefs: Map<string, Typedef>;
};

type Work = {
  readonly cursor: Cursor;
  readonly names: Names;
  readonly report: Report;
  readonly classes: ClassDeclaration[];
  readonly extensions: ClassDeclaration[];
  readonly blockTypedefs: BlockTypedef[];
};

export function parseFile(tokens: readonly Token[], names: Names, report: Report): ParsedFile {
  const work: Work = {
    cursor: { tokens, at: 0 },
    names,
    report,
    classes: [],
    extensions: [],
    blockTypedefs: [],
  };
  while (peek(work.cursor).kind !== 'end') {
    const from = work.cursor.at;
    try {
      parseTopLevel(work);
    } catch (error) {
      if (!(error instanceof IigError)) throw error;
      report(error);
      work.cursor.at = Math.max(work.cursor.at, from + 1);
      skipDeclaration(work.cursor);
    }
  }
  const { classes, extensions, blockTypedefs } = work;
  return { classes, extensions, blockTypedefs };
}

function parseTopLevel(work: Work): void {
  const { cursor } = work;
  const token = peek(cursor);
  if (token.text === '}' || token.text === ';')
    next(cursor); // closes an extern "C" or a namespace
  else if (token.text === 'extern' && peek(cursor, 2).text === '{') cursor.at += 3;
  else if (token.text === 'namespace') enterNamespace(cursor);
  else if (token.text === 'template') skipTemplate(cursor);
  else if (token.text === 'typedef') parseTypedef(work);
  else if (token.text === 'class') parseClass(work);
  else skipDeclaration(cursor);
}

function enterNamespace(cursor: Cursor): void {
  next(cursor);
  while (peek(cursor).kind === 'name' || peek(cursor).text === '::') next(cursor);
  if (!take(cursor, '{')) skipDeclaration(cursor);
}

function skipTemplate(cursor: Cursor): void {
  next(cursor);
  if (peek(cursor).text === '<') takeAngles(cursor);
  skipDeclaration(cursor);
}

function parseClass({ cursor, names, report, classes, extensions }: Work): void {
  const start = next(cursor);
  const head = parseClassHead(cursor);
  if (head === undefined) {
    skipDeclaration(cursor);
    return;
  }
  const isExtension = head.annotations.has('EXTENDS');
  if (!isExtension) names.classes.add(head.name.text);
  if (take(cursor, ';')) return;
  if (peek(cursor).text !== ':' && peek(cursor).text !== '{' && peek(cursor).text !== 'final') {
    skipDeclaration(cursor); // `class X * variable;`
    return;
  }
  (isExtension ? extensions : classes).push(parseClassBody(cursor, { start, ...head }, report));
}

function parseTypedef({ cursor, names, blockTypedefs }: Work): void {
  const start = next(cursor);
  if (skipTypeBody(cursor)) return;
  const type = parseType(cursor);
  if (peek(cursor).text === '(') {
    const isBlock = peek(cursor, 1).text === '^';
    const name = callableName(cursor);
    names.typedefs.set(name, { kind: 'callable', isBlock });
    const end = endOfDeclaration(cursor);
    if (isBlock) blockTypedefs.push({ name, start: start.offset, end });
    return;
  }
  const { text: name } = expectName(cursor, 'the name of a typedef');
  const extents = parseExtents(cursor);
  if (extents.length > 0) names.typedefs.set(name, { kind: 'array', element: type, extents });
  else if (peek(cursor).text !== '(') names.typedefs.set(name, { kind: 'alias', type });
  endOfDeclaration(cursor);
}

/** `typedef struct { … } X;`: a plain type, skipped whole. */
function skipTypeBody(cursor: Cursor): boolean {
  for (let ahead = 0; ; ahead += 1) {
    const { text, kind } = peek(cursor, ahead);
    if (text === '{') {
      cursor.at += ahead;
      takeBalanced(cursor);
      endOfDeclaration(cursor);
      return true;
    }
    if (kind !== 'name' && text !== ':' && text !== '(' && text !== ')') return false;
    if (kind === 'end') return false;
  }
}

function endOfDeclaration(cursor: Cursor): number {
  skipIgnored(cursor);
  while (peek(cursor).text !== ';') {
    if (peek(cursor).kind === 'end') throw new IigError(peek(cursor), 'expected ";"');
    if (peek(cursor).text === '(' || peek(cursor).text === '{') takeBalanced(cursor);
    else next(cursor);
  }
  return next(cursor).end;
}
