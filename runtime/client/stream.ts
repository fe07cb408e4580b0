// An event as an async iterable of batches, whatever carries it. Nothing is read ahead: the next batch is taken
// when the consumer asks for it, and what the driver had to drop meanwhile is counted.
import { setImmediate } from 'node:timers/promises';
import { Batch, type Decode } from './batch.js';
import type { Connection, Dependent } from './connection.js';
import type { EventInfo } from './contract.js';
import { type EndReason, endError } from './end.js';
import { BusyError, DeviceGoneError, errorOfCode } from './errors.js';
import { ABORTED, NO_MEMORY, NO_RESOURCES } from './io-return.js';
import { fitsCompletions, openCompletions, openRing, type Source } from './sources.js';

export type StreamOptions = {
  /** Ends the stream; the consumer's loop then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Most items of a batch; 1024 without. */
  readonly maximum?: number | undefined;
  /** `completion` does without shared memory: slower, the same counts. */
  readonly delivery?: 'ring' | 'completion' | undefined;
};

/**
 * Why a stream ended. `finished`: the driver ended it; `left`: the consumer broke off; `closed`: the connection was
 * closed; `gone`: the device or the driver went away; `aborted`: by the signal; `failed`: the error says.
 */
export type StreamEnd = {
  readonly reason: 'finished' | 'left' | 'closed' | 'gone' | 'aborted' | 'failed';
  readonly error: unknown;
};

const DEFAULT_MAXIMUM = 1024;
// Batches that are there at once come without a turn of the event loop, so timers and signals need one now and then.
const TURN_MS = 4;

/** Opens a source other than those of the contract selectors. */
export type OpenSource<Answer> = (
  connection: Connection,
  wake: () => void,
) => Promise<Source & { readonly answer?: Answer }>;

