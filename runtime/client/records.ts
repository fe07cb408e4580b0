// Records: structs whose size varies, read and written part by part. What a driver sent may be anything, so every length
// is compared with what is left before it is used, and nothing is made that is larger than what came.
import { inside, type Place, problem } from './checks.js';
import { arrayView, type NumberArray } from './codec.js';
import { ArgumentError, ClientError } from './errors.js';
import { swappedView } from './numbers.js';
import { decodeText, type TextRules } from './text.js';

/** How many elements, or bytes, least and most. */
export type Limits = readonly [min: number, max: number];

function refuse(text: string): ClientError {
  return new ClientError('io', `the driver sent a record that ${text}`);
}

function alignUp(offset: number, align: number): number {
  return Math.ceil(offset / align) * align;
}

/** Reads one record, from its first part to its last. Places are absolute in `view`. */
export class RecordReader {
  readonly view: DataView;
  readonly #start: number;
  readonly #end: number;
  #at: number;

  constructor(view: DataView, start = 0, end = view.byteLength) {
    this.view = view;
    this.#start = start;
    this.#end = end;
    this.#at = start;
  }

  /** Where the next bytes begin that are read. */
  get at(): number {
    return this.#at;
  }

  #align(align: number): number {
    return this.#start + alignUp(this.#at - this.#start, align);
  }

  /** The same without going on. */
  peek(size: number): number {
    const at = this.#at;
    const place = this.part(1, size);
    this.#at = at;
    return place;
  }

  /** Where `size` bytes begin, at the next multiple of `align`. */
  part(align: number, size: number): number {
    const place = this.#align(align);
    if (size > this.#end - place)
      throw refuse(`ends after ${this.#end - this.#start} bytes, within one of its parts`);
    this.#at = place + size;
    return place;
  }

  /** Elements that follow by the field that counts them. */
  count(field: number | bigint, limits: Limits, times = 1, plus = 0): number {
    const count = Number(field) * times + plus;
    checkCount(count, limits);
    return count;
  }

  /** Elements of `size` bytes up to the end. */
  rest(align: number, size: number, limits: Limits): number {
    const left = Math.max(0, this.#end - this.#align(align));
    if (left % size !== 0) throw refuse(`ends within an element of ${size} bytes`);
    checkCount(left / size, limits);
    return left / size;
  }

  /** Where `count` elements begin; an empty array takes no room. */
  array(align: number, size: number, count: number): number {
    return count === 0 ? this.#at : this.part(align, count * size);
  }

  elements<Value>(
    count: number,
    [align, size]: readonly [number, number],
    decode: (place: number) => Value,
  ): Value[] {
    const start = this.array(align, size, count);
    const values: Value[] = new Array(count);
    for (let i = 0; i < count; i++) values[i] = decode(start + i * size);
    return values;
  }

  bytes(count: number): Uint8Array {
    const start = this.part(1, count);
    return new Uint8Array(this.view.buffer as ArrayBuffer, this.view.byteOffset + start, count);
  }

  text(count: number, rules: TextRules): string {
    return decodeText(this.bytes(count), rules);
  }

  /** A record inside, which begins at the next multiple of `align`. */
  record<Value>(align: number, decode: (from: RecordReader) => Value): Value {
    const start = Math.min(this.#align(align), this.#end);
    const inner = new RecordReader(this.view, start, this.#end);
    const value = decode(inner);
    if (inner.at > start) this.#at = inner.at;
    return value;
  }

  /** The schema limits the whole to fewer bytes than its parts could take. */
  atMost(max: number): void {
    const size = this.#at - this.#start;
    if (size > max) throw refuse(`takes ${size} bytes, more than ${max}`);
  }

  records<Value>(count: number, align: number, decode: (from: RecordReader) => Value): Value[] {
    const values: Value[] = [];
    for (let i = 0; i < count; i++) values.push(this.record(align, decode));
    return values;
  }

  /** Records up to the end. */
  recordsToEnd<Value>(
    limits: Limits,
    align: number,
    decode: (from: RecordReader) => Value,
  ): Value[] {
    const values: Value[] = [];
    while (this.#align(align) < this.#end) {
      if (values.length === limits[1]) throw refuse(`has more than ${limits[1]} elements`);
      const before = this.#at;
      values.push(this.record(align, decode));
      if (this.#at === before) throw refuse('has an element without bytes');
    }
    // Padding behind the last one may be there.
    this.#at = this.#end;
    checkCount(values.length, limits);
    return values;
  }
}

function checkCount(count: number, [min, max]: Limits): void {
  if (!Number.isInteger(count) || count < min || count > max)
    throw refuse(`counts ${count} where ${min} to ${max} are allowed`);
}

/** The whole of an answer as a record; a legacy interface may not tell where it ends. */
export function decodeRecord<Value>(
  decode: (from: RecordReader) => Value,
  bytes: Uint8Array,
  open = false,
): Value {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = new RecordReader(view);
  const value = decode(reader);
  if (!open && reader.at !== bytes.length)
    throw refuse(`takes ${reader.at} of ${bytes.length} bytes`);
  return value;
}

/** Memory that grows with what is written to it; what was not written is zero. */
class Memory {
  bytes = new Uint8Array(256);
  view = new DataView(this.bytes.buffer);

  reach(size: number): void {
    if (size <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(size, this.bytes.length * 2));
    larger.set(this.bytes);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}

/** Writes one record, from its first part to its last. `view` is another one after each part. */
export class RecordWriter {
  readonly #memory: Memory;
  readonly #start: number;
  #end: number;

  constructor(memory = new Memory(), start = 0) {
    this.#memory = memory;
    this.#start = start;
    this.#end = start;
  }

  get view(): DataView {
    return this.#memory.view;
  }

  get size(): number {
    return this.#end - this.#start;
  }

  /** Where a part of `size` bytes begins; the struct that is written there may be larger by its tail padding. */
  part(align: number, size: number, room = size): number {
    const place = this.#start + alignUp(this.#end - this.#start, align);
    this.#memory.reach(place + room);
    this.#end = place + size;
    return place;
  }

  array(align: number, size: number, count: number): number {
    return count === 0 ? this.#end : this.part(align, count * size);
  }

  bytes(value: Uint8Array): void {
    const place = this.part(1, value.length);
    this.#memory.bytes.set(value, place);
  }

  record(align: number, encode: (to: RecordWriter) => void): void {
    const before = this.#end;
    const inner = new RecordWriter(this.#memory, this.part(align, 0));
    encode(inner);
    this.#end = inner.size === 0 ? before : inner.#end;
  }

  /** The bytes that were written. */
  finish(): Uint8Array {
    // Tail padding of a struct behind the end may have been written to: it is not part of the record.
    return this.#memory.bytes.subarray(this.#start, this.#end);
  }
}

export function encodeRecord<Value>(
  encode: (to: RecordWriter, value: Value, at: Place) => void,
  value: Value,
  at: Place,
  member: string,
  max: number,
): Uint8Array {
  const writer = new RecordWriter();
  encode(writer, value, inside(at, member));
  if (writer.size > max) throw problem(at, member, `takes ${writer.size} bytes, more than ${max}`);
  return writer.finish();
}

/** Refuses a record that takes more than the schema allows the whole. */
export function atMost(to: RecordWriter, max: number, at: Place): void {
  const { method, argument } = at;
  if (to.size > max)
    throw new ArgumentError(method, argument, `takes ${to.size} bytes, more than ${max}`);
}

/** The elements, when there are neither too few nor too many. */
export function countable<Values extends ArrayLike<unknown>>(
  values: Values,
  at: Place,
  member: string,
  [min, max]: Limits,
): Values {
  const length = (values as ArrayLike<unknown> | undefined)?.length;
  if (typeof values !== 'object' || typeof length !== 'number')
    throw problem(at, member, 'must be an array');
  if (length < min || length > max)
    throw problem(at, member, `must have ${min} to ${max} elements, not ${length}`);
  return values;
}

/** What the field that counts them has to say. */
export function fieldOf(count: number, at: Place, member: string, times = 1, plus = 0): number {
  const field = (count - plus) / times;
  if (Number.isInteger(field) && field >= 0) return field;
  throw problem(at, member, `cannot have ${count} elements: they are counted in steps of ${times}`);
}

/** Two members that one field counts. */
export function agree(field: number, other: number, at: Place, member: string): void {
  if (field !== other)
    throw problem(at, member, 'must have as many elements as the member that shares its count');
}

/** Elements that are numbers: a view on the memory of the record, or a copy where it is not aligned. */
export function numbersOf<Numbers>(
  type: NumberArray<Numbers>,
  from: RecordReader,
  count: number,
  align: number,
  swapped = false,
): Numbers {
  const place = from.array(align, type.BYTES_PER_ELEMENT, count);
  const start = count === 0 ? 0 : place;
  return swapped
    ? swappedView(type, from.view, start, count)
    : arrayView(type, from.view, start, count);
}

/** An object without one of its members. */
export function without<Value extends object, Key extends keyof Value>(
  value: Value,
  name: Key,
): Omit<Value, Key> {
  const { [name]: _, ...others } = value;
  return others;
}
