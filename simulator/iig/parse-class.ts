// A class: its head, its members, and what may not stand in it.
import type { Annotation, Annotations } from './annotations.js';
import {
  type Cursor,
  expect,
  expectName,
  next,
  peek,
  skipDeclaration,
  take,
  takeAngles,
  takeBalanced,
  unexpected,
} from './cursor.js';
import { joinTokens, type Token } from './lexer.js';
import { parseAnnotations, skipIgnored } from './parse-annotations.js';
import { parseParameters, parseType } from './parse-type.js';
import { IigError } from './source.js';
import type { ClassDeclaration, Method, TypeReference } from './syntax.js';

/** Where errors of members go, so that one bad member does not hide the next. */
export type Report = (error: IigError) => void;

/** With the cursor behind the head's name; `start` is the word `class`. */
export function parseClassBody(
  cursor: Cursor,
  head: { readonly start: Token; readonly name: Token; readonly annotations: Annotations },
  report: Report,
): ClassDeclaration {
  take(cursor, 'final');
  const base = take(cursor, ':') ? parseBase(cursor) : undefined;
  expect(cursor, '{', 'before the members of a class');
  const methods: Method[] = [];
  const nested: string[] = [];
  while (!take(cursor, '}')) {
    if (peek(cursor).kind === 'end')
      throw new IigError(head.name, `class ${head.name.text} has no "}"; close it`);
    const from = cursor.at;
    try {
      parseMember(cursor, { className: head.name.text, base, methods, nested });
    } catch (error) {
      if (!(error instanceof IigError)) throw error;
      cursor.at = Math.max(from, cursor.at);
      recover(cursor);
      if (peek(cursor).kind === 'end') throw error; // the rest of the file is lost, and the class with it
      report(error);
    }
  }
  const end = expect(cursor, ';', 'after a class').end;
  return {
    name: head.name.text,
    base: base?.text,
    baseAt: base ?? head.name,
    annotations: head.annotations,
    methods,
    nested,
    at: head.name,
    start: head.start.offset,
    end,
  };
}

function parseBase(cursor: Cursor): Token {
  if (!take(cursor, 'public'))
    throw unexpected(cursor, 'a class in a .iig file inherits publicly: expected "public"');
  const base = expectName(cursor, 'the name of the base class');
  if (peek(cursor).text === '<')
    throw new IigError(
      base,
      'a base class cannot be a template; name a class of an included .iig file',
    );
  if (peek(cursor).text === ',')
    throw unexpected(cursor, 'a class in a .iig file has one base class: expected "{"');
  return base;
}

/** To behind the member's semicolon; a closing brace of the class stays. */
function recover(cursor: Cursor): void {
  while (peek(cursor).kind !== 'end' && peek(cursor).text !== '}') {
    if (take(cursor, ';')) return;
    if (peek(cursor).text === '{' || peek(cursor).text === '(') {
      const brace = peek(cursor).text === '{';
      takeBalanced(cursor);
      if (brace && peek(cursor).text !== ';') return;
    } else next(cursor);
  }
}

type Members = {
  readonly className: string;
  readonly base: Token | undefined;
  readonly methods: Method[];
  readonly nested: string[];
};

function parseMember(cursor: Cursor, { className, base, methods, nested }: Members): void {
  const first = peek(cursor);
  if (take(cursor, ';')) return;
  if (/^(public|private|protected)$/.test(first.text) && peek(cursor, 1).text === ':') {
    cursor.at += 2;
    return;
  }
  if (first.text === 'friend' || first.text === 'template')
    throw new IigError(
      first,
      `"${first.text}" cannot stand in a class of a .iig file; put it into the .cpp file`,
    );
  if (first.text === 'using' && peek(cursor, 1).text === 'super') {
    takeSuper(cursor, base);
    return;
  }
  if (isNestedType(cursor)) {
    const start = cursor.at;
    skipDeclaration(cursor);
    nested.push(joinTokens(cursor.tokens.slice(start, cursor.at)));
    return;
  }
  methods.push(parseMethod(cursor, className));
}

/** `using super = Base;`: every generated class has it anyway. */
function takeSuper(cursor: Cursor, base: Token | undefined): void {
  cursor.at += 2;
  expect(cursor, '=', 'after "using super"');
  const name = expectName(cursor, 'the name of the base class');
  if (name.text !== base?.text)
    throw new IigError(name, `super is the base class: expected ${base?.text ?? 'a base class'}`);
  expect(cursor, ';', 'after "using super"');
}

