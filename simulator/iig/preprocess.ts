// Follows #if, #define and #include through a file's tokens: what comes out are the tokens that count, with every
// macro replaced.
import { evaluateCondition } from './condition.js';
import { invalidToken, lexDirective, type Token } from './lexer.js';
import { defineMacro, expandMacros, type Macros, valueMacro } from './macros.js';
import { IigError, type Location } from './source.js';

export type IncludeRequest = {
  readonly name: string;
  readonly quoted: boolean;
  readonly at: Location;
};

export type Preprocessing = {
  readonly macros: Macros;
  /** Called in the order of the text, so that later lines see the macros of the included file. */
  readonly include: (request: IncludeRequest) => void;
  /** For __has_include. */
  readonly exists: (request: IncludeRequest) => boolean;
  /** Where errors go, so that one bad line does not hide the next. */
  readonly report: (error: IigError) => void;
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
  return new Map(
    Object.entries({
      __IIG: '1',
      TARGET_OS_DRIVERKIT: '1',
      __cplusplus: '202002L',
      __LP64__: '1',
    }).map(([name, value]) => [name, valueMacro(value)]),
  );
}

export function preprocess(tokens: readonly Token[], work: Preprocessing): Token[] {
  const branches: Branch[] = [];
  const output: Token[] = [];
  let run: Token[] = [];
  const isActive = (): boolean => branches.at(-1)?.active ?? true;
  const flush = (): void => {
    output.push(...expandRun(run, work));
    run = [];
  };
  for (const token of tokens) {
    if (token.kind === 'directive') {
      if (isActive()) flush();
      guarded(work, () => obey(token, branches, work));
    } else if (token.kind === 'end' || isActive()) run.push(token);
  }
  flush();
  const open = branches.at(-1);
  if (open !== undefined) work.report(new IigError(open.at, 'this #if has no #endif; add one'));
  return output;
}

/** Text between two preprocessor lines. */
function expandRun(run: readonly Token[], work: Preprocessing): readonly Token[] {
  let tokens = run;
  guarded(work, () => {
    tokens = expandMacros(run, work.macros);
  });
  return tokens.filter((token) => {
    if (token.kind === 'invalid') work.report(invalidToken(token));
    return token.kind !== 'invalid';
  });
}

function guarded({ report }: Preprocessing, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof IigError)) throw error;
    report(error);
  }
}

type Line = { readonly token: Token; readonly keyword: string; readonly rest: readonly Token[] };

const ignored = new Set(['pragma', 'warning', 'line', 'ident', 'sccs', 'assert', 'unassert']);

