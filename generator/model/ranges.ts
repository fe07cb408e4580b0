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

/** The exact value of a number that fits the scalar, else null. */
export function valueWithin(node: SourceNode, scalar: ScalarName): bigint | number | null {
  const { bounds } = scalars[scalar];
  if (bounds === null) return floatOf(node, scalar);
  const value = integerOf(node);
  return value !== null && value >= bounds.min && value <= bounds.max ? value : null;
}

type Bound = { readonly value: bigint | number; readonly node: SourceNode } | null;

function readBound(node: SourceNode | null, scalar: ScalarName, report: Report): Bound {
  if (node === null) return null;
  const value = valueWithin(node, scalar);
  if (value !== null) return { value, node };
  const text = node.kind === 'scalar' ? node.text : '…';
  report({
    code: 'DK408',
    at: node.span,
    message: `${text} is no value of ${scalar}`,
    hint: `a ${scalar} is ${scalars[scalar].bounds === null ? 'a finite number' : `a whole number from ${describeBounds(scalar)}`}.`,
  });
  return null;
}

function scalarRange(field: FieldDeclaration, scalar: ScalarName, report: Report): Range | null {
  const min = readBound(field.min, scalar, report);
  const max = readBound(field.max, scalar, report);
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

/** The declared bounds of a value of `type`; only numbers have any. */
export function rangeOf(field: FieldDeclaration, type: Type, report: Report): Range | null {
  const bound = field.min ?? field.max;
  if (bound === null) return null;
  if (type.kind === 'scalar' && type.scalar !== 'bool') {
    return scalarRange(field, type.scalar, report);
  }
  report({
    code: 'DK409',
    at: bound.span,
    message: `"${field.name}" is no number, so it has no min or max`,
    hint: type.kind === 'enum' ? 'an enum is checked against its values.' : 'remove it.',
  });
  return null;
}
