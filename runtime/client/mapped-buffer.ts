// Memory of the driver, mapped into this process. Reads and writes copy, so no view of it can outlive the
// mapping (contract §2.3); a copy of memory that the driver writes meanwhile may mix old and new.
import type { Connection } from './connection.js';
import { ArgumentError, ClientError } from './errors.js';
import type { MappingHandle } from './native.js';
import type { CallOptions } from './wait.js';

export type MemoryInfo = { readonly name: string; readonly type: number; readonly size: number };

/** What a MappedBuffer is made of. @throws ClientError for memory that is smaller than the schema says. */
export async function mapMemory(
  connection: Connection,
  { name, type, size }: MemoryInfo,
  options?: CallOptions,
): Promise<[Connection, string, MappingHandle]> {
  const mapping = await connection.map(type, `mapping ${name}`, options);
  if (mapping.size >= size) return [connection, name, mapping];
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
  #mapping: MappingHandle | undefined;

  constructor(connection: Connection, name: string, mapping: MappingHandle) {
    this.#connection = connection;
    this.#name = name;
    this.#mapping = mapping;
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
    if (!this.writable)
      throw new ClientError('unsupported', `${this.#name}: the driver maps this memory read-only`);
    this.#connection.native.write(this.#live(), offset, source);
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
