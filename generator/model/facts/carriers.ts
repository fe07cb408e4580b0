// How the two directions of a call travel: scalars, a struct, or both (contract §1.2).

import type { IntegerName } from './scalars.js';
import type {
  RecordRef,
  ScalarType,
  StructRef,
  Type,
  UnionRef,
  VariantRef,
  WordType,
} from './types.js';
import type { CountRange, Range, TextRules, ValueRules } from './values.js';

/** How one direction of a call travels. */
export type Payload = {
  /** Named scalars in order; `index` is their first place in scalarInput or scalarOutput. */
  readonly scalars: readonly ScalarSlot[];
  /** Scalars in all: the words of `scalars`, and the length of a struct that reports it. */
  readonly count: number;
  /** Numbers of scalars that a call may have, ascending; the last may be above `count`, and what is above is ignored. */
  readonly counts: readonly CountRange[];
  readonly struct: StructCarrier | null;
};

export type ScalarSlot = WordSlot | SpanSlot | MemorySlot;

type SlotFacts = {
  readonly name: string;
  readonly index: number;
  readonly doc: string;
  readonly unit: string;
  readonly since: string;
  readonly range: Range | null;
  /** `rules.default` stands for an input that is left out. */
  readonly rules: ValueRules | null;
  /** A caller may leave it out, with all behind it. */
  readonly optional: boolean;
};

/** A value in a scalar of its own. */
export type WordSlot = SlotFacts & {
  readonly packing: 'word';
  readonly words: 1;
  readonly type: WordType;
  /** What the call does with a handle; null for everything else. */
  readonly handle: 'uses' | 'creates' | 'closes' | null;
};

/** A range of the app's own memory: its address and its length, in bytes that `range` limits (contract §1.10). */
export type MemorySlot = SlotFacts & {
  readonly packing: 'memory';
  /** One where the length is always the same, and only the address travels. */
  readonly words: 1 | 2;
  /** Of each word. */
  readonly type: ScalarType;
  /** What the driver may do. */
  readonly access: 'read-only' | 'write-only' | 'read-write';
  readonly order: 'address-length' | 'length-address';
  /** Index of a scalar apart from the address that has the length; null when they lie side by side, or it is always the same. */
  readonly lengthAt: number | null;
};

/**
 * A value over several scalars. bytes: its bytes fill the words in order. each: an element of an array per word.
 * low-high, high-low: two halves of an integer or a float, each at the lower end of its word.
 */
export type SpanSlot = SlotFacts & {
  readonly packing: 'bytes' | 'each' | 'low-high' | 'high-low';
  readonly words: number;
  readonly type: Type;
};

export type StructCarrier = FixedCarrier | BytesCarrier | TextCarrier | VariableCarrier;

/** How a struct travels, and whether the schema asked for it. `either`: the app chooses by the actual size. */
export type Transfer = 'inline' | 'descriptor' | 'either';

/** One struct of exactly `type.size` bytes. */
export type FixedCarrier = {
  readonly kind: 'fixed';
  readonly name: string;
  readonly type: StructRef | UnionRef;
  readonly transfer: 'inline' | 'descriptor';
  /** Of an input: an app may send more, which nobody looks at. */
  readonly longer: boolean;
  readonly doc: string;
};

/** A run of bytes whose length varies from call to call. */
export type BytesCarrier = Variable & {
  readonly kind: 'bytes';
  /** The hook gets the app's own memory as a descriptor: nothing is copied, and nothing is checked. */
  readonly direct: boolean;
};

/** A text whose length varies from call to call. */
export type TextCarrier = Variable & { readonly kind: 'text'; readonly text: TextRules };

/** A record, or one case of a variant, in its actual size. */
export type VariableCarrier = Variable & {
  readonly kind: 'variable';
  readonly type: RecordRef | VariantRef;
  /** `max` is less than what the members could take. */
  readonly capped: boolean;
  /** Of an input: an app may send more behind the end, which nobody looks at. */
  readonly longer: boolean;
};

type Variable = {
  readonly name: string;
  /** Bytes. */
  readonly min: number;
  readonly max: number;
  readonly transfer: Transfer;
  /** The schema asked for this transfer. */
  readonly transferDeclared: boolean;
  /**
   * scalarOutput index that carries the true length of an output, which the platform does not tell above 4096 bytes
   * (contract §1.6); null where it is not needed, or where a legacy interface does not say it.
   */
  readonly lengthScalar: number | null;
  /** Name of that scalar in the schema; empty when dextgen added it. It is not among `scalars`. */
  readonly lengthName: string;
  /** Type of that scalar. */
  readonly lengthType: IntegerName;
  readonly doc: string;
};
