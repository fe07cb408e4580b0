// One line of a recording, and its values as they are read (docs/simulator.md).
import type { Value } from './wire.js';

export type Event = { readonly t: number; readonly event: string; readonly [key: string]: unknown };

export const ms = (nanoseconds: number): number => nanoseconds / 1e6;
export const numbers = (list: unknown): number[] => (list as (number | string)[]).map(Number);
export const hex = (text: unknown): Buffer => Buffer.from(String(text ?? ''), 'hex');
export const word = (text: unknown): bigint => BigInt(String(text ?? 0));

/** What JSON has no kind for is an object with one member. */
export function plistValue(value: unknown): Value {
  if (Array.isArray(value)) return value.map(plistValue);
  if (value === null || typeof value !== 'object') return value as Value;
  const members = value as Record<string, unknown>;
  if ('$data' in members) return new Uint8Array(hex(members.$data));
  if ('$number' in members) return BigInt(String(members.$number));
  return Object.fromEntries(Object.entries(members).map(([key, each]) => [key, plistValue(each)]));
}
