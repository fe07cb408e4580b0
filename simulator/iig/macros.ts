// Macros and their replacement, as a C++ preprocessor does it: arguments, # and ##, and no macro inside itself.
import { annotationNames } from './annotations.js';
import { lexText, type Token } from './lexer.js';
import { IigError } from './source.js';

export type Macro = {
  /** Undefined: without a parameter list. */
  readonly parameters: readonly string[] | undefined;
  /** The last parameter takes what is left, with its commas. */
  readonly isVariadic: boolean;
  readonly body: readonly Token[];
};

/** Shared by a file and everything it includes. */
export type Macros = Map<string, Macro>;

/** A token, and the macros it came out of. */
type Painted = { readonly token: Token; readonly from: ReadonlySet<string> };

/** More than any interface needs: a few lines of macros can grow without end. */
const mostTokens = 1_000_000;

export function valueMacro(value: string): Macro {
  return { parameters: undefined, isVariadic: false, body: lexText(value) };
}

/** The line behind #define. */
export function defineMacro(line: readonly Token[], at: Token, macros: Macros): void {
  const [name, open] = line;
  if (name?.kind !== 'name') throw new IigError(name ?? at, '#define needs a name');
  if (open?.text !== '(' || open.offset !== name.end) {
    macros.set(name.text, { parameters: undefined, isVariadic: false, body: line.slice(1) });
    return;
  }
  const close = line.findIndex(({ text }) => text === ')');
  if (close < 0) throw new IigError(open, 'the parameters of this macro have no ")": expected one');
  const inside = line.slice(2, close).filter(({ text }) => text !== ',');
  const isVariadic = inside.at(-1)?.text === '...';
  const names = inside.filter(({ kind }) => kind === 'name').map(({ text }) => text);
  const isNamed = isVariadic && line[close - 2]?.kind === 'name'; // `rest...`
  macros.set(name.text, {
    parameters: isVariadic && !isNamed ? [...names, '__VA_ARGS__'] : names,
    isVariadic,
    body: line.slice(close + 1),
  });
}

export function expandMacros(tokens: readonly Token[], macros: Macros): Token[] {
  const none: ReadonlySet<string> = new Set();
  return expand(
    tokens.map((token) => ({ token, from: none })),
    macros,
  ).map(({ token }) => token);
}

function expand(input: readonly Painted[], macros: Macros): Painted[] {
  const output: Painted[] = [];
  const rest = [...input].reverse();
  for (let steps = 0; ; steps += 1) {
    const next = rest.pop();
    if (next === undefined) return output;
    if (steps > mostTokens)
      throw new IigError(next.token, 'this macro grows without end; shorten it');
    if (next.token.text === 'defined') {
      output.push(next, ...operandOf(rest)); // what it asks for stays, wherever the word comes from
      continue;
    }
    const macro = macroOf(next, macros);
    const result = macro === undefined ? undefined : replace(next, macro, { rest, macros });
    if (result === undefined) output.push(next);
    else
      for (let index = result.length - 1; index >= 0; index -= 1)
        rest.push(result[index] as Painted);
  }
}

/** Behind `defined`: a name, or a name in brackets. */
function operandOf(rest: Painted[]): readonly Painted[] {
  const count = rest.at(-1)?.token.text === '(' ? 3 : 1;
  return rest.splice(Math.max(0, rest.length - count)).reverse();
}

function macroOf({ token, from }: Painted, macros: Macros): Macro | undefined {
  if (token.kind !== 'name' || annotationNames.has(token.text) || from.has(token.text))
    return undefined;
  return macros.get(token.text);
}

type Around = { readonly rest: Painted[]; readonly macros: Macros };

/** Undefined: the name of a macro with parameters, without arguments behind it. */
function replace(use: Painted, macro: Macro, { rest, macros }: Around): Painted[] | undefined {
  const from = new Set(use.from).add(use.token.text);
  if (macro.parameters === undefined) return place(substitute(macro, [], macros), use.token, from);
  if (rest.at(-1)?.token.text !== '(') return undefined;
  const { list, end } = takeArguments(use.token, rest);
  const at = { ...use.token, end };
  return place(substitute(macro, matchArguments(at, macro, list), macros), at, from);
}

