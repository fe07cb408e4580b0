// One line of a recording, and its values as they are read (docs/simulator.md).
import type { Recorded, RecordedAnswer } from './recorded.js';
import type { Value } from './wire.js';

export type Event = { readonly t: number; readonly event: string; readonly [key: string]: unknown };

/** What the events of one family do to what has been read. */
export type Events = Readonly<Record<string, (event: Event) => void>>;

/** What has been read, as the families see it (recording.ts). */
export type Reader = {
  readonly line: number;
  readonly devices: Map<number, Recorded>;
  /** The device of an event, which only this family has. */
  of<F extends Recorded['family']>(family: F, event: Event): Extract<Recorded, { family: F }>;
  /** The device hears something. */
  hear(device: Recorded): void;
  /** An answer will come. `queued`: the device hears of the first alone of those that have the same. */
  expect(
    event: Event,
    device: Recorded,
    of: { answer: RecordedAnswer | null },
    queued?: string,
  ): void;
  await(
    event: Event,
    device: Recorded,
    answered: (answer: RecordedAnswer, event: Event) => void,
  ): void;
  /** The answer to what was asked, or what the device said of itself. */
  answer(event: Event): void;
  answerOf(event: Event, device: Recorded): RecordedAnswer;
};

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
