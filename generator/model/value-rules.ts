// What narrows a value besides its type: bounds, multiples, masks, constants and defaults, each checked against the type.
import type { ScalarNode, SourceNode } from '../source/index.js';
import { type Constants, literalNode } from './constants.js';
import type { FieldDeclaration, FieldMore } from './field-declaration.js';
import type {
  EnumType,
  FlagsType,
  Literal,
  NamedType,
  Range,
  ScalarName,
  StringType,
  Type,
  ValueRules,
} from './model.js';
import { numberWithin, toModelNumber } from './numbers.js';
import { type Bounded, boundedOf, boundsOf, innermost, rangeOf } from './ranges.js';
import { textFault } from './strings.js';
import { isBoolean, zeroOrOne } from './truth-values.js';

export type RuleContext = {
  readonly constants: Constants;
  /** A type that is resolved already. */
  readonly named: (name: string) => NamedType | null;
};

export type Narrowed = { readonly range: Range | null; readonly rules: ValueRules | null };

type Subject = {
  readonly field: FieldDeclaration;
  readonly more: FieldMore;
  readonly type: Type;
  readonly context: RuleContext;
  /** Of a number; null for anything else. */
  readonly bounded: Bounded | null;
};

const isNumber = (type: Type): type is Extract<Type, { kind: 'scalar' }> =>
  type.kind === 'scalar' && type.scalar !== 'bool';

/** `width` is that of a bit-field. */
export function narrow(
  field: FieldDeclaration,
  type: Type,
  context: RuleContext,
  width?: number,
): Narrowed {
  const element = innermost(type);
  const { report } = context.constants;
  const { more } = field;
  const safe = more === null ? false : isSafe(field, more, element, context);
  const boolean = more === null ? false : isBoolean(field, more, { element, width }, report);
  const bounded = isNumber(element) ? boundedOf(element.scalar, width, safe) : null;
  const range = bounded === null ? rangeOf(field, type, report) : boundsOf(field, bounded, report);
  if (more === null) return { range, rules: null };
  const subject = { field, more, type, context, bounded };
  if (boolean) return { range: zeroOrOne(element), rules: booleanRules(subject) };
  return { range, rules: rulesOf(subject, range, safe) };
}

function booleanRules(subject: Subject): ValueRules {
  const literal = (key: 'const' | 'default'): Literal | null => {
    const node = subject.more[key];
    if (node === null) return null;
    if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
    subject.context.constants.report({
      code: 'DK431',
      at: node.span,
      message: `${textAt(node)} is no valid value of "${subject.field.name}"`,
      hint: 'write true or false.',
    });
    return null;
  };
  const [constant, initial] = [literal('const'), literal('default')];
  return { ...noRules, const: constant, default: initial, boolean: true };
}

const noRules = { multipleOf: null, mask: null, safe: false } as const;

function rulesOf(subject: Subject, range: Range | null, safe: boolean): ValueRules | null {
  const multipleOf = multipleOfField(subject);
  const mask = maskOfField(subject);
  const numbers = { range, multipleOf, mask };
  const literal = (key: 'const' | 'default'): Literal | null => literalOf(subject, key, numbers);
  const [constant, initial] = [literal('const'), literal('default')];
  if (constant !== null && initial !== null) {
    subject.context.constants.report({
      code: 'DK208',
      at: keyAt(subject, 'default'),
      message: '"default" does not go with "const"',
      hint: 'remove one of the two.',
    });
  }
  const silent = multipleOf === null && mask === null && constant === null && initial === null;
  if (silent && !safe) return null;
  return {
    multipleOf: multipleOf === null ? null : toModelNumber(multipleOf),
    mask: mask === null ? null : toModelNumber(mask),
    const: constant,
    default: initial,
    safe,
    boolean: false,
  };
}

function keyAt({ more, field }: Pick<Subject, 'more' | 'field'>, key: string) {
  return more.node.entries.get(key)?.keySpan ?? field.nameAt;
}

function isSafe(
  field: FieldDeclaration,
  more: FieldMore,
  element: Type,
  { constants }: RuleContext,
): boolean {
  if (more.safe?.kind !== 'scalar' || more.safe.value !== true) return false;
  if (element.kind === 'scalar' && /^[ui]64$/.test(element.scalar)) return true;
  constants.report({
    code: 'DK432',
    at: keyAt({ more, field }, 'safe'),
    message: `"${field.name}" is no 64-bit integer; others are a number in TypeScript anyway`,
    hint: 'remove "safe"; of a set of flags, its type says it.',
  });
  return false;
}

function badRule(subject: Subject, node: SourceNode, message: string, hint: string): null {
  subject.context.constants.report({ code: 'DK430', at: node.span, message, hint });
  return null;
}

function multipleOfField(subject: Subject): bigint | null {
  const { bounded, field } = subject;
  const node = subject.more.multipleOf;
  if (node === null) return null;
  if (bounded === null || bounded.limits === null)
    return badRule(
      subject,
      node,
      `"${field.name}" is no integer, so it has no multipleOf`,
      'remove it.',
    );
  const value = numberWithin(node, bounded.scalar, bounded.limits);
  if (typeof value === 'bigint' && value > 0n) return value;
  const hint = `write a whole number from 1 to ${bounded.limits.max}.`;
  return badRule(subject, node, `${textAt(node)} is nothing to be a multiple of`, hint);
}

