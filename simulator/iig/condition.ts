// Evaluates the expression of an #if line.
import { IigError, type Location } from './source.js';

/** The value of a name that is not an operand of `defined`. */
export type Names = {
  readonly isDefined: (name: string) => boolean;
  readonly valueOf: (name: string) => number;
};

type State = {
  readonly words: readonly string[];
  at: number;
  readonly names: Names;
  readonly where: Location;
};

const word = /\d[\w']*|[A-Za-z_$][\w$]*|\|\||&&|[=!<>]=|<<|>>|"[^"]*"|[-+*/%<>!~()?:,&|^.]/g;
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

export function evaluateCondition(text: string, names: Names, where: Location): boolean {
  const state: State = { words: text.match(word) ?? [], at: 0, names, where };
  if (state.words.length === 0) throw new IigError(where, 'this #if has no condition');
  const value = ternary(state);
  if (state.at < state.words.length)
    throw new IigError(where, `unexpected "${state.words[state.at]}" in this condition`);
  return value !== 0;
}

function ternary(state: State): number {
  const condition = binary(state, 0);
  if (!take(state, '?')) return condition;
  const yes = ternary(state);
  expect(state, ':');
  const no = ternary(state);
  return condition ? yes : no;
}

function binary(state: State, level: number): number {
  const operators = levels[level];
  if (operators === undefined) return unary(state);
  let left = binary(state, level + 1);
  for (;;) {
    const operator = state.words[state.at];
    if (operator === undefined || !operators.includes(operator)) return left;
    state.at += 1;
    left = apply(operator, left, binary(state, level + 1));
  }
}

const operations: Readonly<Record<string, (a: number, b: number) => number>> = {
  '||': (a, b) => Number(a !== 0 || b !== 0),
  '&&': (a, b) => Number(a !== 0 && b !== 0),
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '&': (a, b) => a & b,
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '<': (a, b) => Number(a < b),
  '>': (a, b) => Number(a > b),
  '<=': (a, b) => Number(a <= b),
  '>=': (a, b) => Number(a >= b),
  '<<': (a, b) => a * 2 ** b,
  '>>': (a, b) => Math.floor(a / 2 ** b),
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? 0 : Math.trunc(a / b)),
  '%': (a, b) => (b === 0 ? 0 : a % b),
};

function apply(operator: string, a: number, b: number): number {
  return operations[operator]?.(a, b) ?? 0;
}

function unary(state: State): number {
  if (take(state, '!')) return Number(unary(state) === 0);
  if (take(state, '-')) return -unary(state);
  if (take(state, '+')) return unary(state);
  if (take(state, '~')) return ~unary(state);
  if (take(state, '(')) {
    const value = ternary(state);
    expect(state, ')');
    return value;
  }
  return primary(state);
}

function primary(state: State): number {
  const text = state.words[state.at];
  if (text === undefined) throw new IigError(state.where, 'this condition ends too early');
  state.at += 1;
  if (/^\d/.test(text)) return Number(text.replace(/[uUlL]+$/, '').replaceAll("'", ''));
  if (text === 'defined') return definedOperand(state);
  if (text === 'true') return 1;
  if (!/^[A-Za-z_$]/.test(text))
    throw new IigError(state.where, `unexpected "${text}" in this condition`);
  if (state.words[state.at] === '(') {
    skipCall(state); // __has_include(…) and its like: not known here
    return 0;
  }
  return state.names.valueOf(text);
}

function definedOperand(state: State): number {
  const parenthesised = take(state, '(');
  const name = state.words[state.at] ?? '';
  state.at += 1;
  if (parenthesised) expect(state, ')');
  return Number(state.names.isDefined(name));
}

function skipCall(state: State): void {
  let depth = 0;
  for (; state.at < state.words.length; state.at += 1) {
    if (state.words[state.at] === '(') depth += 1;
    if (state.words[state.at] === ')') depth -= 1;
    if (depth === 0) break;
  }
  expect(state, ')');
}

function take(state: State, text: string): boolean {
  if (state.words[state.at] !== text) return false;
  state.at += 1;
  return true;
}

function expect(state: State, text: string): void {
  if (!take(state, text)) throw new IigError(state.where, `expected "${text}" in this condition`);
}
