// A plugged PCI function: its configuration space, its memory as files that the driver maps, registers that
// TypeScript answers, and DMA into what the driver has prepared.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { type FamilySession, OPERATION } from './family-session.js';
import type { BodyReader, BodyWriter } from './wire.js';

/** One access of the driver to a register, `width` bytes at `offset`. */
export type RegisterAccess = { readonly offset: number; readonly width: number };

/** Answers every access to a BAR; without it the BAR is plain memory. */
export type Registers = {
  read(access: RegisterAccess): bigint | number | Promise<bigint | number>;
  write(access: RegisterAccess & { readonly value: bigint }): undefined | Promise<undefined>;
};

export type PciBar = {
  /** Bytes, a power of two from 16. */
  readonly size: number;
  /** Width of the address; 64 takes the next register, too. */
  readonly bits?: 32 | 64;
  readonly prefetchable?: boolean;
  readonly registers?: Registers;
};

export type PciCapability = {
  readonly id: number;
  /** What stands behind the id and the link. */
  readonly bytes: Uint8Array;
};

export type PciDevice = {
  readonly vendor: number;
  readonly device: number;
  /** Class, subclass and interface as one number of 24 bits. */
  readonly class?: number;
  readonly revision?: number;
  readonly subsystem?: { readonly vendor: number; readonly device: number };
  /** In the order of the list that the driver walks. */
  readonly capabilities?: readonly PciCapability[];
  readonly bars?: Readonly<Record<number, PciBar>>;
  /** The driver wrote the configuration space. */
  configWritten?(write: RegisterAccess & { readonly value: bigint }): void;
};

/** The device's view of one of its BARs: the same bytes that the driver and, if it hands them on, the app map. */
export type BarMemory = {
  readonly size: number;
  read(offset: number, length: number): Buffer;
  write(offset: number, bytes: Uint8Array): void;
};

export type PluggedPciDevice = {
  /** Registry entry id. */
  readonly id: bigint;
  bar(number: number): BarMemory;
  /** What the driver has prepared with IODMACommand, by the address it got; fails while Bus Master is off. */
  readMemory(address: bigint, length: number): Promise<Buffer>;
  writeMemory(address: bigint, bytes: Uint8Array): Promise<void>;
  /** Sends one of the messages of the MSI or MSI-X capability; fails while Bus Master is off. */
  interrupt(message?: number): Promise<void>;
  unplug(): Promise<void>;
};

const CONFIG_SIZE = 256;
const HEADER_SIZE = 0x40;
const TYPE_64 = 4;
const TYPE_PREFETCH = 8;
const STATUS_CAPABILITIES = 0x10;
const NO_DEVICE = 0xe00002c0;

function putCapabilities(config: Buffer, capabilities: readonly PciCapability[]): void {
  let link = 0x34;
  let at = HEADER_SIZE;
  for (const { id, bytes } of capabilities) {
    if (at + 2 + bytes.length > CONFIG_SIZE) {
      throw new RangeError('the capabilities do not fit into the configuration space');
    }
    config[link] = at;
    config[at] = id;
    config.set(bytes, at + 2);
    link = at + 1;
    at = (at + 2 + bytes.length + 3) & ~3;
  }
  if (capabilities.length > 0) config.writeUInt16LE(STATUS_CAPABILITIES, 0x06);
}

/** The configuration space as it is before a driver has touched it; the kernel process assigns the addresses. */
export function pciConfiguration(device: PciDevice): Buffer {
  const config = Buffer.alloc(CONFIG_SIZE);
  config.writeUInt16LE(device.vendor, 0x00);
  config.writeUInt16LE(device.device, 0x02);
  config.writeUInt32LE((((device.class ?? 0) << 8) | (device.revision ?? 0)) >>> 0, 0x08);
  config.writeUInt16LE(device.subsystem?.vendor ?? 0, 0x2c);
  config.writeUInt16LE(device.subsystem?.device ?? 0, 0x2e);
  for (const [number, bar] of Object.entries(device.bars ?? {})) {
    config.writeUInt32LE(typeOf(bar), 0x10 + 4 * Number(number));
  }
  putCapabilities(config, device.capabilities ?? []);
  return config;
}

