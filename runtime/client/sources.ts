// Where a stream's batches come from: a ring in shared memory, or completions one by one. A source knows the
// protocol (runtime/wire/dextgen_wire.h); when to read and when to stop is the stream's.
import type { Connection, Subscription } from './connection.js';
import {
  COMPLETION_HEADER_BYTES,
  completionFlag,
  completionFlags,
  type EventInfo,
  MAX_COMPLETION_PAYLOAD,
} from './contract.js';
import { ClientError } from './errors.js';
import type { MappingHandle, RingHandle } from './native.js';

/** Records that arrived, those that were lost, and how it ended: a code, 0 for a regular end. */
export type Taken = {
  readonly bytes: DataView;
  /** Items of a source that has no bytes. */
  readonly items?: readonly unknown[];
  readonly lost: number;
  readonly ended: number | undefined;
  /** What it ended with, where a code does not say it. */
  readonly error?: unknown;
};

export type Source = {
  /** What is there now, at most `maximum` records; without any, `wake` will be called when there is. */
  readonly take: (maximum: number) => Taken;
  /** Tells the driver to stop. The connection may have ended. */
  readonly close: () => Promise<void>;
};

const CORRUPT = 0xe00002bc; // kIOReturnError: the driver's indices are impossible
const nothing = new DataView(new ArrayBuffer(0));

/** Maps the ring and subscribes to its doorbell. */
export async function openRing(
  connection: Connection,
  event: EventInfo,
  wake: () => void,
): Promise<Source> {
  const id = BigInt(event.id);
  const opened = await connection.callContract('ringOpen', [id], 4);
  const [capacity, recordSize, ringType, controlType] = [...opened.scalars].map(Number);
  const mappings: MappingHandle[] = [];
  const close = async (subscription?: Subscription) => {
    if (connection.end === undefined)
      await ignoreEnd(connection.callContract('ringClose', [id], 0));
    if (subscription !== undefined) connection.native.forget(subscription.listener);
    await Promise.all(mappings.map((mapping) => ignoreEnd(connection.native.unmap(mapping))));
  };
  try {
    if (recordSize !== event.size) throw wrongSize(event, recordSize);
    for (const type of [ringType, controlType])
      mappings.push(await connection.map(type ?? 0, `mapping the ring of ${event.name}`));
    const [memory, control] = mappings as [MappingHandle, MappingHandle];
    const policy = event.ring?.dropsOldest === false ? 1 : 0;
    const ring = connection.native.ring(memory, control, capacity ?? 0, recordSize, policy);
    const subscription = await connection.subscribe(event.id, (_status, words) =>
      hearDoorbell(connection, ring, words, wake),
    );
    return {
      take: (maximum) => drain(connection, ring, event, maximum),
      close: () => close(subscription),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function hearDoorbell(
  connection: Connection,
  ring: RingHandle,
  buffer: ArrayBuffer,
  wake: () => void,
): void {
  const words = new DataView(buffer);
  const flags = completionFlags(words);
  const answers = flags & completionFlag.doorbell && !(flags & completionFlag.ended);
  if (answers && words.byteLength >= 24)
    connection.native.answered(ring, words.getUint32(16, true));
  // An end is to be seen in the ring, behind its last records.
  wake();
}

function drain(connection: Connection, ring: RingHandle, event: EventInfo, maximum: number): Taken {
  const drained = connection.native.drain(ring, maximum);
  const bytes =
    drained.buffer === undefined
      ? nothing
      : new DataView(drained.buffer, drained.first, drained.count * event.size);
  const reason = drained.corrupt ? CORRUPT : drained.reason;
  return { bytes, lost: drained.lost, ended: drained.ended ? reason : undefined };
}

/** True when an event can travel in completions: its payload fits. */
export function fitsCompletions(event: EventInfo): boolean {
  return event.size <= MAX_COMPLETION_PAYLOAD;
}

/**
 * Subscribes to the payloads themselves. At most `inFlight` wait here: the driver sends no more before they
 * are acknowledged, which happens when the reader comes back for the next batch.
 */
export async function openCompletions(
  connection: Connection,
  event: EventInfo,
  wake: () => void,
): Promise<Source> {
  const state = { payloads: [] as Uint8Array[], lost: 0, ended: undefined as number | undefined };
  const hear = (status: number, buffer: ArrayBuffer) => {
    const words = new DataView(buffer);
    if (words.byteLength >= COMPLETION_HEADER_BYTES) state.lost += words.getUint32(8, true);
    if (completionFlags(words) & completionFlag.ended) state.ended = status;
    else if (buffer.byteLength < COMPLETION_HEADER_BYTES + event.size) state.ended = CORRUPT;
    // A driver that ignores its window must not fill this process's memory.
    else if (state.payloads.length >= event.inFlight * 2) state.lost++;
    else state.payloads.push(new Uint8Array(buffer, COMPLETION_HEADER_BYTES, event.size));
    wake();
  };
  const subscription = await connection.subscribe(event.id, hear);
  const acknowledge = acknowledger(connection, event, subscription);
  return {
    take: (maximum) => {
      acknowledge(0);
      const payloads = state.payloads.splice(0, maximum);
      const lost = state.lost;
      state.lost = 0;
      acknowledge(payloads.length);
      const left = state.payloads.length > 0 || payloads.length > 0;
      return { bytes: join(payloads, event.size), lost, ended: left ? undefined : state.ended };
    },
    close: async () => {
      connection.native.forget(subscription.listener);
      if (connection.end === undefined && state.ended === undefined)
        await ignoreEnd(connection.callContract('unsubscribe', [subscription.id], 0));
    },
  };
}

/**
 * Counts what the reader took; what it took before is handled once it comes back. One call per quarter of the
 * window is enough to keep the driver sending.
 */
function acknowledger(connection: Connection, event: EventInfo, subscription: Subscription) {
  const enough = Math.max(1, Math.floor(event.inFlight / 4));
  let handled = 0;
  let taken = 0;
  return (count: number) => {
    if (count > 0) {
      taken += count;
      return;
    }
    handled += taken;
    taken = 0;
    if (handled < enough || connection.end !== undefined) return;
    const words = [subscription.id, BigInt(handled)];
    handled = 0;
    void ignoreEnd(connection.callContract('acknowledge', words, 0));
  };
}

function join(payloads: readonly Uint8Array[], size: number): DataView {
  if (payloads.length === 0) return nothing;
  const bytes = new Uint8Array(payloads.length * size);
  for (const [index, payload] of payloads.entries()) bytes.set(payload, index * size);
  return new DataView(bytes.buffer);
}

function wrongSize(event: EventInfo, actual: number | undefined): ClientError {
  return new ClientError(
    'unsupported',
    `${event.name}: the driver's records have ${actual} bytes, not ${event.size}`,
  );
}

/** The end of a connection, or of what is to be ended, is no failure of ending it. */
async function ignoreEnd(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch {
    // Nobody is there to be told.
  }
}
