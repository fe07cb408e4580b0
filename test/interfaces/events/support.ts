// The suite of events, what makes the driver send some, and what takes them.
import type { EventStream } from 'dextgen/client';
import { suite } from 'uvu';
import { rejection, within } from '../../js/test/interfaces/bench.js';
import type { Ticker } from './generated/ticker/client/ticker.js';

export const events = suite('events');

const kinds = {
  task: 0,
  tick: 1,
  sample: 2,
  job: 3,
  pulse: 4,
  frame: 5,
  badFrame: 6,
  guarded: 7,
} as const;

export const fire = (client: Ticker, kind: keyof typeof kinds, count: number, everybody = false) =>
  client.fire({ kind: kinds[kind], count, everybody });

/** The next `count` items of a stream. */
export async function take<Item, Answer>(
  stream: EventStream<Item, Answer>,
  count: number,
): Promise<Item[]> {
  const items: Item[] = [];
  while (items.length < count) {
    const { value, done } = await within('a batch', stream.next());
    if (done === true) break;
    items.push(...value);
  }
  return items;
}

export const pair = (foo: bigint, bar: bigint) => ({ foo, bar });

export const codeOf = async (promise: Promise<unknown>): Promise<number | undefined> =>
  ((await rejection(promise)) as { code?: number }).code;
