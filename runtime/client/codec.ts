// What generated encoders and decoders share: words of calls and arrays of numbers.
// Everything is little-endian unless a schema says otherwise, as all machines are that the platform runs on.
import { check, checkLength, inside, type Place } from './checks.js';
import { ClientError } from './errors.js';

const scratch = new DataView(new ArrayBuffer(8));

export function floatToWord(value: number): bigint {
  scratch.setFloat32(0, value, true);
  return BigInt(scratch.getUint32(0, true));
}

export function wordToFloat(word: bigint): number {
  scratch.setUint32(0, Number(BigInt.asUintN(32, word)), true);
  return scratch.getFloat32(0, true);
}

export function doubleToWord(value: number): bigint {
  scratch.setFloat64(0, value, true);
  return scratch.getBigUint64(0, true);
}

export function wordToDouble(word: bigint): number {
  scratch.setBigUint64(0, word, true);
  return scratch.getFloat64(0, true);
}

/** A word of an answer. A driver of another make may answer with fewer than it should. */
export function wordAt(words: BigUint64Array, index: number): bigint {
  const word = words[index];
  if (word === undefined)
    throw new ClientError('io', `the driver answered ${words.length} words, not ${index + 1}`);
  return word;
}

/** The struct of an answer, at least `size` bytes. */
export function viewOf(bytes: Uint8Array, size: number): DataView {
  if (bytes.length < size)
    throw new ClientError('io', `the driver answered ${bytes.length} bytes, not ${size}`);
  return new DataView(bytes.buffer, bytes.byteOffset, size);
}

/** The first `length` bytes of an answer; the length came from the driver too. */
export function bytesOf(bytes: Uint8Array, length: bigint): Uint8Array {
  return length < BigInt(bytes.length) ? bytes.subarray(0, Number(length)) : bytes;
}

/** An enum as a string union on this side and an integer on the other. */
export {
  decodeEnum,
  type EnumCodec,
  encodeEnum,
  enumCodec,
} from './enums.js';

/** A view on the record's own memory, or a copy where its place is not aligned for one. */
export function float32View(view: DataView, offset: number, length: number): Float32Array {
  const start = view.byteOffset + offset;
  return start % 4 === 0
    ? new Float32Array(view.buffer as ArrayBuffer, start, length)
    : new Float32Array(view.buffer.slice(start, start + length * 4) as ArrayBuffer);
}

export type NumberArray<Numbers> = {
  new (buffer: ArrayBuffer, start: number, length: number): Numbers;
  readonly BYTES_PER_ELEMENT: number;
};

/** float32View for any array of numbers. */
export function arrayView<Numbers>(
  type: NumberArray<Numbers>,
  view: DataView,
  offset: number,
  length: number,
): Numbers {
  const start = view.byteOffset + offset;
  const size = type.BYTES_PER_ELEMENT;
  const buffer = view.buffer as ArrayBuffer;
  return start % size === 0
    ? new type(buffer, start, length)
    : new type(buffer.slice(start, start + length * size), 0, length);
}

export function decodeArray<Value>(
  length: number,
  stride: number,
  offset: number,
  decode: (start: number) => Value,
): Value[] {
  const values: Value[] = new Array(length);
  for (let i = 0; i < length; i++) values[i] = decode(offset + i * stride);
  return values;
}

export function encodeArray<Value>(
  values: ArrayLike<Value>,
  at: Place,
  member: string | number,
  length: number,
  encode: (value: Value, index: number, at: Place) => void,
): void {
  checkLength(values, at, member, length);
  const place = inside(at, member);
  for (let i = 0; i < length; i++) encode(values[i] as Value, i, place);
}

const writers = {
  u8: (view: DataView, at: number, value: number) => view.setUint8(at, value),
  u16: (view: DataView, at: number, value: number, little: boolean) =>
    view.setUint16(at, value, little),
  u32: (view: DataView, at: number, value: number, little: boolean) =>
    view.setUint32(at, value, little),
  u64: (view: DataView, at: number, value: bigint, little: boolean) =>
    view.setBigUint64(at, value, little),
  i8: (view: DataView, at: number, value: number) => view.setInt8(at, value),
  i16: (view: DataView, at: number, value: number, little: boolean) =>
    view.setInt16(at, value, little),
  i32: (view: DataView, at: number, value: number, little: boolean) =>
    view.setInt32(at, value, little),
  i64: (view: DataView, at: number, value: bigint, little: boolean) =>
    view.setBigInt64(at, value, little),
  f32: (view: DataView, at: number, value: number, little: boolean) =>
    view.setFloat32(at, value, little),
  f64: (view: DataView, at: number, value: number, little: boolean) =>
    view.setFloat64(at, value, little),
} as const;

type NumberName = keyof typeof writers;

const sizes: Readonly<Record<NumberName, number>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  i8: 1,
  i16: 2,
  i32: 4,
  i64: 8,
  f32: 4,
  f64: 8,
};

/** Where an array of numbers goes and what its elements may be. */
export type NumbersInfo = {
  readonly type: NumberName;
  readonly offset: number;
  readonly length: number;
  readonly min?: number | bigint;
  readonly max?: number | bigint;
  readonly bigEndian?: boolean;
};

export function encodeNumbers(
  view: DataView,
  values: ArrayLike<number> | ArrayLike<bigint>,
  at: Place,
  member: string | number,
  info: NumbersInfo,
): void {
  // One type of element at a time; the table of checks and that of writers agree on it.
  const checked = check[info.type] as (...parts: readonly unknown[]) => never;
  const write = writers[info.type] as (
    view: DataView,
    at: number,
    value: never,
    little: boolean,
  ) => void;
  const little = info.bigEndian !== true;
  const size = sizes[info.type];
  encodeArray<unknown>(values, at, member, info.length, (value, index, place) =>
    write(
      view,
      info.offset + index * size,
      checked(value, place, index, info.min, info.max),
      little,
    ),
  );
}
