// Checks of values before anything is sent. They repeat in readable form what the driver checks anyway.
// A check returns its value; `at` and `member` say where it stands, for the message.
import { ArgumentError } from './errors.js';

/** A method's arguments (`argument` is empty), or a place inside one of them: `channels[2].gain`. */
export type Place = { readonly method: string; readonly argument: string };

export function argumentsOf(method: string): Place {
  return { method, argument: '' };
}

/** The place of an argument, a field or an element. */
export function inside(at: Place, member: string | number): Place {
  const { method, argument } = at;
  if (typeof member === 'number') return { method, argument: `${argument}[${member}]` };
  return { method, argument: argument === '' ? member : `${argument}.${member}` };
}

type Integers = 'u8' | 'u16' | 'u32' | 'i8' | 'i16' | 'i32';
type LongIntegers = 'u64' | 'i64';

const integerLimits: Readonly<Record<Integers, readonly [min: number, max: number]>> = {
  u8: [0, 0xff],
  u16: [0, 0xffff],
  u32: [0, 0xffff_ffff],
  i8: [-0x80, 0x7f],
  i16: [-0x8000, 0x7fff],
  i32: [-0x8000_0000, 0x7fff_ffff],
};

const longLimits: Readonly<Record<LongIntegers, readonly [min: bigint, max: bigint]>> = {
  u64: [0n, 2n ** 64n - 1n],
  i64: [-(2n ** 63n), 2n ** 63n - 1n],
};

type IntegerCheck = (
  value: number,
  at: Place,
  member: string | number,
  min?: number,
  max?: number,
) => number;

type LongCheck = (
  value: bigint,
  at: Place,
  member: string | number,
  min?: bigint,
  max?: bigint,
) => bigint;

function integerCheck(type: Integers): IntegerCheck {
  const [least, most] = integerLimits[type];
  return (value, at, member, min = least, max = most) => {
    if (typeof value !== 'number' || !Number.isInteger(value))
      throw problem(at, member, `must be an integer, not ${show(value)}`);
    if (value < min || value > max)
      throw problem(at, member, `must be ${min} to ${max}, not ${show(value)}`);
    return value;
  };
}

function longCheck(type: LongIntegers): LongCheck {
  const [least, most] = longLimits[type];
  return (value, at, member, min = least, max = most) => {
    if (typeof value !== 'bigint')
      throw problem(at, member, `must be a bigint, not ${show(value)}`);
    if (value < min || value > max)
      throw problem(at, member, `must be ${min} to ${max}, not ${value}`);
    return value;
  };
}

/** NaN is in no range; without a range it is allowed. */
const checkFloat: IntegerCheck = (value, at, member, min, max) => {
  if (typeof value !== 'number') throw problem(at, member, `must be a number, not ${show(value)}`);
  if ((min !== undefined && !(value >= min)) || (max !== undefined && !(value <= max)))
    throw problem(at, member, `must be ${range(min, max)}, not ${show(value)}`);
  return value;
};

/** What travels is the nearest float: it and the nearest floats of the bounds are compared. */
const checkSingle: IntegerCheck = (value, at, member, min, max) => {
  const single = typeof value === 'number' ? Math.fround(value) : value;
  const nearest = (bound?: number) => (bound === undefined ? undefined : Math.fround(bound));
  checkFloat(single, at, member, nearest(min), nearest(max));
  return value;
};

function checkBool(value: boolean, at: Place, member: string | number): boolean {
  if (typeof value === 'boolean') return value;
  throw problem(at, member, `must be a boolean, not ${show(value)}`);
}

/** A value of a scalar type, within the range that the schema gives it. */
export const check = {
  u8: integerCheck('u8'),
  u16: integerCheck('u16'),
  u32: integerCheck('u32'),
  u64: longCheck('u64'),
  i8: integerCheck('i8'),
  i16: integerCheck('i16'),
  i32: integerCheck('i32'),
  i64: longCheck('i64'),
  f32: checkSingle,
  f64: checkFloat,
  bool: checkBool,
} as const;

export function checkBytes(
  value: Uint8Array,
  at: Place,
  member: string,
  limits: readonly [min: number, max: number],
): Uint8Array {
  const [min, max] = limits;
  if (!(value instanceof Uint8Array))
    throw problem(at, member, `must be a Uint8Array, not ${show(value)}`);
  if (value.length < min || value.length > max)
    throw problem(at, member, `must have ${min} to ${max} bytes, not ${value.length}`);
  return value;
}

export function checkObject(value: object, at: Place): void {
  if (typeof value === 'object' && value !== null) return;
  const { method, argument } = at;
  throw new ArgumentError(method, argument || 'input', `must be an object, not ${show(value)}`);
}

export function checkLength(
  value: ArrayLike<unknown>,
  at: Place,
  member: string | number,
  length: number,
): void {
  const actual = (value as ArrayLike<unknown> | undefined)?.length;
  if (actual !== length)
    throw problem(at, member, `must have ${length} elements, not ${show(actual)}`);
}

export function problem(at: Place, member: string | number, text: string): ArgumentError {
  const { method, argument } = inside(at, member);
  return new ArgumentError(method, argument, text);
}

function range(min: number | undefined, max: number | undefined): string {
  if (min === undefined) return `at most ${max}`;
  return max === undefined ? `at least ${min}` : `${min} to ${max}`;
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