function obey(token: Token, branches: Branch[], work: Preprocessing): void {
  const [first, ...rest] = lexDirective(token);
  if (first === undefined) return; // a # alone
  const line: Line = { token, keyword: first.text, rest };
  if (obeyCondition(line, branches, work)) return;
  if (!(branches.at(-1)?.active ?? true) || first.kind === 'number') return;
  if (line.keyword === 'define') defineMacro(rest, token, work.macros);
  else if (line.keyword === 'undef') work.macros.delete(nameOf(line));
  else if (/^(?:include(?:_next)?|import)$/.test(line.keyword)) requestInclude(line, work);
  else if (line.keyword === 'error')
    throw new IigError(token, token.text.replace(/^#\s*/, '#').trimEnd());
  else if (!ignored.has(line.keyword))
    throw new IigError(token, `unknown preprocessor line #${line.keyword}; remove it`);
}

function nameOf({ token, keyword, rest }: Line): string {
  const [name] = rest;
  if (name?.kind !== 'name') throw new IigError(name ?? token, `#${keyword} needs a name`);
  return name.text;
}

const openers = new Set(['if', 'ifdef', 'ifndef']);
const continuers = new Set(['elif', 'elifdef', 'elifndef', 'else', 'endif']);

function obeyCondition(line: Line, branches: Branch[], work: Preprocessing): boolean {
  const { token, keyword } = line;
  if (openers.has(keyword)) {
    const outer = branches.at(-1)?.active ?? true;
    const branch = { outer, active: false, taken: !outer, sawElse: false, at: token };
    branches.push(branch); // before its condition is read: an error in it leaves the #endif one to close
    branch.active = outer && holds(line, work);
    branch.taken ||= branch.active;
    return true;
  }
  if (!continuers.has(keyword)) return false;
  const branch = branches.at(-1);
  if (branch === undefined)
    throw new IigError(token, `#${keyword} without #if; remove it, or open its #if`);
  if (keyword === 'endif') branches.pop();
  else if (branch.sawElse) throw new IigError(token, `#${keyword} after #else; #else comes last`);
  else continueBranch(line, branch, work);
  return true;
}

function continueBranch(line: Line, branch: Branch, work: Preprocessing): void {
  branch.sawElse = line.keyword === 'else';
  const maybe = branch.outer && !branch.taken;
  branch.active = false;
  branch.active =
    maybe && (branch.sawElse || holds({ ...line, keyword: line.keyword.slice(2) }, work));
  branch.taken ||= branch.active;
}

function holds(line: Line, work: Preprocessing): boolean {
  if (line.keyword === 'ifdef') return isDefined(nameOf(line), work.macros);
  if (line.keyword === 'ifndef') return !isDefined(nameOf(line), work.macros);
  const tokens = expandMacros(answerQuestions(line.rest, work), work.macros);
  return evaluateCondition(answerQuestions(tokens, work), line.token);
}

/** Questions that compilers answer without a macro of the name. */
const question = /^__has_\w+$|^__is_identifier$/;

const isDefined = (name: string, macros: Macros): boolean =>
  macros.has(name) || question.test(name);

/** `defined X` and `__has_include(…)` become 1 or 0; what else a compiler has, this one does not. */
function answerQuestions(tokens: readonly Token[], work: Preprocessing): Token[] {
  const output: Token[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index] as Token;
    const answer = (value: boolean): void => {
      output.push({ ...token, kind: 'number', text: value ? '1' : '0' });
    };
    if (token.text === 'defined') {
      const inside = tokens[index + 1]?.text === '(';
      const name = tokens[index + (inside ? 2 : 1)];
      if (name?.kind !== 'name') throw new IigError(token, '"defined" needs a name');
      if (inside && tokens[index + 3]?.text !== ')')
        throw new IigError(name, 'expected ")" in this condition');
      answer(isDefined(name.text, work.macros));
      index += inside ? 3 : 1;
    } else if (question.test(token.text) && tokens[index + 1]?.text === '(') {
      const end = tokens.findIndex(({ text }, at) => at > index && text === ')');
      if (end < 0) throw new IigError(token, 'expected ")" in this condition');
      const request = /^__has_include/.test(token.text)
        ? includeOf(tokens.slice(index + 2, end), token)
        : undefined;
      answer(request !== undefined && work.exists(request));
      index = end;
    } else output.push(token);
  }
  return output;
}

function requestInclude({ token, keyword, rest }: Line, { macros, include }: Preprocessing): void {
  const request = includeOf(rest, token) ?? includeOf(expandMacros(rest, macros), token);
  if (request === undefined)
    throw new IigError(token, `expected "file" or <file> after #${keyword}`);
  include(request);
}

function includeOf(tokens: readonly Token[], at: Token): IncludeRequest | undefined {
  const [first] = tokens;
  if (first === undefined) return undefined;
  const quoted = /^"(.+)"$/.exec(first.text)?.[1];
  if (quoted !== undefined) return { name: quoted, quoted: true, at };
  const close = tokens.findIndex(({ text }) => text === '>');
  if (first.text !== '<' || close < 2) return undefined;
  const last = tokens[close] as Token;
  // As it is written; what a macro made has only its tokens.
  const name =
    last.file === first.file && last.offset > first.end
      ? first.file.text.slice(first.end, last.offset)
      : tokens
          .slice(1, close)
          .map(({ text }) => text)
          .join('');
  return { name, quoted: false, at };
}
