// Types as a schema declares them, with a name; fixed ones first, then those whose size varies.

import type { ByteOrder, IntegerName, UnsignedName } from './scalars.js';
import type { EnumRef, Field, FlagsRef, RecordRef, ScalarType, StructRef, Type } from './types.js';
import type { CountRef, NumberRange, Range, TextRules, ValueRules } from './values.js';

export type NamedType =
  | EnumType
  | FlagsType
  | BitsType
  | StructType
  | UnionType
  | VariantType
  | RecordType;

export type EnumType = {
  readonly kind: 'enum';
  readonly name: string;
  readonly base: IntegerName;
  readonly size: number;
  readonly doc: string;
  /** Since which version of the interface; empty from the first. Of all named types and fields. */
  readonly since: string;
  /** In schema order. `value` is exact (a decimal string when it does not fit a double). */
  readonly values: readonly EnumValue[];
  /** Runs of numbers that are values without a name of their own. */
  readonly ranges: readonly EnumRange[];
  /** Numbers that are never values, not even of an open enum; ascending, apart from each other. */
  readonly reserved: readonly NumberRange[];
  /** Numbers that no value has are let through. */
  readonly open: boolean;
};

export type EnumValue = {
  readonly name: string;
  readonly value: number | string;
  readonly doc: string;
  readonly since: string;
};

export type EnumRange = NumberRange & {
  readonly name: string;
  readonly doc: string;
  readonly since: string;
};

export type FlagsType = {
  readonly kind: 'flags';
  readonly name: string;
  readonly base: UnsignedName;
  readonly size: number;
  readonly doc: string;
  readonly since: string;
  /** Single bits and unions of them, in schema order. */
  readonly values: readonly EnumValue[];
  /** Every bit that a value may have; for an open set all but the reserved ones. */
  readonly mask: number | string;
  /** Bits that no value may have. */
  readonly reserved: number | string;
  /** Bits that no value has are let through. */
  readonly open: boolean;
  /** A 64-bit set that is a `number` in TypeScript: bits from 53 on are refused. */
  readonly safe: boolean;
};

export type BitsType = {
  readonly kind: 'bits';
  readonly name: string;
  readonly base: UnsignedName;
  readonly size: number;
  readonly doc: string;
  readonly since: string;
  /** By place, the least significant first. */
  readonly fields: readonly BitField[];
  /** Bits of all fields together; the others are zero. */
  readonly mask: number | string;
  /** Bits that no field has are let through, and zero when the client writes. */
  readonly open: boolean;
};

export type BitField = {
  readonly name: string;
  /** Of its least significant bit. */
  readonly at: number;
  readonly width: number;
  /** An integer of at least `width` bits, cut to it; or what has such a base. */
  readonly type: ScalarType | EnumRef | FlagsRef;
  readonly doc: string;
  readonly unit: string;
  readonly since: string;
  readonly range: Range | null;
  readonly rules: ValueRules | null;
};

/** `packed`: fields follow each other without regard to alignment. `pack2`, `pack4`: none is aligned to more. */
export type StructLayout = 'natural' | 'packed' | 'pack2' | 'pack4';

export type StructType = {
  readonly kind: 'struct';
  readonly name: string;
  readonly size: number;
  readonly align: number;
  readonly doc: string;
  readonly since: string;
  readonly layout: StructLayout;
  readonly fields: readonly Field[];
  /** Bytes no field covers; they go out as zero. */
  readonly padding: readonly { readonly offset: number; readonly size: number }[];
};

/** Members that share their bytes; which of them is meant, no byte says. */
export type UnionType = {
  readonly kind: 'union';
  readonly name: string;
  readonly size: number;
  readonly align: number;
  readonly doc: string;
  readonly since: string;
  /** Each at offset 0. */
  readonly members: readonly {
    readonly name: string;
    readonly type: Type;
    readonly doc: string;
    readonly since: string;
  }[];
};

/** One of several shapes, told apart by a number that all of them have in one place. */
export type VariantType = {
  readonly kind: 'variant';
  readonly name: string;
  /** Of the largest case, in natural layout rounded up to `align`; what stands in a struct. */
  readonly size: number;
  readonly align: number;
  readonly doc: string;
  readonly since: string;
  /** Takes the size of its case wherever it stands; otherwise only as the whole struct of a call. */
  readonly exact: boolean;
  /** Bytes, least and most, of its cases. */
  readonly min: number;
  readonly max: number;
  readonly delimited: boolean;
  /** `field`: the number is a field of every case. Null: it stands before them. */
  readonly field: string | null;
  readonly tag: {
    readonly type: ScalarType | EnumRef;
    readonly offset: number;
    readonly byteOrder: ByteOrder;
  };
  /** Where the cases begin; 0 when the number is one of their fields. */
  readonly bodyOffset: number;
  readonly cases: readonly VariantCase[];
};

export type VariantCase = {
  readonly name: string;
  readonly doc: string;
  readonly since: string;
  /** Null for a case that is nothing but its number. */
  readonly type: StructRef | RecordRef | null;
  /** Inclusive; a single number has both equal. Empty: every number that no other case has. */
  readonly tags: readonly NumberRange[];
};

/** A struct whose size varies: parts behind each other, each at the next multiple of its alignment. */
export type RecordType = {
  readonly kind: 'record';
  readonly name: string;
  /** Bytes, least and most. */
  readonly min: number;
  readonly max: number;
  /** The schema limits the whole further than its parts do; `max` is that limit. */
  readonly capped: boolean;
  readonly layout: StructLayout;
  readonly align: number;
  readonly delimited: boolean;
  readonly doc: string;
  readonly since: string;
  readonly parts: readonly RecordPart[];
};

export type RecordPart = FixedPart | ArrayPart | TextPart | NestedPart;

/** The fields between two variable members, as a struct of their own. */
export type FixedPart = {
  readonly kind: 'fixed';
  readonly struct: StructRef;
  /** Bytes up to the end of the last field: what follows may begin in the tail padding of the struct. */
  readonly extent: number;
};

export type ArrayPart = {
  readonly kind: 'array';
  readonly name: string;
  readonly doc: string;
  readonly since: string;
  readonly unit: string;
  readonly element: Type | RecordRef;
  /** Of elements that are numbers. */
  readonly byteOrder: ByteOrder;
  /** Null: the elements go on to the end. */
  readonly count: CountRef | null;
  /** Elements. */
  readonly min: number;
  readonly max: number;
  /** What narrows each element; absent when nothing does. */
  readonly each?: ElementRules;
};

export type ElementRules = { readonly range: Range | null; readonly rules: ValueRules | null };

export type TextPart = {
  readonly kind: 'text';
  readonly name: string;
  readonly doc: string;
  readonly since: string;
  readonly text: TextRules;
  readonly count: CountRef | null;
  /** Bytes. */
  readonly min: number;
  readonly max: number;
};

/** Another record, once. */
export type NestedPart = {
  readonly kind: 'record';
  readonly name: string;
  readonly doc: string;
  readonly since: string;
  readonly type: RecordRef;
};
