// A driver in JavaScript behind the functions of an addon: enough of one to test what the client makes of its
// answers. Scripts say what a call answers; rings and completions are filled by the test.
import type {
  CallOutputs,
  CompletionListener,
  ConnectionHandle,
  Drained,
  MappingHandle,
  Native,
  NativeError,
  NativeRejection,
  RingHandle,
  ServiceHandle,
  WatchHandle,
} from '../../runtime/client/native.js';
import { contract } from './contract.js';

export type Call = { readonly selector: number; readonly scalars: readonly bigint[] };
type Answer = readonly bigint[] | NativeError | 'never';

export type FakeNative = Native & {
  readonly calls: Call[];
  /** What a selector answers; without an entry it answers zeros. */
  readonly answers: Map<number, (scalars: readonly bigint[]) => Answer>;
  readonly completions: Map<number, CompletionListener>;
  /** Records that wait in the ring; what `drain` has not yet reported as lost. */
  readonly ringState: { records: Uint8Array[]; lost: number; ended: number | undefined };
  readonly properties: Map<string, unknown>;
  readonly terminate: () => void;
  readonly publish: () => void;
  readonly mappings: { open: number };
};

export function failure(code: number, rejection?: NativeRejection): NativeError {
  const error = new Error('native') as Error & Record<string, unknown>;
  error.code = code;
  error.operation = 'IOConnectCallMethod';
  if (rejection !== undefined) error.rejection = rejection;
  return error as unknown as NativeError;
}

const asHandle = <Handle>(value: object): Handle => value as Handle;

/** `services`: how many are there before `publish` is called. */
export function createFakeNative(services = 1): FakeNative {
  const calls: Call[] = [];
  const answers: FakeNative['answers'] = new Map();
  const completions: FakeNative['completions'] = new Map();
  const ringState: FakeNative['ringState'] = { records: [], lost: 0, ended: undefined };
  const mappings = { open: 0 };
  const properties = new Map<string, unknown>();
  const there = Array.from({ length: services }, (_, index) =>
    asHandle<ServiceHandle>({ id: BigInt(100 + index) }),
  );
  let terminated = () => {};
  let published: ((isPublished: boolean, service: ServiceHandle) => void) | undefined;
  let ids = 0;
  const answer = (
    selector: number,
    scalars: BigUint64Array | null,
    outputs: number,
  ): Promise<CallOutputs> => {
    const words = [...(scalars ?? [])];
    calls.push({ selector, scalars: words });
    const result = answers.get(selector)?.(words) ?? new Array<bigint>(outputs).fill(0n);
    if (result === 'never') return new Promise(() => {});
    if (result instanceof Error) return Promise.reject(result);
    return Promise.resolve({
      scalars: BigUint64Array.from(result as readonly bigint[]),
      struct: new Uint8Array(0),
    });
  };
  answers.set(contract.base, () => [contract.hashHigh, contract.hashLow, 0x10000n, 0n, 0n]);
  return {
    calls,
    answers,
    completions,
    ringState,
    mappings,
    properties,
    terminate: () => terminated(),
    publish: () => published?.(true, asHandle<ServiceHandle>({ id: 500n })),
    interface: {
      name: contract.name,
      service: contract.service,
      hashHigh: contract.hashHigh,
      hashLow: contract.hashLow,
      major: 1,
      minor: 0,
    },
    services: async () => there,
    property: async (_service, key) => properties.get(key),
    watch: async (listener) => {
      published = listener;
      for (const service of there) listener(true, service);
      return asHandle<WatchHandle>({});
    },
    unwatch: async () => {
      published = undefined;
    },
    open: async (_service, _type, listener) => {
      terminated = listener;
      return asHandle<ConnectionHandle>({});
    },
    close: async () => {},
    call: (_connection, selector, scalars, _struct, outputs) => answer(selector, scalars, outputs),
    callAsync: (_connection, selector, scalars, _struct, outputs, _bytes, _standing, listener) => {
      const id = ++ids;
      completions.set(id, listener);
      return { id, result: answer(selector, scalars, outputs) };
    },
    forget: (id) => void completions.delete(id),
    map: async () => {
      mappings.open++;
      return asHandle<MappingHandle>({ size: 4096, writable: false });
    },
    unmap: async () => void mappings.open--,
    read: (_mapping, offset, target) => void target.fill(offset & 0xff),
    write: () => {},
    load: (_mapping, offset) => BigInt(offset),
    store: () => {},
    ring: () => asHandle<RingHandle>({}),
    drain: (_ring, maximum) => drain(ringState, maximum),
    answered: () => {},
  };
}

function drain(state: FakeNative['ringState'], maximum: number): Drained {
  const records = state.records.splice(0, maximum);
  const lost = state.lost;
  state.lost = 0;
  const size = records[0]?.length ?? 0;
  const buffer = new ArrayBuffer(records.length * size);
  for (const [index, record] of records.entries()) new Uint8Array(buffer).set(record, index * size);
  const ended = records.length === 0 && state.ended !== undefined;
  const common = { first: 0, count: records.length, lost, corrupt: false };
  const end = { ended, reason: state.ended ?? 0 };
  return records.length === 0 ? { ...common, ...end } : { ...common, ...end, buffer };
}
