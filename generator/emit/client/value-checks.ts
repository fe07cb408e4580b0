// What a value may be, as calls of the client's checks: each gives the number that is stored.
import type { Literal, Range, ScalarType, ValueRules } from '../../model/model.js';
import { type Names, nameOf } from './names.js';
import { literalText, rowOf, storedLiteral, type Value } from './scalars.js';

export type Checked = {
  readonly type: Value;
  readonly range: Range | null;
  readonly rules?: ValueRules | null;
};

/** The value, checked; of an enum, its number. `member` is the text of its name or index in `at`. */
export function checkText(names: Names, checked: Checked, value: string, member: string): string {
  const { type, rules = null } = checked;
  const constant: Literal | null = rules?.const ?? null;
  if (constant !== null) return storedLiteral(names, type, constant);
  switch (type.kind) {
    case 'enum':
      return `dextgen.encodeEnum(${nameOf(names.types, type.name)}, ${value}, at, ${member})`;
    case 'flags':
      return flagsText(names, type, value, member);
    case 'bits':
      return `encode${nameOf(names.types, type.name)}(${value}, dextgen.inside(at, ${member}))`;
    case 'status':
      return `dextgen.checkStatus(${value}, at, ${member})`;
    case 'handle':
      return `dextgen.check.${type.base}(${value}, at, ${member})`;
    case 'scalar':
      return scalarText({ ...checked, type, rules }, value, member);
    default:
      return type satisfies never;
  }
}

function flagsText(
  names: Names,
  type: Extract<Value, { kind: 'flags' }>,
  value: string,
  member: string,
): string {
  const masks = names.masks.get(type.name) ?? '0';
  const check = names.safe.has(type.name)
    ? 'checkSafeFlags'
    : type.base === 'u64'
      ? 'checkLongFlags'
      : 'checkFlags';
  return `dextgen.${check}(${value}, at, ${member}, ${masks})`;
}

type CheckedScalar = {
  readonly type: ScalarType;
  readonly range: Range | null;
  readonly rules: ValueRules | null;
};

function scalarText({ type, range, rules }: CheckedScalar, value: string, member: string): string {
  if (rules?.boolean === true) {
    const converted = rowOf(type).type === 'bigint' ? 'BigInt' : 'Number';
    return `${converted}(dextgen.check.bool(${value}, at, ${member}))`;
  }
  const limits = limitTexts(type, range).map((text) => `, ${text}`);
  const own = rules?.safe === true ? `safe.${type.scalar}` : `check.${type.scalar}`;
  const checked = `dextgen.${own}(${value}, at, ${member}${limits.join('')})`;
  return masked(multiple(checked, { type, rules, member }), { type, rules, member });
}

type Wrapped = {
  readonly type: ScalarType;
  readonly rules: ValueRules | null;
  readonly member: string;
};

function multiple(checked: string, { type, rules, member }: Wrapped): string {
  const of = rules?.multipleOf ?? null;
  if (of === null) return checked;
  return `dextgen.checkMultiple(${checked}, at, ${member}, ${literalText(type, of)})`;
}

function masked(checked: string, { type, rules, member }: Wrapped): string {
  const mask = rules?.mask ?? null;
  if (mask === null) return checked;
  return `dextgen.checkMask(${checked}, at, ${member}, ${literalText(type, mask)})`;
}

/** Minimum and maximum, as far as the schema gives them. */
function limitTexts(type: ScalarType, range: Range | null): string[] {
  if (range === null || type.scalar === 'bool') return [];
  const min = range.min === null ? 'undefined' : literalText(type, range.min);
  return range.max === null ? [min] : [min, literalText(type, range.max)];
}

/** `, min: 0, max: 5` of an array's elements. */
export function limitMembers(type: ScalarType, range: Range | null): string {
  const min = range === null || range.min === null ? '' : `, min: ${literalText(type, range.min)}`;
  const max = range === null || range.max === null ? '' : `, max: ${literalText(type, range.max)}`;
  return min + max;
}

/** Whether only its type and its bounds say what it may be. */
export function isPlain(rules: ValueRules | null | undefined): boolean {
  if (rules === null || rules === undefined) return true;
  const { multipleOf, mask, const: constant, safe, boolean } = rules;
  return multipleOf === null && mask === null && constant === null && !safe && !boolean;
}
