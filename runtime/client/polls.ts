// An event that the app fetches, as a source like any other: it calls while somebody waits, and pauses when nothing
// is there. Nothing is fetched ahead of the consumer by more than one batch.
import { DriverError } from './errors.js';
import type { Source, Taken } from './sources.js';

export type PollRequest<Item> = {
  /** One call of the method. */
  readonly fetch: () => Promise<Item>;
  /** True for an answer that says that nothing is there. */
  readonly isEmpty: (item: Item) => boolean;
  /** Name of the error that says so, where it is one. */
  readonly emptyError: string | undefined;
  /** Every answer is an item; the pause is between any two. */
  readonly always: boolean;
  /** Milliseconds. */
  readonly interval: number;
};

const noBytes = new DataView(new ArrayBuffer(0));
const FAILED = 0xe00002bc; // kIOReturnError; the error says more

class Poll<Item> implements Source {
  readonly #request: PollRequest<Item>;
  readonly #wake: () => void;
  #items: Item[] = [];
  #busy = false;
  #closed = false;
  #error: unknown;
  #timer: NodeJS.Timeout | undefined;

  constructor(request: PollRequest<Item>, wake: () => void) {
    this.#request = request;
    this.#wake = wake;
  }

  take = (maximum: number): Taken => {
    const items = this.#items.splice(0, maximum);
    if (items.length > 0) return { bytes: noBytes, items, lost: 0, ended: undefined };
    if (this.#error !== undefined)
      return { bytes: noBytes, lost: 0, ended: FAILED, error: this.#error };
    if (!this.#busy) void this.#fetch(maximum);
    return { bytes: noBytes, lost: 0, ended: undefined };
  };

  close = (): Promise<void> => {
    this.#closed = true;
    clearTimeout(this.#timer);
    return Promise.resolve();
  };

  /** Until nothing is there, or `maximum` items are. */
  async #fetch(maximum: number): Promise<void> {
    this.#busy = true;
    const most = this.#request.always ? 1 : maximum;
    let got = 0;
    try {
      while (!this.#closed && got < most && (await this.#next())) got++;
    } catch (error) {
      this.#error = error;
    }
    const pause = this.#error === undefined && (got === 0 || this.#request.always);
    if (pause && !this.#closed)
      this.#timer = setTimeout(() => this.#rest(), this.#request.interval);
    else this.#rest();
  }

  /** The consumer looks again, and its look starts the next round. */
  #rest(): void {
    this.#busy = false;
    this.#wake();
  }

  async #next(): Promise<boolean> {
    const { fetch, isEmpty, emptyError } = this.#request;
    try {
      const item = await fetch();
      if (isEmpty(item)) return false;
      this.#items.push(item);
      this.#wake();
      return true;
    } catch (error) {
      if (emptyError !== undefined && error instanceof DriverError && error.error === emptyError)
        return false;
      throw error;
    }
  }
}

export function openPoll<Item>(request: PollRequest<Item>, wake: () => void): Promise<Source> {
  return Promise.resolve(new Poll(request, wake));
}
