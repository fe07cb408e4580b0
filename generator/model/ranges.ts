// Bounds and defaults: exact numbers, checked against the type they restrict.
import type { Report, SourceNode } from '../source/index.js';
import type { FieldDeclaration } from './field-declaration.js';
import type { Range, ScalarName, Type } from './model.js';
import {
  describeLimits,
  type Limits,
  limitsOf,
  numberWithin,
  safeLimits,
  toModelNumber,
} from './numbers.js';

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