function maskOfField(subject: Subject): bigint | null {
  const { bounded, field } = subject;
  const node = subject.more.mask;
  if (node === null) return null;
  if (bounded === null || bounded.limits === null || bounded.limits.min < 0n) {
    const hint =
      innermost(subject.type).kind === 'flags'
        ? 'flags are checked against their values.'
        : 'choose an unsigned type, or remove it.';
    return badRule(
      subject,
      node,
      `"${field.name}" is no unsigned integer, so it has no mask`,
      hint,
    );
  }
  const value = numberWithin(node, bounded.scalar, bounded.limits);
  if (typeof value === 'bigint' && value > 0n) return value;
  const hint = `write the bits that it may have, at most 0x${bounded.limits.max.toString(16)}.`;
  return badRule(subject, node, `${textAt(node)} is no mask of ${bounded.what}`, hint);
}

const textAt = (node: SourceNode): string => (node.kind === 'scalar' ? node.text : 'this');

type Numbers = {
  readonly range: Range | null;
  readonly multipleOf: bigint | null;
  readonly mask: bigint | null;
};

function literalOf(subject: Subject, key: 'const' | 'default', numbers: Numbers): Literal | null {
  const { field, more, type, context } = subject;
  if (more[key] === null) return null;
  const named = 'name' in type ? context.named(type.name) : null;
  const own = (word: string): boolean => type.kind === 'string' || namesOf(named).has(word);
  const node = literalNode(more[key], context.constants, own);
  const value = node?.kind === 'scalar' ? literalFrom(subject, node, named, numbers) : null;
  if (value !== null) return value;
  context.constants.report({
    code: 'DK431',
    at: node?.span ?? field.nameAt,
    message: `${node === null ? 'this' : textAt(node)} is no valid value of "${field.name}"`,
    hint: literalHint(type, named, key),
  });
  return null;
}

function literalHint(type: Type, named: NamedType | null, key: string): string {
  const names = [...namesOf(named)].slice(0, 8);
  if (names.length > 0) return `write one of ${names.join(', ')}.`;
  if (type.kind === 'scalar') return 'write a value that its type and its other rules allow.';
  if (type.kind === 'string') return `write a text of at most ${type.size} bytes.`;
  return `only numbers, booleans, enums, flags and texts have a ${key}.`;
}

function namesOf(type: NamedType | null): ReadonlySet<string> {
  if (type?.kind !== 'enum' && type?.kind !== 'flags') return new Set();
  return new Set(type.values.map(({ name }) => name));
}

function literalFrom(
  { type, bounded }: Subject,
  node: ScalarNode,
  named: NamedType | null,
  numbers: Numbers,
): Literal | null {
  switch (type.kind) {
    case 'scalar':
      if (bounded === null) return typeof node.value === 'boolean' ? node.value : null;
      return numberOf(bounded, node, numbers);
    case 'enum':
      return named?.kind === 'enum' ? enumLiteral(named, node) : null;
    case 'flags':
      return named?.kind === 'flags' ? flagsLiteral(named, node) : null;
    case 'string':
      return stringLiteral(type, node);
    default:
      return null;
  }
}

function numberOf({ scalar, limits }: Bounded, node: ScalarNode, rules: Numbers): Literal | null {
  const exactly = numberWithin(node, scalar, limits);
  if (exactly === null) return null;
  const value = scalar === 'f32' ? Math.fround(Number(exactly)) : exactly;
  const { range, multipleOf, mask } = rules;
  const below = range?.min != null && value < exact(scalar, range.min);
  const above = range?.max != null && value > exact(scalar, range.max);
  if (below || above) return null;
  if (typeof value === 'bigint') {
    if (multipleOf !== null && value % multipleOf !== 0n) return null;
    if (mask !== null && (value & ~mask) !== 0n) return null;
  }
  return toModelNumber(value);
}

/** A number of the model as it was written. */
function exact(scalar: ScalarName, value: number | string): bigint | number {
  if (scalar === 'f32') return Math.fround(Number(value));
  return scalar === 'f64' ? Number(value) : BigInt(value);
}

function enumLiteral({ values }: EnumType, { value }: ScalarNode): Literal | null {
  if (typeof value === 'string') return values.some(({ name }) => name === value) ? value : null;
  if (typeof value !== 'bigint') return null;
  return values.find((one) => BigInt(one.value) === value)?.name ?? null;
}

/** By name or as a number; the model has the number. */
function flagsLiteral({ values, mask }: FlagsType, { value }: ScalarNode): Literal | null {
  if (typeof value === 'string') return values.find(({ name }) => name === value)?.value ?? null;
  if (typeof value !== 'bigint' || value < 0n) return null;
  return (value & ~BigInt(mask)) === 0n ? toModelNumber(value) : null;
}

function stringLiteral(type: StringType, { value }: ScalarNode): Literal | null {
  return typeof value === 'string' && textFault(type, value) === null ? value : null;
}
