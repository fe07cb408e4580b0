// Types as they are used: by a field, an argument, an element. What they refer to is declared in named-types.ts.

import type { HandleType } from './handles.js';
import type { ByteOrder, IntegerName, ScalarName, UnsignedName } from './scalars.js';
import type { Range, ValueRules } from './values.js';

/** A type of fixed size. What varies in size is a `RecordRef`, and stands in other places. */
export type Type = WordType | WideType | StringType | StructRef | ArrayType | UnionRef | VariantRef;

/** What fits one 64-bit word, and so travels as a scalar of a call. */
export type WordType = ScalarType | EnumRef | FlagsRef | BitsRef | StatusType | HandleRef;

export type ScalarType = {
  readonly kind: 'scalar';
  readonly scalar: ScalarName;
  readonly size: number;
  readonly align: number;
};

/** Refers to an `EnumType`; repeats what a codec needs, so that nobody looks it up. */
export type EnumRef = {
  readonly kind: 'enum';
  readonly name: string;
  readonly base: IntegerName;
  readonly size: number;
  readonly align: number;
};

/** Refers to a `FlagsType`: any union of its values. */
export type FlagsRef = {
  readonly kind: 'flags';
  readonly name: string;
  readonly base: UnsignedName;
  readonly size: number;
  readonly align: number;
};

/** Refers to a `HandleType`: a number that names an object of the driver for one connection. */
export type HandleRef = {
  readonly kind: 'handle';
  readonly name: string;
  readonly base: HandleType['base'];
  readonly size: number;
  readonly align: number;
};

/** Refers to a `BitsType`: several fields in one integer. */
export type BitsRef = {
  readonly kind: 'bits';
  readonly name: string;
  readonly base: UnsignedName;
  readonly size: number;
  readonly align: number;
};

/** A kern_return_t as a value: the outcome of a part of a call that succeeded as a whole. */
export type StatusType = {
  readonly kind: 'status';
  readonly base: 'i32';
  readonly size: 4;
  readonly align: 4;
};

/** An integer of 16 bytes; the low word first unless the field is big-endian. */
export type WideType = {
  readonly kind: 'wide';
  readonly name: 'u128';
  readonly size: 16;
  readonly align: 8;
};

/** Text of at most `size` bytes in a field of `size` bytes, the rest zero. */
export type StringType = {
  readonly kind: 'string';
  readonly size: number;
  readonly align: 1;
  /** A NUL behind the text: always; unless the text fills the field; never, so that all bytes are text. */
  readonly terminated: 'required' | 'optional' | 'none';
  readonly encoding: 'utf8' | 'ascii';
};

export type StructRef = {
  readonly kind: 'struct';
  readonly name: string;
  readonly size: number;
  readonly align: number;
};

export type ArrayType = {
  readonly kind: 'array';
  readonly element: Type;
  readonly length: number;
  readonly size: number;
  readonly align: number;
};

/** Refers to a `UnionType`. */
export type UnionRef = {
  readonly kind: 'union';
  readonly name: string;
  readonly size: number;
  readonly align: number;
};

/** Refers to a `VariantType` whose cases all have fixed sizes, where it takes the room of the largest. */
export type VariantRef = {
  readonly kind: 'variant';
  readonly name: string;
  readonly size: number;
  readonly align: number;
};

/** Refers to a `RecordType`, or to a `VariantType` that takes exactly the size of its case. */
export type RecordRef = {
  readonly kind: 'record';
  readonly name: string;
  /** Bytes, least and most. */
  readonly min: number;
  readonly max: number;
  readonly align: number;
  /** It says itself where it ends; otherwise it goes on to the end of what it is in. */
  readonly delimited: boolean;
};

export type Field = {
  readonly name: string;
  readonly type: Type;
  readonly offset: number;
  readonly size: number;
  readonly doc: string;
  readonly unit: string;
  readonly since: string;
  /** Of the numbers in it; a struct in it has its own. */
  readonly byteOrder: ByteOrder;
  /** Of the value, or of each element. */
  readonly range: Range | null;
  readonly rules: ValueRules | null;
};
