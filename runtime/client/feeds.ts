// Subscriptions with selectors of the interface's own: one completion of a connection, which all events that go
// through it share. A re-armed one is sent anew here, as long as somebody reads.
import type { CallRequest } from './call-request.js';
import type { Connection } from './connection.js';
import { COMPLETION_HEADER_BYTES, completionFlag, completionFlags } from './contract.js';
import { BusyError } from './errors.js';
import type { CallOutputs } from './native.js';
import type { Source, Taken } from './sources.js';

/** What a subscription is on the wire. */
export type SubscriptionInfo = {
  readonly name: string;
  readonly selector: number;
  /** `null`: the same selector without a completion. `none`: only closing ends it. */
  readonly unsubscribe: number | 'null' | 'none';
  readonly rearmed: boolean;
  /** Words without a header of ours. */
  readonly raw: boolean;
  /** Fewest words of its completions, which choose the prototype that is called back. */
  readonly words: number;
  readonly dropsOldest: boolean;
};

export type FeedEvent = {
  readonly name: string;
  readonly id: number;
  /** First word of a raw completion that tells it from others; null when nothing needs to. */
  readonly word0: bigint | null;
  /** Bytes of its payload; null for an event that is nothing but words. */
  readonly size: number | null;
};

/** What a stream needs besides the event: the call that subscribes, and what its answer means. */
export type FeedRequest<Answer> = {
  readonly subscription: SubscriptionInfo;
  readonly event: FeedEvent;
  readonly request: CallRequest;
  readonly answer: (outputs: CallOutputs) => Answer;
};

/** Words of an event without a payload. */
export type Words = { readonly words: readonly bigint[] };

const WORD = 8;
const MAX_WORDS = 16;
const CORRUPT = 0xe00002bc; // kIOReturnError: words that no event has
/** Events that wait in this process for their reader. */
const BACKLOG = 1024;

const noBytes = new DataView(new ArrayBuffer(0));

/** Bytes of a record: the payload; or a count and as many words. */
export function recordSize({ size }: Pick<FeedEvent, 'size'>): number {
  return size ?? WORD * (1 + MAX_WORDS);
}

export function decodeWords(view: DataView, offset = 0): Words {
  const count = Number(view.getBigUint64(offset, true));
  const word = (index: number) => view.getBigUint64(offset + WORD * (index + 1), true);
  return { words: Array.from({ length: count }, (_, index) => word(index)) };
}

type Reader = {
  readonly event: FeedEvent;
  readonly records: Uint8Array[];
  readonly wake: () => void;
  lost: number;
};

type End = { readonly code: number } | { readonly error: unknown };

/** By name: several readers of a connection share one. */
const feedsByConnection = new WeakMap<Connection, Map<string, Feed>>();

function feedsOf(connection: Connection): Map<string, Feed> {
  const known = feedsByConnection.get(connection);
  if (known !== undefined) return known;
  const feeds = new Map<string, Feed>();
  feedsByConnection.set(connection, feeds);
  return feeds;
}

/** One subscription of one connection. */
export class Feed {
  readonly opened: Promise<CallOutputs>;
  readonly #connection: Connection;
  readonly #info: SubscriptionInfo;
  readonly #request: CallRequest;
  readonly #readers = new Map<number, Reader>();
  #listener = 0;
  #armed = false;
  #end: End | undefined;

  constructor(connection: Connection, info: SubscriptionInfo, request: CallRequest) {
    this.#connection = connection;
    this.#info = info;
    this.#request = request;
    this.opened = this.#arm();
  }

