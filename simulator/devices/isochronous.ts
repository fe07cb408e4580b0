// Isochronous endpoints: a packet per frame of a millisecond, in time or not at all (contract §10.2).

import type { BodyReader } from './wire.js';
import { BodyWriter } from './wire.js';

export type IsochronousRequest = {
  /** Number of the first frame. */
  readonly first: bigint;
  /** Bytes of each frame: the most the host takes, or what it sends. */
  readonly lengths: readonly number[];
  /** Data of each frame that the host sends. */
  readonly data: readonly Uint8Array[];
};

/** What the device sent in a frame, or that it could not. */
export type IsochronousFrame = Uint8Array | { readonly status: number };

/** Answers the frames of a transfer, in order; frames that are missing are empty. OUT endpoints answer nothing. */
export type IsochronousEndpoint = (
  request: IsochronousRequest,
) => readonly IsochronousFrame[] | undefined | Promise<readonly IsochronousFrame[] | undefined>;

export type IsochronousTransfer = IsochronousRequest & {
  readonly endpoint: number;
  readonly transfer: bigint;
};

/** The body of IsochTransfer behind the device. */
export function readIsochronous(body: BodyReader): IsochronousTransfer {
  const endpoint = body.u8();
  const transfer = body.u64();
  const first = body.u64();
  const lengths = Array.from({ length: body.u32() }, () => body.u32());
  const all = body.bytes();
  let at = 0;
  const data = lengths.map((length) => {
    at += length;
    return all.subarray(at - length, at);
  });
  return { endpoint, transfer, first, lengths, data };
}

/** The answer: an OUT frame is taken as a whole, an IN frame is as long as the device says. */
export function isochronousDone(
  asked: IsochronousTransfer,
  frames: readonly IsochronousFrame[],
): BodyWriter {
  const isIn = (asked.endpoint & 0x80) !== 0;
  const body = new BodyWriter().u64(asked.transfer).u32(asked.lengths.length);
  const sent: Uint8Array[] = [];
  asked.lengths.forEach((length, i) => {
    const frame = frames[i] ?? new Uint8Array(0);
    const status = frame instanceof Uint8Array ? 0 : frame.status;
    const bytes = frame instanceof Uint8Array ? frame : new Uint8Array(0);
    const taken = status === 0 ? length : 0;
    body.i32(status).u32(isIn ? bytes.length : taken);
    if (isIn) sent.push(bytes.subarray(0, length));
  });
  return body.bytes(Buffer.concat(sent));
}
