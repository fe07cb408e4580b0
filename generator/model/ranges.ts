// Bounds and defaults: exact numbers, checked against the type they restrict.
import { integerOf, type Report, type SourceNode } from '../source/index.js';
import type { FieldDeclaration } from './field-declaration.js';
import { scalars } from './layout.js';
import type { Range, ScalarName, Type } from './model.js';

const MAX_F32 = 3.402_823_466_385_288_6e38;

/** A number as the model has it: a decimal string when a double would round it. */
export function toModelNumber(value: bigint | number): number | string {
  if (typeof value === 'number') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

/** `0 to 255`, for messages. */
export function describeBounds(scalar: ScalarName): string {
  const { bounds } = scalars[scalar];
  return bounds === null ? 'any number' : `${bounds.min} to ${bounds.max}`;
}

function floatOf(node: SourceNode, scalar: ScalarName): number | null {
  if (node.kind !== 'scalar') return null;
  if (typeof node.value !== 'number' && typeof node.value !== 'bigint') return null;
  const value = Number(node.value);
  if (!Number.isFinite(value)) return null;
  return scalar === 'f32' && Math.abs(value) > MAX_F32 ? null : value;
}

/** What a number may be at most: its type's bounds, or those of so many bits of it. */
export type Limits = {
  readonly scalar: ScalarName;
  readonly min: bigint;
  readonly max: bigint;
};

const DOUBLE = 2n ** 53n - 1n;

/** Null for what has no bounds: floating point and booleans. */
export function limitsOf(scalar: ScalarName, width?: number): Limits | null {
  const { bounds, size } = scalars[scalar];
  if (bounds === null) return null;
  if (width === undefined || width >= size * 8) return { scalar, ...bounds };
  const signed = bounds.min < 0n;
  const most = (1n << BigInt(signed ? width - 1 : width)) - 1n;
  return { scalar, min: signed ? -most - 1n : 0n, max: most };
}

/** What a double holds exactly. */
export function safeLimits({ scalar, min, max }: Limits): Limits {
  return { scalar, min: min < -DOUBLE ? -DOUBLE : min, max: max > DOUBLE ? DOUBLE : max };
}

/** The exact value of a number within the limits (of a float: within its type), else null. */
export function numberWithin(
  node: SourceNode,
  scalar: ScalarName,
  limits: Limits | null,
): bigint | number | null {
  if (limits === null) return floatOf(node, scalar);
  const value = integerOf(node);
  return value !== null && value >= limits.min && value <= limits.max ? value : null;
}

/** The exact value of a number that fits the scalar, else null. */
export function valueWithin(node: SourceNode, scalar: ScalarName): bigint | number | null {
  return numberWithin(node, scalar, limitsOf(scalar));
}

export function describeLimits(limits: Limits | null): string {
  return limits === null ? 'a finite number' : `a whole number from ${limits.min} to ${limits.max}`;
}

type Bound = { readonly value: bigint | number; readonly node: SourceNode } | null;

/** A number with bounds: its scalar, what it may be at most, and what to call it. */
export type Bounded = {
  readonly scalar: ScalarName;
  readonly limits: Limits | null;
  /** `u32`, `u8 of 3 bits`. */
  readonly what: string;
};

/** A whole scalar, or `width` bits of one; `safe` is what a double holds exactly. */
export function boundedOf(scalar: ScalarName, width?: number, safe = false): Bounded {
  const limits = limitsOf(scalar, width);
  const part = width === undefined ? '' : ` of ${width} ${width === 1 ? 'bit' : 'bits'}`;
  if (!safe || limits === null) return { scalar, limits, what: scalar + part };
  return { scalar, limits: safeLimits(limits), what: `safe ${scalar}${part}` };
}

function readBound(node: SourceNode | null, bounded: Bounded, report: Report): Bound {
  if (node === null) return null;
  const { scalar, limits, what } = bounded;
  const value = numberWithin(node, scalar, limits);
  if (value !== null) return { value, node };
  const text = node.kind === 'scalar' ? node.text : '…';
  report({
    code: 'DK408',
    at: node.span,
    message: `${text} is no value of ${what}`,
    hint: `a ${what} is ${describeLimits(limits)}.`,
  });
  return null;
}

/** The declared bounds of a number. */
export function boundsOf(field: FieldDeclaration, bounded: Bounded, report: Report): Range | null {
  const min = readBound(field.min, bounded, report);
  const max = readBound(field.max, bounded, report);
  if (min !== null && max !== null && min.value > max.value) {
    report({
      code: 'DK407',
      at: min.node.span,
      message: `min is above max, so no value of "${field.name}" is valid`,
      notes: [{ message: 'max is here', at: max.node.span }],
      hint: 'swap them.',
    });
    return null;
  }
  if (min === null && max === null) return null;
  return {
    min: min === null ? null : toModelNumber(min.value),
    max: max === null ? null : toModelNumber(max.value),
  };
}

const boundsHints: Partial<Record<Type['kind'], string>> = {
  enum: 'an enum is checked against its values.',
  flags: 'flags are checked against their values.',
  bits: 'give the bounds to the bit-fields.',
  struct: 'give the bounds to the fields of the struct.',
};

/** The declared bounds of a value of `type`, or of each element of an array; only numbers have any. */
export function rangeOf(field: FieldDeclaration, type: Type, report: Report): Range | null {
  const bound = field.min ?? field.max;
  if (bound === null) return null;
  const element = innermost(type);
  if (element.kind === 'scalar' && element.scalar !== 'bool') {
    return boundsOf(field, boundedOf(element.scalar), report);
  }
  report({
    code: 'DK409',
    at: bound.span,
    message: `"${field.name}" is no number, so it has no min or max`,
    hint: boundsHints[element.kind] ?? 'remove it.',
  });
  return null;
}

/** What an array is made of; anything else itself. */
export function innermost(type: Type): Exclude<Type, { kind: 'array' }> {
  return type.kind === 'array' ? innermost(type.element) : type;
}