  /** Whether another stream asks for the same. */
  accepts(request: CallRequest): boolean {
    return sameRequest(this.#request, request);
  }

  add(reader: Reader): void {
    this.#readers.set(reader.event.id, reader);
  }

  /** What is there for a reader; a re-armed completion goes out again once there is room. */
  take(reader: Reader, maximum: number): Taken {
    const records = reader.records.splice(0, maximum);
    const { lost } = reader;
    reader.lost = 0;
    this.#rearm();
    const bytes = join(records, recordSize(reader.event));
    const left = records.length > 0 || reader.records.length > 0;
    return { bytes, lost, ended: undefined, ...(left ? {} : endOf(this.#end)) };
  }

  /** The last reader to leave unsubscribes. */
  async leave(reader: Reader): Promise<void> {
    this.#readers.delete(reader.event.id);
    if (this.#readers.size > 0) return;
    const lives = this.#end === undefined && this.#connection.end === undefined;
    this.#finish({ code: 0 });
    this.#connection.native.forget(this.#listener);
    if (lives) await this.#unsubscribe();
  }

  async #unsubscribe(): Promise<void> {
    const { unsubscribe, selector, name } = this.#info;
    const what = `unsubscribing from ${name}`;
    try {
      if (unsubscribe === 'null') await this.#connection.call(selector, this.#request, what);
      else if (unsubscribe !== 'none') await this.#connection.call(unsubscribe, {}, what);
    } catch {
      // The end of a connection is no failure of ending the subscription.
    }
  }

  #arm(): Promise<CallOutputs> {
    const { selector, rearmed, words, name } = this.#info;
    const shape = { standing: !rearmed, words };
    this.#armed = true;
    const start = () => {
      const call = this.#connection.callAsync(selector, this.#request, shape, (status, buffer) =>
        this.#hear(status, buffer),
      );
      this.#listener = call.id;
      return call.result;
    };
    return this.#connection.submit({ what: `subscribing to ${name}`, start, options: undefined });
  }

  #rearm(): void {
    if (!this.#info.rearmed || this.#armed || this.#end !== undefined) return;
    if ([...this.#readers.values()].some(({ records }) => records.length >= BACKLOG)) return;
    this.#arm().catch((error) => this.#finish({ error }));
  }

  #hear(status: number, buffer: ArrayBuffer): void {
    this.#armed = false;
    const view = new DataView(buffer);
    const headed = !this.#info.raw && buffer.byteLength >= COMPLETION_HEADER_BYTES;
    if (headed) this.#countLost(view.getUint32(WORD, true));
    const ended = headed && completionFlags(view) & completionFlag.ended;
    if (status !== 0 || ended) this.#finish({ code: status });
    else this.#deliver(view);
    this.#rearm();
  }

  /** The driver counts for the subscription; which of its events were lost, nobody knows. */
  #countLost(lost: number): void {
    if (lost === 0) return;
    for (const reader of this.#readers.values()) {
      reader.lost += lost;
      reader.wake();
    }
  }

  #deliver(view: DataView): void {
    const reader = this.#readerOf(view);
    if (reader === undefined) return;
    const record = recordOf(view, reader.event, this.#info);
    if (record === undefined) this.#finish({ code: CORRUPT });
    else this.#keep(reader, record);
  }

  #keep(reader: Reader, record: Uint8Array): void {
    const { records } = reader;
    const full = records.length >= BACKLOG;
    if (full) reader.lost++;
    if (full && this.#info.dropsOldest) records.shift();
    if (!full || this.#info.dropsOldest) records.push(record);
    reader.wake();
  }

  #readerOf(view: DataView): Reader | undefined {
    const known = view.byteLength >= WORD;
    if (!this.#info.raw) return known ? this.#readers.get(view.getUint32(0, true)) : undefined;
    for (const reader of this.#readers.values()) {
      const { word0 } = reader.event;
      if (word0 === null || (known && view.getBigUint64(0, true) === word0)) return reader;
    }
    return undefined;
  }

  #finish(end: End): void {
    this.#end ??= end;
    const feeds = feedsOf(this.#connection);
    if (feeds.get(this.#info.name) === this) feeds.delete(this.#info.name);
    for (const reader of this.#readers.values()) reader.wake();
  }
}

function endOf(end: End | undefined): Partial<Taken> {
  if (end === undefined) return {};
  return 'code' in end ? { ended: end.code } : { ended: CORRUPT, error: end.error };
}

/** Undefined when the completion cannot be this event. */
function recordOf(
  view: DataView,
  { size, word0 }: FeedEvent,
  { raw }: SubscriptionInfo,
): Uint8Array | undefined {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const start = raw ? (word0 === null ? 0 : WORD) : COMPLETION_HEADER_BYTES;
  if (bytes.byteLength < start + (size ?? 0)) return undefined;
  if (size !== null) return bytes.slice(start, start + size);
  const record = new Uint8Array(recordSize({ size }));
  const count = BigInt((bytes.byteLength - start) / WORD);
  new DataView(record.buffer).setBigUint64(0, count, true);
  record.set(bytes.subarray(start), WORD);
  return record;
}

function join(records: readonly Uint8Array[], size: number): DataView {
  if (records.length === 0) return noBytes;
  const bytes = new Uint8Array(records.length * size);
  for (const [index, record] of records.entries()) bytes.set(record, index * size);
  return new DataView(bytes.buffer);
}

function sameRequest(a: CallRequest, b: CallRequest): boolean {
  const textOf = ({ scalars, struct }: CallRequest): string =>
    `${[...(scalars ?? [])].join()} ${[...(struct ?? [])].join()}`;
  return textOf(a) === textOf(b);
}

/** Joins the subscription of the connection, or makes it. */
export async function openFeed<Answer>(
  connection: Connection,
  { subscription, event, request, answer }: FeedRequest<Answer>,
  wake: () => void,
): Promise<Source & { readonly answer: Answer }> {
  const feeds = feedsOf(connection);
  const known = feeds.get(subscription.name);
  if (known !== undefined && !known.accepts(request))
    throw new BusyError(
      `${event.name}: this connection is subscribed to ${subscription.name} with other arguments`,
    );
  const feed = known ?? new Feed(connection, subscription, request);
  feeds.set(subscription.name, feed);
  const reader: Reader = { event, records: [], wake, lost: 0 };
  feed.add(reader);
  try {
    const outputs = await feed.opened;
    return {
      answer: answer(outputs),
      take: (maximum) => feed.take(reader, maximum),
      close: () => feed.leave(reader),
    };
  } catch (error) {
    if (feeds.get(subscription.name) === feed) feeds.delete(subscription.name);
    throw error;
  }
}
