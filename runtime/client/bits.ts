// Bits of words: flags, bit-fields, masks and multiples. Numbers go up to 32 bits, everything wider is a bigint, so that
// no bit is lost in a double or turned into a sign.
import { type Place, problem } from './checks.js';

type Member = string | number;

const hex = (value: number | bigint): string => `0x${value.toString(16)}`;

function wrongBits(
  value: number | bigint,
  bits: bigint,
  at: Place,
  member: Member,
  reserved: bigint,
): Error {
  const taken = bits & reserved;
  return taken === 0n
    ? problem(at, member, `has bits that mean nothing: ${hex(bits)} of ${hex(value)}`)
    : problem(at, member, `has reserved bits: ${hex(taken)} of ${hex(value)}`);
}

/** Flags of up to 32 bits. */
export function checkFlags(
  value: number,
  at: Place,
  member: Member,
  mask: number,
  reserved = 0,
): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 0xffff_ffff)
    throw problem(at, member, `must be a set of flags, not ${String(value)}`);
  const wrong = BigInt(value) & ~BigInt(mask);
  if (wrong === 0n) return value;
  throw wrongBits(value, wrong, at, member, BigInt(reserved));
}

export function checkLongFlags(
  value: bigint,
  at: Place,
  member: Member,
  mask: bigint,
  reserved = 0n,
): bigint {
  if (typeof value !== 'bigint' || value < 0n || value >= 2n ** 64n)
    throw problem(at, member, `must be a set of flags as a bigint, not ${String(value)}`);
  const wrong = value & ~mask;
  if (wrong === 0n) return value;
  throw wrongBits(value, wrong, at, member, reserved);
}

/** Flags of 64 bits that are a number, since none is above bit 52. */
export function checkSafeFlags(
  value: number,
  at: Place,
  member: Member,
  mask: bigint,
  reserved = 0n,
): bigint {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw problem(at, member, `must be a set of flags, not ${String(value)}`);
  return checkLongFlags(BigInt(value), at, member, mask, reserved);
}

export function checkMultiple<Value extends number | bigint>(
  value: Value,
  at: Place,
  member: Member,
  of: Value,
): Value {
  if (BigInt(value) % BigInt(of) === 0n) return value;
  throw problem(at, member, `must be a multiple of ${of}, not ${value}`);
}

export function checkMask<Value extends number | bigint>(
  value: Value,
  at: Place,
  member: Member,
  mask: Value,
): Value {
  const wrong = BigInt(value) & ~BigInt(mask);
  if (wrong === 0n) return value;
  throw problem(at, member, `may have the bits ${hex(mask)} only, not ${hex(wrong)}`);
}

/** The bit-field of `width` bits from bit `at`, of at most 32 bits. */
export function bitsOf(bits: number | bigint, at: number, width: number, signed = false): number {
  if (typeof bits === 'bigint') return Number(longBitsOf(bits, at, width, signed));
  // Of doubles, since the operators on 32 bits know one width too few.
  const field = Math.floor(bits / 2 ** at) % 2 ** width;
  return signed && field >= 2 ** (width - 1) ? field - 2 ** width : field;
}

export function longBitsOf(
  bits: number | bigint,
  at: number,
  width: number,
  signed = false,
): bigint {
  const word = BigInt(bits) >> BigInt(at);
  return signed ? BigInt.asIntN(width, word) : BigInt.asUintN(width, word);
}

/** A checked value at its place in a word of at most 32 bits. */
export function placeBits(value: number | bigint | boolean, at: number, width: number): number {
  const field = Number(value);
  return (field < 0 ? field + 2 ** width : field) * 2 ** at;
}

export function placeLongBits(value: number | bigint | boolean, at: number, width: number): bigint {
  return BigInt.asUintN(width, BigInt(value)) << BigInt(at);
}
