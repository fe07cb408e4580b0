// What narrows and names single values: ranges, defaults, constants.

import type { ByteOrder, IntegerName } from './scalars.js';

/** A named number or text. Integers beyond 2^53 are decimal strings. */
export type Constant = {
  readonly name: string;
  readonly kind: 'integer' | 'float' | 'text';
  readonly value: number | string;
  readonly doc: string;
};

/** Inclusive. Integers beyond 2^53 are decimal strings. */
export type NumberRange = { readonly first: number | string; readonly last: number | string };

export type TextRules = {
  readonly encoding: 'utf8' | 'ascii';
  /** `required`: ends with a NUL, which counts among the bytes. `none`: has none. */
  readonly terminated: 'required' | 'optional' | 'none';
};

/** A field of an earlier part that counts: `field * times + plus` elements follow. */
export type CountRef = {
  /** Index of the part, and the names that lead to the field in it. */
  readonly part: number;
  readonly path: readonly string[];
  /** Of the field in its part. */
  readonly offset: number;
  readonly scalar: IntegerName;
  readonly byteOrder: ByteOrder;
  readonly times: number;
  readonly plus: number;
};

/** Inclusive bounds of a numeric value. Integers beyond 2^53 are decimal strings. */
export type Range = {
  readonly min: number | string | null;
  readonly max: number | string | null;
};

/** What narrows a value besides its range, and what a client need not say. */
export type ValueRules = {
  readonly multipleOf: number | string | null;
  /** Bits that the value may have. */
  readonly mask: number | string | null;
  /** Always this value: a number, a boolean, the name of an enum's value, or the text of a string. */
  readonly const: Literal | null;
  /** What the client writes when it is not told; spelt like `const`. */
  readonly default: Literal | null;
  /** A 64-bit integer that is a `number` in TypeScript, since both sides refuse what a double would round. */
  readonly safe: boolean;
  /** An integer that is 0 or 1, and a `boolean` in TypeScript: C's BOOL and boolean_t, of four bytes. */
  readonly boolean: boolean;
};

export type Literal = number | string | boolean;

export type CountRange = { readonly first: number; readonly last: number };
