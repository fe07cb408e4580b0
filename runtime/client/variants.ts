// Variants and unions: values of several shapes. A variant's number tells which; of a union only its user knows.
import { inside, type Place, problem } from './checks.js';
import { ClientError } from './errors.js';
import type { RecordReader } from './records.js';

type IntegerName = 'u8' | 'u16' | 'u32' | 'u64' | 'i8' | 'i16' | 'i32' | 'i64';

const sizes: Readonly<Record<IntegerName, number>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  i8: 1,
  i16: 2,
  i32: 4,
  i64: 8,
};

/** A number that tells cases apart, of any width. */
export function readTag(view: DataView, at: number, type: IntegerName, big = false): bigint {
  const size = sizes[type];
  let word = 0n;
  for (let i = 0; i < size; i++)
    word = (word << 8n) | BigInt(view.getUint8(at + (big ? i : size - 1 - i)));
  return type.startsWith('i') ? BigInt.asIntN(size * 8, word) : word;
}

export function writeTag(
  view: DataView,
  at: number,
  type: IntegerName,
  value: bigint,
  big = false,
): void {
  const size = sizes[type];
  let word = BigInt.asUintN(64, value);
  for (let i = 0; i < size; i++) {
    view.setUint8(at + (big ? size - 1 - i : i), Number(word & 0xffn));
    word >>= 8n;
  }
}

/** Runs of numbers, inclusive. */
export type Tags = readonly (readonly [first: bigint, last: bigint])[];

export type CaseRow<Kind extends string> = {
  readonly kind: Kind;
  /** Empty: every number that no other case has. */
  readonly tags: Tags;
  /** Bytes with the number; 0 where they vary. */
  readonly size: number;
};

export type VariantCodec<Kind extends string> = {
  readonly name: string;
  readonly cases: readonly CaseRow<Kind>[];
  readonly tag: { readonly offset: number; readonly type: IntegerName; readonly big: boolean };
  /** Bytes of the largest case, with its alignment. */
  readonly size: number;
};

const within = (tags: Tags, tag: bigint): boolean =>
  tags.some(([first, last]) => tag >= first && tag <= last);

/** The case that a number stands for. */
export function caseAt<Kind extends string>(
  { name, cases, tag }: VariantCodec<Kind>,
  view: DataView,
  offset: number,
): { readonly kind: Kind; readonly tag: bigint } {
  const number = readTag(view, offset + tag.offset, tag.type, tag.big);
  const found =
    cases.find(({ tags }) => within(tags, number)) ?? cases.find(({ tags }) => tags.length === 0);
  if (found !== undefined) return { kind: found.kind, tag: number };
  throw new ClientError(
    'io',
    `the driver sent a ${name} with the number ${number}, which has no case`,
  );
}

/** Writes the number of a case: its own, or the one that the value has. */
export function putTag<Kind extends string>(
  { cases, tag }: VariantCodec<Kind>,
  [view, offset]: readonly [DataView, number],
  kind: Kind,
  given: number | bigint | undefined,
  at: Place,
): void {
  const row = cases.find((one) => one.kind === kind);
  const number = given === undefined ? (row?.tags[0]?.[0] ?? 0n) : toInteger(given, at);
  writeTag(view, offset + tag.offset, tag.type, number, tag.big);
  checkTag(cases, kind, readTag(view, offset + tag.offset, tag.type, tag.big), number, at);
}

function toInteger(value: number | bigint, at: Place): bigint {
  if (typeof value === 'bigint' || Number.isInteger(value)) return BigInt(value);
  throw problem(at, 'tag', 'must be an integer');
}

/** Refuses a number that stands for another case. */
export function checkCase<Kind extends string>(
  { cases, tag }: VariantCodec<Kind>,
  [view, offset]: readonly [DataView, number],
  kind: Kind,
  at: Place,
): void {
  const number = readTag(view, offset + tag.offset, tag.type, tag.big);
  checkTag(cases, kind, number, number, at);
}

function checkTag<Kind extends string>(
  cases: readonly CaseRow<Kind>[],
  kind: Kind,
  written: bigint,
  wanted: bigint,
  at: Place,
): void {
  const owner =
    cases.find(({ tags }) => within(tags, wanted)) ?? cases.find(({ tags }) => tags.length === 0);
  if (written !== wanted || owner?.kind !== kind)
    throw problem(at, 'kind', `is ${kind}, for which the number ${wanted} does not stand`);
}

export function unknownKind(value: { readonly kind: string }, names: string, at: Place): Error {
  return problem(at, 'kind', `must be one of ${names}, not ${String(value.kind)}`);
}

const sizeOf = <Kind extends string>({ cases }: VariantCodec<Kind>, kind: string): number =>
  cases.find((one) => one.kind === kind)?.size ?? 0;

/** A variant that takes exactly the bytes of its case. */
export function decodeCase<Kind extends string, Value extends { readonly kind: Kind }>(
  codec: VariantCodec<Kind>,
  decode: (view: DataView, offset: number) => Value,
  bytes: Uint8Array,
  open = false,
): Value {
  const { name, tag } = codec;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < tag.offset + sizes[tag.type])
    throw new ClientError('io', `the driver sent ${bytes.length} bytes of a ${name}`);
  const { kind } = caseAt(codec, view, 0);
  const needed = sizeOf(codec, kind);
  if (open ? bytes.length >= needed : bytes.length === needed) return decode(view, 0);
  throw new ClientError(
    'io',
    `the driver sent ${bytes.length} bytes of a ${name}, whose case ${kind} has ${needed}`,
  );
}

export function encodeCase<Kind extends string, Value extends { readonly kind: Kind }>(
  codec: VariantCodec<Kind>,
  encode: (view: DataView, offset: number, value: Value, at: Place) => void,
  value: Value,
  at: Place,
  member: string,
): Uint8Array {
  const bytes = new Uint8Array(codec.size);
  encode(new DataView(bytes.buffer), 0, value, inside(at, member));
  return bytes.subarray(0, sizeOf(codec, value.kind));
}

/** The case of a variant that is read next; the reader stays where it is. */
export function nextCase<Kind extends string>(
  codec: VariantCodec<Kind>,
  from: RecordReader,
): { readonly kind: Kind; readonly tag: bigint } {
  const { tag } = codec;
  return caseAt(codec, from.view, from.peek(tag.offset + sizes[tag.type]));
}

/** Bytes of a union: decoded by the member that is asked for. */
export class UnionValue {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  protected get view(): DataView {
    return new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
  }
}

/** A copy: the memory of an answer or a record may be used again. */
export function unionBytes(view: DataView, offset: number, size: number): Uint8Array {
  return new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset + offset, size).slice();
}

export function putUnion(
  view: DataView,
  offset: number,
  value: UnionValue,
  size: number,
  at: Place,
): void {
  if (!(value instanceof UnionValue) || value.bytes.length !== size)
    throw problem(at, 'value', 'must be made with of()');
  new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset + offset, size).set(value.bytes);
}

/** The one member that `of` was given. */
export function onlyMember(value: object, at: Place): string {
  const [name, ...others] = Object.keys(value ?? {});
  if (name === undefined || others.length > 0)
    throw problem(at, 'value', 'must have exactly one member');
  return name;
}

export function unknownMember(value: object, at: Place): Error {
  return problem(at, 'value', `has no member ${Object.keys(value).join(', ')}`);
}
