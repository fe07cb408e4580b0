// What reaches the app without its asking each time: rings, completions, subscriptions, queues that it polls.

import type { Guards } from './guards.js';
import type { Method } from './methods.js';
import type { StructRef, WordType } from './types.js';
import type { Literal } from './values.js';

export type Event = {
  readonly name: string;
  /** Name of the user client that follows it. */
  readonly client: string;
  /** From 1; never 0. */
  readonly id: number;
  readonly doc: string;
  readonly payload: StructRef;
  readonly delivery: RingDelivery | CompletionDelivery;
};

export type Overflow = 'drop-oldest' | 'drop-newest';

export type RingDelivery = {
  readonly kind: 'ring';
  /** Records; a power of two. */
  readonly capacity: number;
  readonly overflow: Overflow;
  readonly recordSize: number;
  /** CopyClientMemoryForType type of the ring (read-only) and of the control page (read-write). */
  readonly ringMemoryType: number;
  readonly controlMemoryType: number;
};

export type CompletionDelivery = {
  readonly kind: 'completion';
  /** Words of every completion: two of header, then the payload laid out as its struct; at least 3, at most 16. */
  readonly words: number;
  readonly overflow: Overflow;
  /** Unacknowledged completions per subscription before the overflow policy applies. */
  readonly inFlight: number;
};

/**
 * An asynchronous call whose completion carries events: many times (`standing`), or once before the app calls again
 * (`rearmed`). Its selectors belong to the interface, so that one which exists can be described as it is.
 */
export type Subscription = {
  /** That of its first event. */
  readonly name: string;
  /** Name of the user client that it is called on. */
  readonly client: string;
  readonly delivery: 'standing' | 'rearmed';
  /** `subscribeTask`, as a method: its arguments travel as those of any call, its outputs are the call's own. */
  readonly call: Method;
  /** The driver is asked first: the call has arguments or declared errors. */
  readonly hook: boolean;
  /**
   * `null`: the same selector without a completion; `guards` are what that asks for and leads to, those of the call where
   * it is null. `none`: only the end of the connection ends it.
   */
  readonly unsubscribe:
    | { readonly kind: 'none' }
    | { readonly kind: 'null'; readonly guards: Guards | null }
    | { readonly kind: 'selector'; readonly call: Method };
  /** `header`: two words of ours, then the payload. `raw`: the payload alone. */
  readonly layout: 'header' | 'raw';
  /** Words of the completion that ends it: those of its events, or the fewest of a varying number. */
  readonly endWords: number;
  /** Payloads that wait while the app sends a re-armed completion anew; 0 for a standing one. */
  readonly queue: number;
  /** Which payload is lost when more would wait: in the driver, or of a standing one in the client. */
  readonly overflow: Overflow;
  /** By id. */
  readonly events: readonly SubscriptionEvent[];
};

export type SubscriptionEvent = {
  readonly name: string;
  readonly id: number;
  readonly doc: string;
  /** Laid over the words behind the header or behind word 0; null for an event that is nothing but its words. */
  readonly payload: StructRef | null;
  /** What the first word says in a raw layout that several events share; a decimal string beyond 2^53. */
  readonly word0: number | string | null;
  /** Equal unless their number varies. */
  readonly words: { readonly min: number; readonly max: number };
};

/** A scalar output, or a field of a struct: `path` leads to it, `name` is the path in words. */
export type EmptyValue = {
  readonly name: string;
  readonly path: readonly string[];
  readonly type: WordType;
  /** A 64-bit number that is a `number` in TypeScript. */
  readonly safe: boolean;
  readonly value: Literal;
};

/** A queue of the driver that the app empties with calls. */
export type PolledEvent = {
  readonly name: string;
  /** Name of the user client whose method it is. */
  readonly client: string;
  readonly id: number;
  readonly doc: string;
  /** What fetches: a synchronous method without inputs that have no default. */
  readonly method: string;
  /** How an answer says that nothing is there: by an error, by outputs that have these values, or not at all. */
  readonly empty:
    | { readonly kind: 'never' }
    | { readonly kind: 'error'; readonly error: string }
    | {
        readonly kind: 'values';
        readonly values: readonly EmptyValue[];
      };
  /** Between two calls, once nothing was there; between any two where every answer is an item. */
  readonly intervalMs: number;
};
