// The functions of a generated addon as TypeScript sees them (runtime/addon/addon.cpp has them), and where to
// find the addon. Handles are opaque; a call on a wrong one throws.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Contract } from './contract.js';

declare const kind: unique symbol;
type Handle<Name extends string> = { readonly [kind]: Name };

export type ServiceHandle = Handle<'service'> & { readonly id: bigint };
export type WatchHandle = Handle<'watch'>;
export type ConnectionHandle = Handle<'connection'>;
export type MappingHandle = Handle<'mapping'> & {
  readonly size: number;
  readonly writable: boolean;
};
export type RingHandle = Handle<'ring'>;

/**
 * Memory that a driver gets by its address: the addon copies the bytes to pages of their own, puts the address (and
 * the length) into the scalars, and copies back what the driver wrote. The pages stay until the driver has answered.
 */
export type ClientMemory = {
  /** Indices of the scalars; -1: the length does not travel. */
  readonly address: number;
  readonly length: number;
  readonly bytes: Uint8Array;
  /** The driver writes: what it leaves is copied back. */
  readonly written: boolean;
};

export type CallOutputs = { readonly scalars: BigUint64Array; readonly struct: Uint8Array };

/** `count` records from byte `first` of `buffer`; no buffer without records. */
export type Drained = {
  readonly buffer?: ArrayBuffer;
  readonly first: number;
  readonly count: number;
  readonly lost: number;
  readonly ended: boolean;
  readonly corrupt: boolean;
  readonly reason: number;
};

/** `code` is an unsigned IOReturn. */
export type NativeError = Error & {
  readonly code: number;
  readonly operation: string;
  readonly rejection?: NativeRejection;
};

export type NativeRejection = {
  readonly selector: bigint;
  readonly argument: bigint;
  readonly rule: bigint;
  readonly limit: bigint;
  readonly actual: bigint;
};

export type CompletionListener = (status: number, words: ArrayBuffer) => void;

export type Native = {
  readonly interface: {
    readonly name: string;
    readonly service: string;
    readonly hashHigh: bigint;
    readonly hashLow: bigint;
    readonly major: number;
    readonly minor: number;
  };
  /** Of the interface's main driver unless `service` names another. */
  services(service?: string): Promise<ServiceHandle[]>;
  /** An integer is a bigint; undefined when the service has no such property. */
  property(service: ServiceHandle, key: string): Promise<unknown>;
  watch(
    listener: (published: boolean, service: ServiceHandle) => void,
    service?: string,
  ): Promise<WatchHandle>;
  unwatch(watch: WatchHandle): Promise<void>;
  open(service: ServiceHandle, type: number, terminated: () => void): Promise<ConnectionHandle>;
  close(connection: ConnectionHandle): Promise<void>;
  call(
    connection: ConnectionHandle,
    selector: number,
    scalars: BigUint64Array | null,
    struct: Uint8Array | null,
    scalarOutputs: number,
    structOutput: number,
    memories: readonly ClientMemory[],
  ): Promise<CallOutputs>;
  callAsync(
    connection: ConnectionHandle,
    selector: number,
    scalars: BigUint64Array | null,
    struct: Uint8Array | null,
    scalarOutputs: number,
    structOutput: number,
    standing: boolean,
    completion: CompletionListener,
    completionWords: number,
    memories: readonly ClientMemory[],
  ): { readonly id: number; readonly result: Promise<CallOutputs> };
  /** The completions of an id are dropped from now on. */
  forget(id: number): void;
  /** `cache`: kIOMap… bits of a cache mode, for the first mapping of a type. */
  map(connection: ConnectionHandle, type: number, cache?: number): Promise<MappingHandle>;
  unmap(mapping: MappingHandle): Promise<void>;
  read(mapping: MappingHandle, offset: number, target: Uint8Array): void;
  write(mapping: MappingHandle, offset: number, source: Uint8Array): void;
  /** One aligned word of 4 or 8 bytes, acquired and released. */
  load(mapping: MappingHandle, offset: number, size: number): bigint;
  store(mapping: MappingHandle, offset: number, size: number, value: bigint): void;
  ring(
    ring: MappingHandle,
    control: MappingHandle,
    capacity: number,
    recordSize: number,
    policy: number,
  ): RingHandle;
  drain(ring: RingHandle, maximum: number): Drained;
  answered(ring: RingHandle, arming: number): void;
};

const loaded = new Map<string, Native>();

/**
 * The addon of an interface: at `path`, or beside the generated client whose module URL is given.
 * @throws Error when it was not built, or was built from another schema.
 */
export function loadNative(contract: Contract, moduleUrl: string, path?: string): Native {
  const file = path ?? findAddon(contract.id, fileURLToPath(moduleUrl));
  const known = loaded.get(file);
  if (known !== undefined) return known;
  const native = createRequire(moduleUrl)(file) as Native;
  checkAddon(contract, native, file);
  loaded.set(file, native);
  return native;
}

function checkAddon(contract: Contract, native: Native, file: string): void {
  const { hashHigh, hashLow } = native.interface;
  if (hashHigh === contract.hashHigh && hashLow === contract.hashLow) return;
  throw new Error(
    `${file} was built from another ${contract.name} schema than the client that loads it; ` +
      'rebuild it with: npx node-gyp rebuild -C generated/' +
      `${contract.id}/addon`,
  );
}

// A compiler may have put the client below an output folder (build/js/generated/scope/client/scope.js), a bundler
// anywhere in the project. So folders are left out of the module's path, one run at a time, then the project's
// usual place is tried from each folder above the module.
function findAddon(id: string, module: string): string {
  const tail = join('addon', 'build', 'Release', `${id}.node`);
  const parts = dirname(dirname(module)).split(sep);
  for (let left = parts.length; left > 0; left--) {
    for (let right = left; right < parts.length + 1; right++) {
      const folder = [...parts.slice(0, left), ...parts.slice(right)].join(sep);
      const file = resolve(sep, folder, tail);
      if (existsSync(file)) return file;
    }
    const usual = resolve(sep, parts.slice(0, left).join(sep), 'generated', id, tail);
    if (existsSync(usual)) return usual;
  }
  throw new Error(
    `the addon of ${id} (${join('generated', id, tail)}) is not built; ` +
      `build it with: npx node-gyp rebuild -C generated/${id}/addon`,
  );
}
