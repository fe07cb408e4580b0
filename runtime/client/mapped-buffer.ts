// Memory of the driver, mapped into this process. Reads and writes copy, so no view of it can outlive the
// mapping (contract §2.3); a copy of memory that the driver writes meanwhile may mix old and new.
import type { Connection } from './connection.js';
import { ArgumentError, ClientError } from './errors.js';
import type { MappingHandle } from './native.js';
import type { CallOptions } from './wait.js';

export type MemoryInfo = {
  readonly name: string;
  readonly type: number;
  /** Bytes that there are at least. */
  readonly size: number;
  /** Bits that ask for a cache mode (contract §2.1). */
  readonly cache?: number;
  /** Ranges that only the driver writes: from, up to. */
  readonly locked?: Ranges;
};

type Ranges = readonly (readonly [from: number, to: number])[];

/** What a MappedBuffer is made of. @throws ClientError for memory that is smaller than the schema says. */
export async function mapMemory(
  connection: Connection,
  { name, type, size, cache, locked = [] }: MemoryInfo,
  options?: CallOptions,
): Promise<[Connection, string, MappingHandle, Ranges]> {
  const mapping = await connection.map(type, `mapping ${name}`, options, cache);
  if (mapping.size >= size) return [connection, name, mapping, locked];
  await connection.native.unmap(mapping).catch(() => {});
  throw new ClientError(
    'unsupported',
    `${name}: the driver maps ${mapping.size} bytes where the schema says ${size}`,
  );
}

export class MappedBuffer {
  /** Bytes that are mapped. */
  readonly size: number;
  /** False when the driver maps it read-only: `write` then throws. */
  readonly writable: boolean;
  readonly #connection: Connection;
  readonly #name: string;
  readonly #locked: Ranges;
  #mapping: MappingHandle | undefined;

  constructor(connection: Connection, name: string, mapping: MappingHandle, locked: Ranges = []) {
    this.#connection = connection;
    this.#name = name;
    this.#mapping = mapping;
    this.#locked = locked;
    this.size = mapping.size;
    this.writable = mapping.writable;
  }

  /** A copy of `length` bytes. */
  read(offset = 0, length: number = this.size - offset): Uint8Array {
    this.#check('read', offset, length);
    const target = new Uint8Array(length);
    this.#connection.native.read(this.#live(), offset, target);
    return target;
  }

  /** Copies into memory that is used again and again; returns it. */
  readInto(target: Uint8Array, offset = 0): Uint8Array {
    this.#check('readInto', offset, target.length);
    this.#connection.native.read(this.#live(), offset, target);
    return target;
  }

  write(source: Uint8Array, offset = 0): void {
    this.#check('write', offset, source.length);
    this.#checkWritable(offset, source.length);
    this.#connection.native.write(this.#live(), offset, source);
  }

  /** One word, read whole: what was written before it is seen after it (contract §2.6). */
  load(type: WordName, offset: number): number | bigint {
    const size = wordSize(type);
    this.#check('load', offset, size);
    const word = this.#connection.native.load(this.#live(), offset, size);
    const value = type.startsWith('i') ? BigInt.asIntN(size * 8, word) : word;
    return size === 8 ? value : Number(value);
  }

  /** One word, written whole: what was written before it is seen with it. */
  store(type: WordName, offset: number, value: number | bigint): void {
    const size = wordSize(type);
    this.#check('store', offset, size);
    this.#checkWritable(offset, size);
    const word = BigInt.asUintN(size * 8, BigInt(value));
    this.#connection.native.store(this.#live(), offset, size, word);
  }

  /** Unmaps. Copies that were made stay valid. */
  async close(): Promise<void> {
    const mapping = this.#mapping;
    this.#mapping = undefined;
    if (mapping === undefined) return;
    // What cannot be unmapped now goes with the connection.
    await this.#connection.native.unmap(mapping).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #live(): MappingHandle {
    if (this.#mapping === undefined || this.#connection.end === 'closed')
      throw new ClientError('aborted', `${this.#name}: this memory was closed`);
    return this.#mapping;
  }

  #checkWritable(offset: number, length: number): void {
    if (!this.writable)
      throw new ClientError('unsupported', `${this.#name}: the driver maps this memory read-only`);
    const end = offset + length;
    const locked = this.#locked.find(([from, to]) => offset < to && from < end);
    if (locked === undefined) return;
    throw new ClientError(
      'unsupported',
      `${this.#name}: bytes from ${locked[0]} on are the driver's, and ${offset} to ${end} reach into them`,
    );
  }

  #check(method: string, offset: number, length: number): void {
    const whole = (value: number) => Number.isSafeInteger(value) && value >= 0;
    if (!whole(offset)) throw new ArgumentError(method, 'offset', `must be a whole number`);
    if (!whole(length)) throw new ArgumentError(method, 'length', `must be a whole number`);
    if (offset + length > this.size)
      throw new ArgumentError(
        method,
        'offset',
        `${offset} and length ${length} reach beyond the ${this.size} bytes of ${this.#name}`,
      );
  }
}

export type WordName = 'u32' | 'u64' | 'i32' | 'i64';

const wordSize = (type: WordName): 4 | 8 => (type.endsWith('64') ? 8 : 4);

/** First element and how many, within an array of `length`; all from `first` on when no count is given. */
export function checkElements(
  method: string,
  first: number,
  count: number | undefined,
  length: number,
): readonly [first: number, count: number] {
  const many = count ?? length - first;
  const whole = (value: number) => Number.isSafeInteger(value) && value >= 0;
  if (whole(first) && whole(many) && first + many <= length) return [first, many];
  const what = count === 1 ? `element ${first}` : `${many} elements from ${first} on`;
  throw new ArgumentError(method, 'first', `there are ${length} elements, not ${what}`);
}

/** The bytes of an array of numbers, as memory has them. */
export function bytesOfArray(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
