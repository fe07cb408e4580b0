// What a call is asked for with, and what its completion says.
import type { CallOutputs, ClientMemory } from './native.js';
import type { CallOptions } from './wait.js';

export type CallRequest = {
  readonly scalars?: BigUint64Array | null | undefined;
  readonly struct?: Uint8Array | null | undefined;
  /** Scalars and bytes that the answer may have. */
  readonly scalarOutputs?: number | undefined;
  readonly structOutput?: number | undefined;
  readonly completion?: CompletionRequest | undefined;
  /** Memory that the driver reads or writes until it has answered. */
  readonly memories?: readonly ClientMemory[] | undefined;
  /** Hears what the call itself answered, before its completion. */
  readonly accepted?: ((outputs: CallOutputs) => void) | undefined;
};

/** The completion of an asynchronous call, where it is not at least three words behind our header. */
export type CompletionRequest = {
  /** How many it has at least. */
  readonly words?: number | undefined;
  readonly raw?: boolean | undefined;
  /** Word behind the header at which a struct begins, and its bytes. */
  readonly struct?: readonly [word: number, bytes: number] | undefined;
};

/** Words of a completion behind its header, the struct in them, and what the call itself answered. */
export type Completion = {
  readonly words: BigUint64Array;
  readonly struct: Uint8Array;
  readonly accepted: CallOutputs;
};

/** `words`: the fewest of its completions, which choose the prototype that is called back (contract §7.6). */
export type CompletionShape = { readonly standing: boolean; readonly words: number };

/** Of a method that takes a completion or does without. */
export type CompletionOptions = CallOptions & {
  /** `false`: the call itself answers, and holds up the others of this connection until then. */
  readonly completion?: boolean | undefined;
};
