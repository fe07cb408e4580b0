// Calls as the platform has them, past every check of the client: for inspectors, and for tests of what a
// driver refuses. Answers are unchecked too.
import type { Connection } from './connection.js';
import { findMethod } from './contract.js';
import { MappedBuffer } from './mapped-buffer.js';
import type { ClientMemory, MappingHandle } from './native.js';
import type { CallOptions } from './wait.js';

export type RawRequest = {
  readonly scalars?: readonly (number | bigint)[] | undefined;
  readonly struct?: Uint8Array | undefined;
  /** How many scalars and bytes the answer may have. */
  readonly scalarOutputs?: number | undefined;
  readonly structOutput?: number | undefined;
  /** Memory of this process whose addresses go into the scalars. */
  readonly memories?: readonly ClientMemory[] | undefined;
  /** Of a call with a completion: how many words that has at least, and whether it has none of our header. */
  readonly completion?: { readonly words?: number; readonly raw?: boolean } | undefined;
};

export type RawAnswer = { readonly scalars: readonly bigint[]; readonly struct: Uint8Array };

export class RawConnection {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async call(
    selector: number,
    request: RawRequest = {},
    options?: CallOptions,
  ): Promise<RawAnswer> {
    const what = this.#nameOf(selector);
    const answer = await this.#connection.call(selector, toWords(request), what, options);
    return { scalars: [...answer.scalars], struct: answer.struct };
  }

  /** Settles with the words of the completion behind its two header words. */
  async callAsync(
    selector: number,
    request: RawRequest = {},
    options?: CallOptions,
  ): Promise<readonly bigint[]> {
    const what = this.#nameOf(selector);
    const { words } = await this.#connection.complete(selector, toWords(request), what, options);
    return [...words];
  }

  /** Any memory type of the driver. */
  async map(type: number, options?: CallOptions): Promise<MappedBuffer> {
    const name = `memory type ${type}`;
    const mapping: MappingHandle = await this.#connection.map(type, `mapping ${name}`, options);
    return new MappedBuffer(this.#connection, name, mapping);
  }

  #nameOf(selector: number): string {
    const method = findMethod(this.#connection.contract, selector);
    return method?.name ?? `selector ${selector}`;
  }
}

function toWords(request: RawRequest) {
  const { scalars = [], ...rest } = request;
  return { ...rest, scalars: BigUint64Array.from(scalars, (value) => BigInt(value)) };
}
