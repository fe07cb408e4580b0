// Follows #if, #define and #include through a file's tokens: what comes out are the tokens that count.
// Function-like macros stay as they are; only object-like ones are replaced.
import { annotationNames } from './annotations.js';
import { evaluateCondition } from './condition.js';
import { lex, type Token } from './lexer.js';
import { IigError, type Location, makeSourceFile } from './source.js';

/** Shared by a file and everything it includes. */
export type Macros = Map<string, readonly Token[]>;

export type IncludeRequest = {
  readonly name: string;
  readonly quoted: boolean;
  readonly at: Location;
};

export type Preprocessing = {
  readonly macros: Macros;
  /** Called in the order of the text, so that later lines see the macros of the included file. */
  readonly include: (request: IncludeRequest) => void;
};

type Branch = {
  readonly outer: boolean;
  active: boolean;
  taken: boolean;
  sawElse: boolean;
  readonly at: Location;
};

/** What is defined while a real translator runs over a DriverKit project. */
export function predefinedMacros(): Macros {
  const macros: Macros = new Map();
  for (const [name, value] of [
    ['__IIG', '1'],
    ['TARGET_OS_DRIVERKIT', '1'],
    ['__cplusplus', '202002L'],
    ['__LP64__', '1'],
  ] as const)
    macros.set(name, valueTokens(value));
  return macros;
}

export function valueTokens(value: string): readonly Token[] {
  return lex(makeSourceFile('<macro>', value)).slice(0, -1);
}

export function preprocess(tokens: readonly Token[], work: Preprocessing): Token[] {
  const branches: Branch[] = [];
  const output: Token[] = [];
  for (const token of tokens) {
    const active = branches.at(-1)?.active ?? true;
    if (token.kind === 'directive') obey(token, branches, work);
    else if (token.kind === 'end') output.push(token);
    else if (active) expand(token, work.macros, new Set(), output);
  }
  const open = branches.at(-1);
  if (open !== undefined) throw new IigError(open.at, 'this #if has no #endif');
  return output;
}

function obey(token: Token, branches: Branch[], work: Preprocessing): void {
  const line = token.text.replace(/\\\r?\n|\/\*[\s\S]*?\*\//g, ' ').replace(/\/\/.*$/s, '');
  const [, keyword = '', rest = ''] = /^#\s*(\w*)\s*([\s\S]*?)\s*$/.exec(line) ?? [];
  if (obeyCondition({ token, keyword, rest }, branches, work.macros)) return;
  if (!(branches.at(-1)?.active ?? true)) return;
  if (keyword === 'define') define(token, rest, work.macros);
  else if (keyword === 'undef') work.macros.delete(rest);
  else if (keyword === 'include' || keyword === 'import') requestInclude(token, rest, work);
  else if (keyword === 'error') throw new IigError(token, `#error ${rest}`);
}

type Line = { readonly token: Token; readonly keyword: string; readonly rest: string };

function obeyCondition(
  { token, keyword, rest }: Line,
  branches: Branch[],
  macros: Macros,
): boolean {
  if (keyword === 'if' || keyword === 'ifdef' || keyword === 'ifndef') {
    const outer = branches.at(-1)?.active ?? true;
    const active = outer && holds(keyword, rest, macros, token);
    branches.push({ outer, active, taken: active, sawElse: false, at: token });
    return true;
  }
  if (keyword !== 'elif' && keyword !== 'else' && keyword !== 'endif') return false;
  const branch = branches.at(-1);
  if (branch === undefined) throw new IigError(token, `#${keyword} without #if`);
  if (keyword === 'endif') branches.pop();
  else if (branch.sawElse) throw new IigError(token, `#${keyword} after #else`);
  else {
    branch.sawElse = keyword === 'else';
    branch.active =
      branch.outer && !branch.taken && (keyword === 'else' || holds('if', rest, macros, token));
    branch.taken ||= branch.active;
  }
  return true;
}

function holds(keyword: string, rest: string, macros: Macros, at: Location): boolean {
  if (keyword === 'ifdef') return macros.has(rest);
  if (keyword === 'ifndef') return !macros.has(rest);
  return evaluateCondition(
    rest,
    {
      isDefined: (name) => macros.has(name),
      valueOf: (name) => numberOf(name, macros, 0),
    },
    at,
  );
}

function numberOf(name: string, macros: Macros, depth: number): number {
  const [first, second] = macros.get(name) ?? [];
  if (first === undefined || second !== undefined || depth > 16) return 0;
  if (first.kind === 'number')
    return Number.parseInt(first.text, first.text.startsWith('0x') ? 16 : 10);
  return first.kind === 'name' ? numberOf(first.text, macros, depth + 1) : 0;
}

function define(token: Token, rest: string, macros: Macros): void {
  const [, name, parameters, value = ''] =
    /^([A-Za-z_$][\w$]*)(\([^)]*\))?\s*([\s\S]*)$/.exec(rest) ?? [];
  if (name === undefined) throw new IigError(token, '#define needs a name');
  if (parameters === undefined) macros.set(name, safeTokens(value));
  else macros.set(name, [token]); // a directive token: defined, never expanded
}

/** Macro bodies may hold fragments that are not C++ tokens; such a macro is known but not expanded. */
function safeTokens(value: string): readonly Token[] {
  try {
    return valueTokens(value);
  } catch {
    return [];
  }
}

function requestInclude(token: Token, rest: string, { include }: Preprocessing): void {
  const [, quoted, angled] = /^(?:"([^"]+)"|<([^>]+)>)/.exec(rest) ?? [];
  const name = quoted ?? angled;
  if (name !== undefined) include({ name, quoted: quoted !== undefined, at: token });
}

function expand(token: Token, macros: Macros, busy: ReadonlySet<string>, output: Token[]): void {
  const body =
    token.kind === 'name' && !annotationNames.has(token.text) && !busy.has(token.text)
      ? macros.get(token.text)
      : undefined;
  if (body === undefined || body[0]?.kind === 'directive') {
    output.push(token);
    return;
  }
  const inner = new Set(busy).add(token.text);
  const { file, offset, end } = token;
  for (const part of body) expand({ ...part, file, offset, end }, macros, inner, output);
}
