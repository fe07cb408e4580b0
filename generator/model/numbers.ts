// Numbers exactly as they were written, and what a scalar or some bits of one can hold.
import { integerOf, type SourceNode } from '../source/index.js';
import { scalars } from './layout.js';
import type { ScalarName } from './model.js';

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