function isNestedType(cursor: Cursor): boolean {
  const { text } = peek(cursor);
  if (text === 'typedef') return true;
  if (text === 'using') {
    if (peek(cursor, 2).text === '=') return true;
    throw unexpected(
      cursor,
      'in a class of a .iig file, "using" names a type: expected "using Name = type;"',
    );
  }
  if (text !== 'enum' && text !== 'struct' && text !== 'union') return false;
  for (let ahead = 1; ; ahead += 1) {
    const token = peek(cursor, ahead);
    if (token.text === '{') return true;
    if (token.kind !== 'name' && token.text !== ':') return token.text === ';' && ahead > 1;
  }
}

type Specifiers = { isVirtual: boolean; isStatic: boolean };

function parseMethod(cursor: Cursor, className: string): Method {
  const leading = parseAnnotations(cursor, 'method');
  const specifiers = parseSpecifiers(cursor);
  parseAnnotations(cursor, 'method', leading);
  refuseConstructor(cursor, className);
  const returns = parseType(cursor);
  parseSpecifiers(cursor, specifiers);
  if (peek(cursor).text === '(') throw new IigError(peek(cursor), dataMember(className));
  if (peek(cursor).text === 'operator')
    throw unexpected(
      cursor,
      'an operator cannot stand in a .iig file: expected the name of a method',
    );
  const name = expectName(cursor, 'the name of a method');
  if (peek(cursor).text !== '(') throw new IigError(name, dataMember(className, name.text));
  const parameters = parseParameters(cursor);
  const tail = parseTail(cursor, leading);
  if (peek(cursor).text === '{')
    throw new IigError(
      peek(cursor),
      `${name.text} has a body: methods of a .iig file are written in a .cpp file; end the declaration with ";"`,
    );
  expect(cursor, ';', `after method ${name.text}`);
  return { name: name.text, returns, parameters, ...specifiers, ...tail, at: name };
}

function parseSpecifiers(
  cursor: Cursor,
  found: Specifiers = { isVirtual: false, isStatic: false },
): Specifiers {
  for (skipIgnored(cursor); ; skipIgnored(cursor)) {
    if (take(cursor, 'virtual')) found.isVirtual = true;
    else if (take(cursor, 'static')) found.isStatic = true;
    else if (/^(inline|constexpr|constinit|mutable|extern|explicit)$/.test(peek(cursor).text))
      next(cursor);
    else return found;
  }
}

function refuseConstructor(cursor: Cursor, className: string): void {
  const token = peek(cursor);
  const isDestructor = token.text === '~';
  if (isDestructor || (token.text === className && peek(cursor, 1).text === '('))
    throw new IigError(
      token,
      `a .iig class has no ${isDestructor ? 'destructor: use free()' : 'constructor: use init()'}`,
    );
}

function dataMember(className: string, name?: string): string {
  const what = name === undefined ? 'a data member' : `${name} is a data member, which`;
  return `${what} cannot stand in a .iig class; put it into struct ${className}_IVars (contract §9.2)`;
}

type Tail = Pick<Method, 'isConst' | 'isOverride' | 'isPure' | 'annotations'>;

function parseTail(cursor: Cursor, annotations: Map<Annotation, string>): Tail {
  const tail = { isConst: false, isOverride: false, isPure: false, annotations };
  for (;;) {
    parseAnnotations(cursor, 'method', annotations);
    const token = peek(cursor);
    if (take(cursor, 'const')) tail.isConst = true;
    else if (take(cursor, 'override') || take(cursor, 'APPLE_KEXT_OVERRIDE'))
      tail.isOverride = true;
    else if (take(cursor, 'final') || take(cursor, 'noexcept')) continue;
    else if (token.text === '=') {
      next(cursor);
      const value = next(cursor);
      if (value.text !== '0')
        throw new IigError(
          value,
          'only "= 0" may follow a method: what it does stands in a .cpp file',
        );
      tail.isPure = true;
    } else if (token.kind === 'name')
      throw new IigError(
        token,
        `unknown annotation ${token.text}; expected one of the .iig language, or ";"`,
      );
    else return tail;
  }
}

/** Between `class` and the name: annotations and attributes. Undefined: not a class of interest. */
export function parseClassHead(
  cursor: Cursor,
): { name: Token; annotations: Annotations } | undefined {
  const annotations = parseAnnotations(cursor, 'class');
  if (peek(cursor).kind !== 'name') return undefined;
  const name = next(cursor);
  if (peek(cursor).text === '<') takeAngles(cursor);
  parseAnnotations(cursor, 'class', annotations);
  return { name, annotations };
}

export function isVoid(type: TypeReference): boolean {
  return type.name === 'void' && type.pointers.length === 0;
}
