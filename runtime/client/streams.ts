// Streams that the contract selectors do not serve, as generated clients make them.
import type { Decode } from './batch.js';
import type { Connection } from './connection.js';
import { type FeedRequest, openFeed, recordSize } from './feeds.js';
import { openPoll, type PollRequest } from './polls.js';
import { EventStream, type StreamOptions } from './stream.js';

/** An event with a subscription of the interface's own. */
export function streamFeed<Item, Answer>(
  connection: Connection,
  decode: Decode<Item>,
  options: StreamOptions | undefined,
  request: FeedRequest<Answer>,
): EventStream<Item, Answer> {
  const { name, id } = request.event;
  const info = { name, id, size: recordSize(request.event), inFlight: 0, ring: null };
  return new EventStream<Item, Answer>(connection, info, decode, options, (open, wake) =>
    openFeed(open, request, wake),
  );
}

function undecoded(): never {
  throw new Error('items of a poll are decoded');
}

/** An event that is what a method returns. */
export function streamPoll<Item>(
  connection: Connection,
  event: { readonly name: string; readonly id: number },
  options: StreamOptions | undefined,
  request: PollRequest<Item>,
): EventStream<Item> {
  const info = { ...event, size: 1, inFlight: 0, ring: null };
  return new EventStream<Item>(connection, info, undecoded, options, (_, wake) =>
    openPoll(request, wake),
  );
}
