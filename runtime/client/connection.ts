// One open connection: calls with their time limits, and its end. When it ends, by close() or because the
// device or the driver went away, everything that is still pending on it settles (contract §4.6).
import type {
  CallRequest,
  Completion,
  CompletionOptions,
  CompletionRequest,
  CompletionShape,
} from './call-request.js';
import {
  COMPLETION_HEADER_BYTES,
  type Contract,
  contractSelector,
  MIN_COMPLETION_WORDS,
  type ScalarName,
} from './contract.js';
import { CompletionFailure, type EndReason, endError, refusedMapping } from './end.js';
import { ClientError, errorOfCode, isNativeError, translateError } from './errors.js';
import { ABORTED, BAD_ARGUMENT, INVALID_DESTINATION, SERVER_DIED } from './io-return.js';
import type {
  CallOutputs,
  CompletionListener,
  ConnectionHandle,
  MappingHandle,
  Native,
  ServiceHandle,
} from './native.js';
import { readScalar } from './property.js';
import { type CallOptions, waitFor } from './wait.js';

/** Something that reads from a connection and has to hear of its end. */
export type Dependent = { readonly connectionEnded: (reason: EndReason) => void };

/** What `submit` needs to know of an operation. */
type Operation<Result> = {
  readonly what: string;
  readonly start: () => Promise<Result>;
  readonly options: CallOptions | undefined;
};

/** Too short a run is left short, which its decoder refuses. */
function structIn(words: BigUint64Array, struct: CompletionRequest['struct']): Uint8Array {
  if (struct === undefined) return nothing.struct;
  const [word, bytes] = struct;
  return new Uint8Array(words.slice(word).buffer).subarray(0, bytes);
}

const CORRUPT = 0xe00002bc; // kIOReturnError: words that no answer has
const nothing: CallOutputs = { scalars: new BigUint64Array(0), struct: new Uint8Array(0) };

export class Connection {
  readonly contract: Contract;
  readonly native: Native;
  readonly service: ServiceHandle;
  #handle: ConnectionHandle | undefined;
  #end: EndReason | undefined;
  #closing: Promise<void> | undefined;
  #ended: Promise<EndReason> | undefined;
  readonly #pending = new Set<() => void>();
  readonly #dependents = new Set<Dependent>();
  /** Readers of events, by event id: the driver keeps one per event and connection. */
  readonly readers = new Map<number, Dependent>();

  private constructor(contract: Contract, native: Native, service: ServiceHandle) {
    this.contract = contract;
    this.native = native;
    this.service = service;
  }

  /** Opens the service; no handshake. Given up, it is closed as soon as the driver answers. */
  static async open(
    contract: Contract,
    native: Native,
    service: ServiceHandle,
    options?: CallOptions,
  ): Promise<Connection> {
    const connection = new Connection(contract, native, service);
    const start = () => connection.#open();
    try {
      await connection.submit({ what: `opening ${contract.name}`, start, options });
      return connection;
    } catch (error) {
      void connection.close();
      throw error;
    }
  }

  async #open(): Promise<void> {
    const handle = await this.native.open(this.service, this.contract.type ?? 0, () =>
      this.#finish('gone'),
    );
    this.#handle = handle;
    if (this.#closing !== undefined) await this.native.close(handle);
  }

  /** Settles when the connection ends. */
  get ended(): Promise<EndReason> {
    this.#ended ??= new Promise((resolve) => this.add({ connectionEnded: resolve }));
    return this.#ended;
  }

  /** A property of the service, from the registry. */
  scalar(key: string, type: ScalarName): Promise<number | bigint | boolean> {
    return readScalar(this.contract, this.native, this.service, key, type);
  }

  /** Why nothing more happens here; undefined while it is open. */
  get end(): EndReason | undefined {
    return this.#end;
  }

