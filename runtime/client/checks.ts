// Checks of arguments before anything is sent. They repeat in readable form what the driver checks anyway.
import { ArgumentError } from './errors.js';

/** Where a value stands, for the message: `setSampleRate` and `hz`, or `calibrate` and `channels[2].gain`. */
export type Place = { readonly method: string; readonly argument: string };

/** An integer of up to 32 bits. */
export function checkInteger(value: number, min: number, max: number, at: Place): number {
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw problem(at, `must be an integer, not ${show(value)}`);
  if (value < min || value > max) throw problem(at, `must be ${min} to ${max}, not ${show(value)}`);
  return value;
}

/** An integer of 64 bits. A safe integral number is not accepted: the type is bigint both ways. */
export function checkBigInt(value: bigint, min: bigint, max: bigint, at: Place): bigint {
  if (typeof value !== 'bigint') throw problem(at, `must be a bigint, not ${show(value)}`);
  if (value < min || value > max) throw problem(at, `must be ${min} to ${max}, not ${value}`);
  return value;
}

/** A float. NaN is in no range; without a range (-Infinity to Infinity) it is allowed. */
export function checkFloat(value: number, min: number, max: number, at: Place): number {
  if (typeof value !== 'number') throw problem(at, `must be a number, not ${show(value)}`);
  const bounded = min !== -Infinity || max !== Infinity;
  if (bounded && !(value >= min && value <= max))
    throw problem(at, `must be ${min} to ${max}, not ${show(value)}`);
  return value;
}

export function checkBoolean(value: boolean, at: Place): boolean {
  if (typeof value !== 'boolean') throw problem(at, `must be a boolean, not ${show(value)}`);
  return value;
}

export function checkBytes(value: Uint8Array, min: number, max: number, at: Place): Uint8Array {
  if (!(value instanceof Uint8Array)) throw problem(at, `must be a Uint8Array, not ${show(value)}`);
  if (value.length < min || value.length > max)
    throw problem(at, `must have ${min} to ${max} bytes, not ${value.length}`);
  return value;
}

export function checkObject(value: object, at: Place): void {
  if (typeof value !== 'object' || value === null)
    throw problem(at, `must be an object, not ${show(value)}`);
}

export function checkLength(value: ArrayLike<unknown>, length: number, at: Place): void {
  const actual = (value as ArrayLike<unknown> | undefined)?.length;
  if (actual !== length) throw problem(at, `must have ${length} elements, not ${show(actual)}`);
}

export function problem(at: Place, text: string): ArgumentError {
  return new ArgumentError(at.method, at.argument, text);
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