/** `Answer`: what the driver answers to the call that subscribes. */
export class EventStream<Item, Answer = void>
  implements AsyncIterableIterator<Batch<Item>, void, void>
{
  /** Items delivered and items lost, since the stream was opened. */
  received = 0;
  lost = 0;
  readonly #connection: Connection;
  readonly #event: EventInfo;
  readonly #decode: Decode<Item>;
  readonly #options: StreamOptions;
  readonly #dependent: Dependent;
  readonly #abort = () =>
    this.#stop({ reason: 'aborted', error: this.#options.signal?.reason }, true);
  readonly #openOwn: OpenSource<Answer> | undefined;
  #opening: Promise<Answer> | undefined;
  #source: Source | undefined;
  #end: StreamEnd | undefined;
  /** Whether what is left in the source is of no interest any more. */
  #hasty = false;
  #closing: Promise<void> | undefined;
  #thrown = false;
  #iterated = false;
  #unreported = 0;
  #turn: Promise<unknown> = Promise.resolve();
  /** Something happened since the source was last looked at. */
  #woken = false;
  #resume: () => void = () => {};
  #lastTurn = performance.now();

  constructor(
    connection: Connection,
    event: EventInfo,
    decode: Decode<Item>,
    options: StreamOptions = {},
    openOwn?: OpenSource<Answer>,
  ) {
    this.#openOwn = openOwn;
    this.#connection = connection;
    this.#event = event;
    this.#decode = decode;
    this.#options = options;
    this.#dependent = { connectionEnded: (reason) => this.#connectionEnded(reason) };
  }

  /** Why the stream ended; undefined while it lives. */
  get end(): StreamEnd | undefined {
    return this.#end;
  }

  /** Subscribes now rather than with the first batch that is asked for. Settles with the driver's answer. */
  open(): Promise<Answer> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /** @throws BusyError for a second loop: batches go to one consumer. */
  [Symbol.asyncIterator](): this {
    if (this.#iterated)
      throw new BusyError(`${this.#event.name}: this stream already has a consumer`);
    this.#iterated = true;
    return this;
  }

  /** The next batch, which has at least one item. Rejects once with the error the stream ended with. */
  next(): Promise<IteratorResult<Batch<Item>, void>> {
    const turn = this.#turn.then(() => this.#advance());
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** Ends the stream, as leaving its loop does. Settles when the driver has been told. */
  async return(): Promise<IteratorResult<Batch<Item>, void>> {
    this.#thrown = true;
    this.#stop({ reason: 'left', error: undefined }, true);
    await this.#turn;
    await this.#close();
    return { done: true, value: undefined };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #open(): Promise<Answer> {
    const connection = this.#connection;
    const { id, name } = this.#event;
    this.#options.signal?.throwIfAborted();
    if (connection.end !== undefined) throw endError(connection.contract, name, connection.end);
    if (connection.readers.has(id))
      throw new BusyError(
        `${name} already has a reader on this connection; open another connection for a second one`,
      );
    connection.readers.set(id, this.#dependent);
    connection.add(this.#dependent);
    this.#options.signal?.addEventListener('abort', this.#abort);
    try {
      const source = await this.#openSource();
      this.#source = source;
      return source.answer as Answer;
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  async #openSource(): Promise<Source & { readonly answer?: Answer }> {
    const wake = () => this.#wake();
    if (this.#openOwn !== undefined) return this.#openOwn(this.#connection, wake);
    const byRing = this.#event.ring !== null && this.#options.delivery !== 'completion';
    if (!byRing) return openCompletions(this.#connection, this.#event, wake);
    try {
      return await openRing(this.#connection, this.#event, wake);
    } catch (error) {
      if (!fitsCompletions(this.#event) || !lacksMemory(error)) throw error;
      return openCompletions(this.#connection, this.#event, wake);
    }
  }

  async #advance(): Promise<IteratorResult<Batch<Item>, void>> {
    if (this.#end === undefined) await this.#openOrEnd();
    for (;;) {
      this.#woken = false;
      const batch = this.#hasty ? undefined : await this.#take();
      if (batch !== undefined) return { done: false, value: batch };
      if (this.#end !== undefined) return this.#finish(this.#end);
      if (!this.#woken)
        await new Promise<void>((resolve) => {
          this.#resume = resolve;
        });
    }
  }

  #wake(): void {
    this.#woken = true;
    this.#resume();
  }

  async #openOrEnd(): Promise<void> {
    try {
      await this.open();
    } catch (error) {
      this.#stop(describeEnd(error, this.#options.signal), true);
    }
  }

  async #take(): Promise<Batch<Item> | undefined> {
    if (this.#source === undefined) return undefined;
    await this.#giveTurn();
    // The connection, and with it the memory, may have been closed during the turn.
    if (this.#hasty) return undefined;
    const maximum = this.#options.maximum ?? DEFAULT_MAXIMUM;
    for (;;) {
      const { bytes, items, lost, ended, error } = this.#source.take(maximum);
      this.lost += lost;
      this.#unreported += lost;
      if (bytes.byteLength > 0 || items !== undefined) return this.#makeBatch(bytes, items);
      if (error !== undefined) this.#stop(describeEnd(error, this.#options.signal), true);
      else if (ended !== undefined) await this.#driverEnded(ended);
      if (lost === 0 || ended !== undefined) return undefined;
    }
  }

  #makeBatch(bytes: DataView, items: readonly unknown[] | undefined): Batch<Item> {
    const { size } = this.#event;
    const own = items as readonly Item[] | undefined;
    const batch = new Batch(bytes, size, this.#unreported, this.#decode, own);
    this.#unreported = 0;
    this.received += batch.length;
    return batch;
  }

  async #giveTurn(): Promise<void> {
    if (performance.now() - this.#lastTurn < TURN_MS) return;
    await setImmediate();
    this.#lastTurn = performance.now();
  }

  // A driver that stops aborts its streams, whether it was unplugged or only this connection ends.
  async #driverEnded(code: number): Promise<void> {
    if (this.#end !== undefined) return;
    const { contract } = this.#connection;
    const what = this.#event.name;
    if (code === ABORTED && !(await this.#connection.probe())) {
      this.#connectionEnded(this.#connection.end ?? 'gone');
      return;
    }
    if (code === 0) this.#stop({ reason: 'finished', error: undefined }, true);
    else this.#stop({ reason: 'failed', error: errorOfCode(contract, what, code) }, true);
  }

  #connectionEnded(reason: EndReason): void {
    const error = endError(this.#connection.contract, this.#event.name, reason);
    // The memory of a device that is gone stays until the connection is closed (contract §2.3).
    this.#stop({ reason, error }, reason === 'closed');
  }

  #stop(end: StreamEnd, hasty: boolean): void {
    this.#end ??= end;
    this.#hasty ||= hasty;
    this.#wake();
  }

  async #finish(end: StreamEnd): Promise<IteratorResult<Batch<Item>, void>> {
    await this.#close();
    if (end.error !== undefined && !this.#thrown) {
      this.#thrown = true;
      throw end.error;
    }
    return { done: true, value: undefined };
  }

  #close(): Promise<void> {
    this.#closing ??= this.#closeSource();
    return this.#closing;
  }

  async #closeSource(): Promise<void> {
    const opening = this.#opening;
    if (opening === undefined) return;
    await opening.catch(() => {});
    await this.#source?.close();
    this.#release();
  }

  #release(): void {
    const { readers } = this.#connection;
    if (readers.get(this.#event.id) === this.#dependent) readers.delete(this.#event.id);
    this.#connection.remove(this.#dependent);
    this.#options.signal?.removeEventListener('abort', this.#abort);
  }
}

/** The driver, or this process, cannot give the memory of a ring. */
function lacksMemory(error: unknown): boolean {
  const code = (error as { readonly code?: unknown }).code;
  return code === NO_MEMORY || code === NO_RESOURCES || isRefusedMapping(error);
}

// Any failure of a mapping comes as kIOReturnBadArgument (contract §2.1).
function isRefusedMapping(error: unknown): boolean {
  return (
    error instanceof Error && /^mapping .* failed with kIOReturnBadArgument/.test(error.message)
  );
}

function describeEnd(error: unknown, signal: AbortSignal | undefined): StreamEnd {
  if (signal?.aborted && error === signal.reason) return { reason: 'aborted', error };
  if (error instanceof DeviceGoneError) return { reason: 'gone', error };
  return { reason: 'failed', error };
}
