// What generated encoders and decoders share: words of calls, enums as string unions, arrays of floats.
// Everything is little-endian, as all machines are that the platform runs on.
import { checkLength, type Place, problem } from './checks.js';
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
export type EnumCodec<Name extends string, Value extends number | bigint> = {
  readonly values: { readonly [name in Name]: Value };
  readonly names: ReadonlyMap<Value, Name>;
};

export function enumCodec<Name extends string, Value extends number | bigint>(
  values: {
    readonly [name in Name]: Value;
  },
): EnumCodec<Name, Value> {
  const entries = Object.entries(values) as [Name, Value][];
  // The first name of a value is its name.
  return { values, names: new Map(entries.reverse().map(([name, value]) => [value, name])) };
}

export function encodeEnum<Name extends string, Value extends number | bigint>(
  codec: EnumCodec<Name, Value>,
  name: Name,
  at: Place,
): Value {
  if (Object.hasOwn(codec.values, name)) return codec.values[name];
  const allowed = Object.keys(codec.values).join(', ');
  throw problem(at, `must be one of ${allowed}, not ${String(name)}`);
}

export function decodeEnum<Name extends string, Value extends number | bigint>(
  codec: EnumCodec<Name, Value>,
  value: Value,
): Name {
  const name = codec.names.get(value);
  if (name === undefined)
    throw new ClientError('io', `the driver sent ${value}, which is no value of its enum`);
  return name;
}

/** A view on the record's own memory, or a copy where its place is not aligned for one. */
export function float32View(view: DataView, offset: number, length: number): Float32Array {
  const start = view.byteOffset + offset;
  return start % 4 === 0
    ? new Float32Array(view.buffer as ArrayBuffer, start, length)
    : new Float32Array(view.buffer.slice(start, start + length * 4) as ArrayBuffer);
}

export function float64View(view: DataView, offset: number, length: number): Float64Array {
  const start = view.byteOffset + offset;
  return start % 8 === 0
    ? new Float64Array(view.buffer as ArrayBuffer, start, length)
    : new Float64Array(view.buffer.slice(start, start + length * 8) as ArrayBuffer);
}

export function decodeArray<Value>(
  length: number,
  stride: number,
  decode: (offset: number) => Value,
): Value[] {
  const values: Value[] = new Array(length);
  for (let i = 0; i < length; i++) values[i] = decode(i * stride);
  return values;
}

export function encodeArray<Value>(
  values: ArrayLike<Value>,
  length: number,
  at: Place,
  encode: (value: Value, index: number) => void,
): void {
  checkLength(values, length, at);
  for (let i = 0; i < length; i++) encode(values[i] as Value, i);
}