const typeOf = (bar: PciBar): number =>
  (bar.bits === 64 ? TYPE_64 : 0) | (bar.prefetchable === true ? TYPE_PREFETCH : 0);

function fileMemory(path: string, size: number): BarMemory & { close(): void } {
  const file = openSync(path, 'r+');
  const check = (offset: number, length: number): void => {
    if (offset < 0 || length < 0 || offset + length > size) {
      throw new RangeError(`${length} bytes at ${offset} are outside a BAR of ${size}`);
    }
  };
  return {
    size,
    read: (offset, length) => {
      check(offset, length);
      const bytes = Buffer.alloc(length);
      readSync(file, bytes, 0, length, offset);
      return bytes;
    },
    write: (offset, bytes) => {
      check(offset, bytes.length);
      writeSync(file, bytes, 0, bytes.length, offset);
    },
    close: () => closeSync(file),
  };
}

const barsOf = (device: PciDevice): readonly (readonly [number, PciBar])[] =>
  Object.entries(device.bars ?? {}).map(([number, bar]) => [Number(number), bar] as const);

function plugBody(device: PciDevice): (body: BodyWriter) => BodyWriter {
  return (body) => {
    const bars = barsOf(device);
    body.bytes(pciConfiguration(device)).u32(bars.length);
    for (const [number, bar] of bars) {
      body.u8(number).u8(typeOf(bar)).u64(BigInt(bar.size));
      body.u8(bar.registers === undefined ? 0 : 1);
    }
    return body;
  };
}

const fieldsOf = (body: BodyReader): RegisterAccess => ({
  offset: Number(body.u64()),
  width: body.u8(),
});

/** Lets the BAR's handler answer an access; a handler that throws is a device that does not answer. */
async function answerAccess(
  device: PciDevice,
  writes: boolean,
  body: BodyReader,
): Promise<(reply: BodyWriter) => BodyWriter> {
  const access = body.u64();
  const registers = device.bars?.[body.u8()]?.registers;
  const fields = fieldsOf(body);
  try {
    if (registers === undefined) throw new Error('the BAR has no registers');
    let value = 0n;
    if (writes) await registers.write({ ...fields, value: body.u64() });
    else value = BigInt.asUintN(64, BigInt(await registers.read(fields)));
    return (reply) => reply.u64(access).i32(0).u64(value);
  } catch {
    return (reply) => reply.u64(access).i32(NO_DEVICE).u64(0n);
  }
}

/** Accesses are answered one after the other, as they came. */
function serve(session: FamilySession, device: PciDevice, id: bigint): void {
  let last: Promise<void> = Promise.resolve();
  session.listen(id, (operation, body) => {
    if (operation === OPERATION.pciConfigWritten) {
      const fields = fieldsOf(body);
      device.configWritten?.({ ...fields, value: body.u64() });
      return;
    }
    last = last.then(async () => {
      const answer = await answerAccess(device, operation === OPERATION.pciWriteAsked, body);
      session.send(OPERATION.pciRegisterDone, id, answer);
    });
  });
}

export async function plugPciDevice(
  session: FamilySession,
  device: PciDevice,
): Promise<PluggedPciDevice> {
  const answer = await session.request(OPERATION.pciPlug, 0n, plugBody(device));
  const id = answer.u64();
  answer.u32();
  const memories = new Map(
    barsOf(device).map(([number, bar]) => [number, fileMemory(answer.string(), bar.size)]),
  );
  serve(session, device, id);
  return {
    id,
    bar: (number) => {
      const memory = memories.get(number);
      if (memory === undefined) throw new RangeError(`the device has no BAR ${number}`);
      return memory;
    },
    readMemory: async (address, length) =>
      Buffer.from(
        (
          await session.request(OPERATION.pciDmaRead, id, (body) => body.u64(address).u32(length))
        ).bytes(),
      ),
    writeMemory: async (address, bytes) => {
      await session.request(OPERATION.pciDmaWrite, id, (body) => body.u64(address).bytes(bytes));
    },
    interrupt: async (message = 0) => {
      await session.request(OPERATION.interruptRaise, id, (body) => body.u32(message));
    },
    unplug: async () => {
      await session.unplug(id);
      for (const memory of memories.values()) memory.close();
      memories.clear();
    },
  };
}
