// Numbers that JavaScript has no type for: 64 bits that a double holds, 128 bits, network order; and constants.

import { type Place, problem } from './checks.js';
import type { NumberArray } from './codec.js';
import { ClientError } from './errors.js';

type SafeCheck = (
  value: number,
  at: Place,
  member: string | number,
  min?: number | bigint,
  max?: number | bigint,
) => bigint;

function safeCheck(least: number): SafeCheck {
  return (value, at, member, min = least, max = Number.MAX_SAFE_INTEGER) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value))
      throw problem(at, member, `must be an integer below 2^53, not ${String(value)}`);
    if (value < min || value > max)
      throw problem(at, member, `must be ${min} to ${max}, not ${value}`);
    return BigInt(value);
  };
}

/** 64-bit integers that are numbers here, as what is stored. */
export const safe = { u64: safeCheck(0), i64: safeCheck(Number.MIN_SAFE_INTEGER) } as const;

/** A 64-bit integer that the schema declares safe; a driver may still send another. */
export function safeNumber(value: bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new ClientError('io', `the driver sent ${value}, which is no safe integer`);
}

const WIDE = 2n ** 128n;

export function checkWide(value: bigint, at: Place, member: string | number): bigint {
  if (typeof value === 'bigint' && value >= 0n && value < WIDE) return value;
  throw problem(at, member, `must be a bigint from 0 to 2^128 - 1, not ${String(value)}`);
}

export function readWide(view: DataView, offset: number, little: boolean): bigint {
  const [low, high] = little ? [offset, offset + 8] : [offset + 8, offset];
  return (view.getBigUint64(high, little) << 64n) | view.getBigUint64(low, little);
}

export function writeWide(view: DataView, offset: number, value: bigint, little: boolean): void {
  const [low, high] = little ? [offset, offset + 8] : [offset + 8, offset];
  view.setBigUint64(low, BigInt.asUintN(64, value), little);
  view.setBigUint64(high, value >> 64n, little);
}

/** An array of numbers in network order, as a copy in the order of this machine. */
export function swappedView<Numbers>(
  type: NumberArray<Numbers>,
  view: DataView,
  offset: number,
  length: number,
): Numbers {
  const size = type.BYTES_PER_ELEMENT;
  const start = view.byteOffset + offset;
  const buffer = view.buffer.slice(start, start + length * size) as ArrayBuffer;
  for (let i = 0; i < length; i++) new Uint8Array(buffer, i * size, size).reverse();
  return new type(buffer, 0, length);
}

/** A value that is always the same. A driver that sends another speaks another language. */
export function constant<Value>(value: Value, expected: Value): Value {
  if (value === expected) return value;
  throw new ClientError('io', `the driver sent ${String(value)} where ${String(expected)} belongs`);
}
