// External methods: what a call carries in each direction is in carriers.ts, what must hold before it in guards.ts.

import type { Payload } from './carriers.js';
import type { DeclaredError } from './errors.js';
import type { Guards } from './guards.js';

export type SelectorRange = { readonly first: number; readonly last: number };

/** `client`: name of the user client whose selectors they were. */
export type RetiredRange = SelectorRange & { readonly client: string };

export type Method = {
  readonly name: string;
  /** Name of the user client that it is called on. */
  readonly client: string;
  readonly selector: number;
  readonly doc: string;
  /** `async`: a completion can be passed, and the outputs arrive in its words. */
  readonly kind: 'sync' | 'async';
  /**
   * `optional`: without one the outputs are those of the call. `ignored`: one may come with the call, which answers
   * by itself all the same.
   */
  readonly completion: 'none' | 'required' | 'optional' | 'ignored';
  /** The completion of an async method; null for others. */
  readonly answer: CompletionAnswer | null;
  /** What an async call itself answers, when the driver has accepted it. */
  readonly accepted: Payload;
  /** How long the client waits for the completion of an async method; null is for ever. */
  readonly timeoutMs: number | null;
  readonly input: Payload;
  /** For an async method the scalars are words of the completion, behind its two header words. */
  readonly output: Payload;
  readonly errors: readonly DeclaredError[];
  /** The property this method sets, if it is a setter. */
  readonly setterOf: string | null;
  readonly guards: Guards;
  /** Why the dispatch checks nothing and hands the call over as it came; null for a method that it checks. */
  readonly unchecked: string | null;
};

export type CompletionAnswer = {
  /** `header`: two words of ours, then the outputs. `raw`: the outputs alone. */
  readonly layout: 'header' | 'raw';
  /** Of every completion of the method. The struct of the outputs lies behind their scalars. */
  readonly words: number;
};
