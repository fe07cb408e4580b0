// Evaluates the expression of an #if line, whose macros are replaced already.
import type { Token } from './lexer.js';
import { IigError } from './source.js';

type State = { readonly tokens: readonly Token[]; at: number; depth: number; readonly line: Token };

const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];
const doubles = new Set(['||', '&&', '==', '!=', '<=', '>=', '<<', '>>']);
const deepest = 200;

export function evaluateCondition(tokens: readonly Token[], line: Token): boolean {
  if (tokens.length === 0)
    throw new IigError(line, 'this #if has no condition: expected an expression');
  const state: State = { tokens: joinOperators(tokens), at: 0, depth: 0, line };
  const value = ternary(state);
  const left = state.tokens[state.at];
  if (left !== undefined)
    throw new IigError(
      left,
      `unexpected "${left.text}" in this condition; put an operator before it`,
    );
  return value !== 0n;
}

/** The lexer has no operators of two characters: `Map<List<int>>` has none either. */
function joinOperators(tokens: readonly Token[]): readonly Token[] {
  const joined: Token[] = [];
  for (const token of tokens) {
    const before = joined.at(-1);
    const text = `${before?.text}${token.text}`;
    if (before !== undefined && before.end === token.offset && doubles.has(text)) {
      joined.pop();
      joined.push({ ...before, text, end: token.end });
    } else joined.push(token);
  }
  return joined;
}

function ternary(state: State): bigint {
  const condition = binary(state, 0);
  if (!take(state, '?')) return condition;
  const yes = ternary(state);
  expect(state, ':');
  const no = ternary(state);
  return condition !== 0n ? yes : no;
}

function binary(state: State, level: number): bigint {
  const operators = levels[level];
  if (operators === undefined) return unary(state);
  let left = binary(state, level + 1);
  for (;;) {
    const operator = state.tokens[state.at];
    if (operator === undefined || !operators.includes(operator.text)) return left;
    state.at += 1;
    const right = binary(state, level + 1);
    left = BigInt.asIntN(64, operations[operator.text]?.(left, right) ?? 0n);
  }
}

const shift = (b: bigint): bigint => BigInt.asUintN(6, b);
const operations: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  '||': (a, b) => BigInt(a !== 0n || b !== 0n),
  '&&': (a, b) => BigInt(a !== 0n && b !== 0n),
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '&': (a, b) => a & b,
  '==': (a, b) => BigInt(a === b),
  '!=': (a, b) => BigInt(a !== b),
  '<': (a, b) => BigInt(a < b),
  '>': (a, b) => BigInt(a > b),
  '<=': (a, b) => BigInt(a <= b),
  '>=': (a, b) => BigInt(a >= b),
  '<<': (a, b) => a << shift(b),
  '>>': (a, b) => a >> shift(b),
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0n ? 0n : a / b),
  '%': (a, b) => (b === 0n ? 0n : a % b),
};

function unary(state: State): bigint {
  state.depth += 1;
  if (state.depth > deepest)
    throw new IigError(state.line, 'this condition is nested too deeply; split it');
  const value = unaryInside(state);
  state.depth -= 1;
  return value;
}

function unaryInside(state: State): bigint {
  if (take(state, '!')) return BigInt(unary(state) === 0n);
  if (take(state, '-')) return -unary(state);
  if (take(state, '+')) return unary(state);
  if (take(state, '~')) return ~unary(state);
  if (!take(state, '(')) return primary(state);
  const value = ternary(state);
  expect(state, ')');
  return value;
}

function primary(state: State): bigint {
  const token = state.tokens[state.at];
  if (token === undefined)
    throw new IigError(
      state.line,
      'this condition ends too early: expected a number, a name or "("',
    );
  state.at += 1;
  if (token.kind === 'number') return numberOf(token);
  if (token.kind === 'name') return token.text === 'true' ? 1n : 0n; // a name that is no macro is 0
  const character = /^'(\\?)(.)'$/su.exec(token.text);
  if (character !== null) return BigInt(character[2]?.codePointAt(0) ?? 0);
  throw new IigError(
    token,
    `unexpected "${token.text}" in this condition; expected a number, a name or "("`,
  );
}

function numberOf(token: Token): bigint {
  const digits = token.text.replace(/[uUlLzZ]+$/, '').replaceAll("'", '');
  const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
  if (!/^(?:0[xX][\da-fA-F]+|0[bB][01]+|0o[0-7]+|\d+)$/.test(octal))
    throw new IigError(token, `${token.text} is no whole number; an #if takes no other`);
  return BigInt.asIntN(64, BigInt(octal));
}

function take(state: State, text: string): boolean {
  if (state.tokens[state.at]?.text !== text) return false;
  state.at += 1;
  return true;
}

function expect(state: State, text: string): void {
  if (!take(state, text))
    throw new IigError(
      state.tokens[state.at] ?? state.line,
      `expected "${text}" in this condition`,
    );
}