  get handle(): ConnectionHandle {
    if (this.#handle === undefined || this.#end !== undefined) throw this.#endError('the call');
    return this.#handle;
  }

  /** A synchronous method of the driver. Calls of one connection run in order. */
  call(selector: number, request: CallRequest, what: string, options?: CallOptions) {
    return this.submit<CallOutputs>({
      what,
      options,
      start: () =>
        this.native.call(
          this.handle,
          selector,
          request.scalars ?? null,
          request.struct ?? null,
          request.scalarOutputs ?? 0,
          request.structOutput ?? 0,
          request.memories ?? [],
        ),
    });
  }

  /** An asynchronous method: settles with its one completion. */
  complete(
    selector: number,
    request: CallRequest,
    what: string,
    options?: CallOptions,
  ): Promise<Completion> {
    const { words: count = MIN_COMPLETION_WORDS, raw = false } = request.completion ?? {};
    const shape = { standing: false, words: count };
    const header = raw ? 0 : COMPLETION_HEADER_BYTES;
    let id = 0;
    const start = async () => {
      let result: Promise<CallOutputs> | undefined;
      const completed = new Promise<BigUint64Array>((resolve, reject) => {
        const call = this.callAsync(selector, request, shape, (status, buffer) => {
          id = 0;
          if (status !== 0) reject(new CompletionFailure(status));
          // A driver that sends less than it promised must not end this process.
          else if (buffer.byteLength < header) reject(new CompletionFailure(CORRUPT));
          else resolve(new BigUint64Array(buffer, header));
        });
        id = call.id;
        result = call.result;
      });
      // It may come before the call has returned, and fail then.
      completed.catch(() => {});
      const accepted = (await result) ?? nothing;
      request.accepted?.(accepted);
      const words = await completed;
      return { words, struct: structIn(words, request.completion?.struct), accepted };
    };
    return this.submit({ what, start, options }).finally(() => {
      if (id !== 0) this.native.forget(id);
    });
  }

  /** A method that takes a completion or does without: with `completion: false` the call itself answers. */
  async completeOrCall(
    selector: number,
    request: CallRequest,
    what: string,
    options?: CompletionOptions,
  ): Promise<Completion> {
    if (options?.completion === false) {
      const outputs = await this.call(selector, request, what, options);
      return { words: outputs.scalars, struct: outputs.struct, accepted: nothing };
    }
    const { scalarOutputs: _, structOutput: __, ...without } = request;
    return this.complete(selector, without, what, options);
  }

  /** A standing completion. `listener` may hear of events before the promise settles. */
  async subscribe(event: number, listener: CompletionListener): Promise<Subscription> {
    let id = 0;
    const request = { scalars: BigUint64Array.of(BigInt(event)), scalarOutputs: 1 };
    const start = () => {
      const shape = { standing: true, words: MIN_COMPLETION_WORDS };
      const call = this.callAsync(this.#contractSelector('subscribe'), request, shape, listener);
      id = call.id;
      return call.result;
    };
    try {
      const { scalars } = await this.submit({ what: 'subscribing', start, options: undefined });
      return { id: scalars[0] ?? 0n, listener: id };
    } catch (error) {
      this.native.forget(id);
      throw error;
    }
  }

  callContract(
    name: keyof typeof contractSelector,
    scalars: readonly bigint[],
    scalarOutputs: number,
    options?: CallOptions,
  ): Promise<CallOutputs> {
    const request = { scalars: BigUint64Array.from(scalars), scalarOutputs };
    return this.call(this.#contractSelector(name), request, name, options);
  }

  /** `cache`: bits that ask for a cache mode (contract §2.1). */
  map(type: number, what: string, options?: CallOptions, cache?: number): Promise<MappingHandle> {
    return this.submit({ what, start: () => this.native.map(this.handle, type, cache), options });
  }

  add(dependent: Dependent): void {
    if (this.#end !== undefined) dependent.connectionEnded(this.#end);
    else this.#dependents.add(dependent);
  }

  remove(dependent: Dependent): void {
    this.#dependents.delete(dependent);
  }

  /**
   * Settles everything that is pending, then closes. The promise waits for calls that are inside the driver,
   * which cannot be interrupted (contract §1.8).
   */
  close(): Promise<void> {
    this.#finish('closed');
    const handle = this.#handle;
    this.#closing ??= handle === undefined ? Promise.resolve() : this.native.close(handle);
    return this.#closing;
  }

  /** Runs an operation until it settles, the connection ends, its time is up or it is aborted. */
  async submit<Result>(operation: Operation<Result>): Promise<Result> {
    const { what, start, options } = operation;
    if (this.#end !== undefined) throw this.#endError(what);
    options?.signal?.throwIfAborted();
    try {
      return await waitFor(start(), {
        what,
        options,
        pending: this.#pending,
        endError: () => this.#endError(what),
      });
    } catch (error) {
      throw await this.#explain(what, error);
    }
  }

  /** A code as an error; asks the driver whether it is still there where the code does not tell. */
  async #explain(what: string, error: unknown): Promise<unknown> {
    if (!isNativeError(error) && !(error instanceof CompletionFailure)) return error;
    if (this.#end !== undefined) return this.#endError(what);
    const { code } = error;
    const ambiguous =
      error instanceof CompletionFailure || error.operation === 'IOConnectMapMemory64';
    if (code === INVALID_DESTINATION || code === SERVER_DIED) this.#finish('gone');
    else if (ambiguous && (code === ABORTED || code === BAD_ARGUMENT)) await this.probe();
    if (this.#end !== undefined) return this.#endError(what, code);
    if (error instanceof CompletionFailure) return errorOfCode(this.contract, what, code);
    return ambiguous && code === BAD_ARGUMENT
      ? refusedMapping(what, code)
      : translateError(this.contract, what, error);
  }

  /** Ends the connection as gone if the driver does not answer any more. True while it does. */
  async probe(): Promise<boolean> {
    if (this.#end !== undefined) return false;
    if (this.contract.base === null || this.#handle === undefined) return true;
    const selector = this.#contractSelector('lastRejection');
    try {
      await this.native.call(this.#handle, selector, null, null, 5, 0, []);
      return this.#end === undefined;
    } catch {
      this.#finish('gone');
      return false;
    }
  }

  /** A call with a completion. Its id is to be forgotten when nobody listens any more. */
  callAsync(
    selector: number,
    request: CallRequest,
    { standing, words }: CompletionShape,
    listener: CompletionListener,
  ) {
    return this.native.callAsync(
      this.handle,
      selector,
      request.scalars ?? null,
      request.struct ?? null,
      request.scalarOutputs ?? 0,
      request.structOutput ?? 0,
      standing,
      listener,
      words,
      request.memories ?? [],
    );
  }

  #contractSelector(name: keyof typeof contractSelector): number {
    const { base } = this.contract;
    if (base !== null) return base + contractSelector[name];
    throw new ClientError('unsupported', `${this.contract.name} has no contract selectors`);
  }

  #finish(reason: EndReason): void {
    if (this.#end !== undefined) return;
    this.#end = reason;
    for (const settle of [...this.#pending]) settle();
    for (const dependent of [...this.#dependents]) dependent.connectionEnded(reason);
    this.#dependents.clear();
  }

  #endError(what: string, code?: number): ClientError {
    return endError(this.contract, what, this.#end ?? 'closed', code);
  }
}

export type Subscription = { readonly id: bigint; readonly listener: number };