/** Where the macro was used is where its tokens are. */
function place(
  tokens: readonly Painted[],
  { file, offset, end }: Token,
  from: ReadonlySet<string>,
): Painted[] {
  return tokens.map(({ token, from: earlier }) => ({
    token: { ...token, file, offset, end },
    from: earlier.size === 0 ? from : new Set([...earlier, ...from]),
  }));
}

type Arguments = { readonly list: Painted[][]; readonly end: number };

function takeArguments(use: Token, rest: Painted[]): Arguments {
  const list: Painted[][] = [[]];
  for (let depth = 0; ; ) {
    const next = rest.pop();
    if (next === undefined)
      throw new IigError(use, `the arguments of the macro ${use.text} have no ")": expected one`);
    const { text } = next.token;
    if (text === ')') depth -= 1;
    if (text === ')' && depth === 0) return { list, end: next.token.end };
    if (text === ',' && depth === 1) list.push([]);
    else if (depth > 0) list.at(-1)?.push(next);
    if (text === '(') depth += 1;
  }
}

type Binding = { readonly name: string; readonly tokens: readonly Painted[] };

function matchArguments(use: Token, macro: Macro, list: readonly Painted[][]): readonly Binding[] {
  const { parameters = [], isVariadic } = macro;
  const given = parameters.length === 0 && list.length === 1 && list[0]?.length === 0 ? [] : list;
  const fixed = parameters.length - (isVariadic ? 1 : 0);
  if (given.length < fixed || (!isVariadic && given.length > fixed))
    throw new IigError(
      use,
      `the macro ${use.text} has ${parameters.length} parameters, and ${given.length} arguments are given; give ${parameters.length}`,
    );
  return parameters.map((name, index) => ({
    name,
    tokens: isVariadic && index === fixed ? joined(given.slice(fixed)) : (given[index] ?? []),
  }));
}

function joined(list: readonly (readonly Painted[])[]): readonly Painted[] {
  const comma = lexText(',').map((token) => ({ token, from: new Set<string>() }));
  return list.flatMap((tokens, index) => (index === 0 ? tokens : [...comma, ...tokens]));
}

function substitute(macro: Macro, bindings: readonly Binding[], macros: Macros): Painted[] {
  const { body } = macro;
  const output: Painted[] = [];
  const bound = (token: Token | undefined): readonly Painted[] | undefined =>
    bindings.find(({ name }) => name === token?.text)?.tokens;
  for (let index = 0; index < body.length; index += 1) {
    const token = body[index] as Token;
    const next = body[index + 1];
    if (token.text === '#' && bound(next) !== undefined) {
      output.push(paint(stringOf(bound(next) ?? [])));
      index += 1;
    } else if (token.text === '##' && next !== undefined) {
      paste(output, bound(next) ?? [paint(next)], bound(next) !== undefined);
      index += 1;
    } else {
      const argument = bound(token);
      const isRaw = next?.text === '##';
      if (argument === undefined) output.push(paint(token));
      else output.push(...(isRaw ? argument : expand(argument, macros)));
    }
  }
  return output;
}

const paint = (token: Token): Painted => ({ token, from: new Set() });

function stringOf(tokens: readonly Painted[]): Token {
  const text = tokens.map(({ token }) => token.text).join(' ');
  const [token] = lexText(`"${text.replace(/[\\"]/g, '\\$&')}"`);
  return token as Token;
}

/** `left ## right`; without a right side a comma on the left goes, as in `, ## __VA_ARGS__`. */
function paste(output: Painted[], right: readonly Painted[], isArgument: boolean): void {
  const left = output.at(-1);
  if (left?.token.text === ',' && isArgument) {
    if (right.length === 0) output.pop();
    else output.push(...right);
    return;
  }
  const [first, ...others] = right;
  if (left === undefined || first === undefined) {
    output.push(...right);
    return;
  }
  const tokens = lexText(left.token.text + first.token.text);
  const [token, second] = tokens;
  if (token === undefined || second !== undefined || token.kind === 'invalid')
    throw new IigError(
      left.token,
      `## makes ${left.token.text}${first.token.text}, which is no token; leave out the ##`,
    );
  output.pop();
  output.push(paint(token), ...others);
}
