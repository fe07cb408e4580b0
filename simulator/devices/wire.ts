// The simulator's messages as TypeScript reads and writes them: framing, bodies, values. The law is
// simulator/ipc/messages.h; the numbers here are the part of it that device and control sessions speak.

export const PROTOCOL_VERSION = 1;
export const HEADER_SIZE = 16;

export const MESSAGE = {
  reply: 1,
  hello: 2,
  plug: 192,
  unplug: 193,
  transferInDone: 194,
  transferOutDone: 195,
  controlDone: 196,
  isochDone: 197,
  deviceFamily: 200,
  transferIn: 208,
  transferOut: 209,
  control: 210,
  transferAborted: 211,
  endpointReset: 212,
  alternateSelected: 213,
  isochTransfer: 214,
  deviceReset: 215,
  deviceUnplugged: 216,
  deviceClock: 217,
  configurationSelected: 218,
  familyDevice: 220,
  loadDext: 224,
  listProcesses: 225,
  readRegistry: 226,
  killDext: 227,
  followLog: 228,
  logLine: 229,
  shutdown: 230,
  readCounts: 231,
  systemPower: 232,
  armFault: 240,
  disarmFault: 241,
  faultStruck: 242,
  holdClock: 243,
  stepClock: 244,
  readClock: 245,
  record: 246,
  denyEntitlement: 247,
  replaceDext: 248,
  listSessions: 249,
  unplugDevice: 250,
} as const;

export const ROLE = { client: 1, device: 2, control: 3 } as const;

/** A property-list value; numbers above 2^53 arrive as bigint. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Value[]
  | { readonly [key: string]: Value };

const TAG = { none: 0, boolean: 1, number: 2, string: 3, data: 4, array: 5, dictionary: 6, set: 7 };

/** Builds a body, little-endian. */
export class BodyWriter {
  private chunks: Buffer[] = [];

  private number(size: number, write: (buffer: Buffer) => void): this {
    const buffer = Buffer.alloc(size);
    write(buffer);
    this.chunks.push(buffer);
    return this;
  }

  u8(value: number): this {
    return this.number(1, (b) => b.writeUInt8(value));
  }

  u16(value: number): this {
    return this.number(2, (b) => b.writeUInt16LE(value));
  }

  u32(value: number): this {
    return this.number(4, (b) => b.writeUInt32LE(value));
  }

  i32(value: number): this {
    return this.number(4, (b) => b.writeInt32LE(value | 0));
  }

  u64(value: bigint): this {
    return this.number(8, (b) => b.writeBigUInt64LE(value));
  }

  /** Length and bytes; the bytes are not copied and must not change until they are sent. */
  bytes(value: Uint8Array): this {
    this.u32(value.length);
    this.chunks.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    return this;
  }

  string(value: string): this {
    return this.bytes(Buffer.from(value, 'utf8'));
  }

  none(): this {
    return this.u8(TAG.none);
  }

  /** Numbers must be whole; they travel with 64 bits. */
  value(value: Value): this {
    if (value === null) return this.none();
    if (typeof value === 'boolean') return this.u8(TAG.boolean).u8(value ? 1 : 0);
    if (typeof value === 'number' || typeof value === 'bigint') {
      return this.u8(TAG.number)
        .u64(BigInt.asUintN(64, BigInt(value)))
        .u8(64);
    }
    if (typeof value === 'string') return this.u8(TAG.string).string(value);
    if (value instanceof Uint8Array) return this.u8(TAG.data).bytes(value);
    if (Array.isArray(value)) {
      this.u8(TAG.array).u32(value.length);
      for (const each of value) this.value(each);
      return this;
    }
    const members = Object.entries(value);
    this.u8(TAG.dictionary).u32(members.length);
    for (const [key, each] of members) this.string(key).value(each);
    return this;
  }

  parts(): readonly Buffer[] {
    return this.chunks;
  }
}

/** Takes a body apart; reading past its end throws a RangeError. */
export class BodyReader {
  private offset = 0;
  constructor(private readonly body: Buffer) {}

  private advance(size: number): number {
    const at = this.offset;
    this.offset += size;
    return at;
  }

  u8(): number {
    return this.body.readUInt8(this.advance(1));
  }

  u16(): number {
    return this.body.readUInt16LE(this.advance(2));
  }

  u32(): number {
    return this.body.readUInt32LE(this.advance(4));
  }

  i32(): number {
    return this.body.readInt32LE(this.advance(4));
  }

  u64(): bigint {
    return this.body.readBigUInt64LE(this.advance(8));
  }

  fixed(size: number): Buffer {
    const at = this.advance(size);
    if (this.offset > this.body.length) throw new RangeError('message is too short');
    return this.body.subarray(at, at + size);
  }

  bytes(): Buffer {
    return this.fixed(this.u32());
  }

  string(): string {
    return this.bytes().toString('utf8');
  }

  value(): Value {
    const tag = this.u8();
    if (tag === TAG.none) return null;
    if (tag === TAG.boolean) return this.u8() !== 0;
    if (tag === TAG.number) return this.numberValue();
    if (tag === TAG.string) return this.string();
    if (tag === TAG.data) return new Uint8Array(this.bytes());
    const count = this.u32();
    if (tag === TAG.array || tag === TAG.set) {
      return Array.from({ length: count }, () => this.value());
    }
    if (tag !== TAG.dictionary) throw new RangeError(`unknown value tag ${tag}`);
    return Object.fromEntries(Array.from({ length: count }, () => [this.string(), this.value()]));
  }

  private numberValue(): number | bigint {
    const value = this.u64();
    this.u8(); // the width of the OSNumber
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  }
}

export type Message = { readonly type: number; readonly id: bigint; readonly body: Buffer };

/** A whole message as the buffers to write. */
export function frame(type: number, id: bigint, body: BodyWriter): Buffer[] {
  const parts = body.parts();
  const header = Buffer.alloc(HEADER_SIZE);
  header.writeUInt32LE(HEADER_SIZE + parts.reduce((sum, part) => sum + part.length, 0), 0);
  header.writeUInt16LE(type, 4);
  header.writeBigUInt64LE(id, 8);
  return [header, ...parts];
}

/** Cuts a byte stream into messages. */
export class Deframer {
  private pending: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): Message[] {
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    const messages: Message[] = [];
    while (this.pending.length >= HEADER_SIZE) {
      const size = this.pending.readUInt32LE(0);
      if (size < HEADER_SIZE) throw new RangeError(`message of ${size} bytes`);
      if (this.pending.length < size) break;
      messages.push({
        type: this.pending.readUInt16LE(4),
        id: this.pending.readBigUInt64LE(8),
        body: this.pending.subarray(HEADER_SIZE, size),
      });
      this.pending = this.pending.subarray(size);
    }
    return messages;
  }
}
