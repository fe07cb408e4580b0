// A plugged PCI function: its configuration space, its memory as files that the driver maps, registers that
// TypeScript answers, and DMA into what the driver has prepared.
import { type BarMemory, barMemory } from './bar-memory.js';
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
  /** A function level reset, which only a function can have whose PCI Express capability says so. */
  reset?(): void;
};

export type PluggedPciDevice = {
  /** Registry entry id. */
  readonly id: bigint;
  bar(number: number): BarMemory;
  /** What the driver has prepared with IODMACommand, by the address it got; fails while Bus Master is off. */
  readMemory(address: bigint, length: number): Promise<Buffer>;
  writeMemory(address: bigint, bytes: Uint8Array): Promise<void>;
  /** Sends one of the messages of the MSI or MSI-X capability; fails while Bus Master is off. Whether a driver waits for it. */
  interrupt(message?: number): Promise<boolean>;
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

const CAPABILITY_PCI_EXPRESS = 0x10;

/** Whether a write sets the bit of a PCI Express capability's device control that begins a reset. */
function beginsReset(
  config: Buffer,
  { offset, width, value }: RegisterAccess & { readonly value: bigint },
): boolean {
  let at = config[0x34] ?? 0;
  while (at !== 0 && config[at] !== CAPABILITY_PCI_EXPRESS) at = config[at + 1] ?? 0;
  const bit = (at + 9 - offset) * 8 + 7;
  return at !== 0 && bit >= 0 && bit < width * 8 && ((value >> BigInt(bit)) & 1n) === 1n;
}

const typeOf = (bar: PciBar): number =>
  (bar.bits === 64 ? TYPE_64 : 0) | (bar.prefetchable === true ? TYPE_PREFETCH : 0);

/** One BAR as the configuration space declares it. */
export type RawPciBar = {
  readonly bar: number;
  /** Low bits of its register. */
  readonly type: number;
  readonly size: number;
  readonly registers?: Registers;
};

/** A function as bytes. */
export type RawPciDevice = {
  readonly config: Uint8Array;
  readonly bars: readonly RawPciBar[];
  readonly configWritten?: PciDevice['configWritten'];
};

function rawDevice(device: PciDevice): RawPciDevice {
  const bars = Object.entries(device.bars ?? {}).map(([number, bar]) => ({
    bar: Number(number),
    type: typeOf(bar),
    size: bar.size,
    ...(bar.registers === undefined ? {} : { registers: bar.registers }),
  }));
  const config = pciConfiguration(device);
  return {
    config,
    bars,
    configWritten: (write) => {
      device.configWritten?.(write);
      if (beginsReset(config, write)) device.reset?.();
    },
  };
}

function plugBody({ config, bars }: RawPciDevice): (body: BodyWriter) => BodyWriter {
  return (body) => {
    body.bytes(config).u32(bars.length);
    for (const { bar, type, size, registers } of bars) {
      body.u8(bar).u8(type).u64(BigInt(size));
      body.u8(registers === undefined ? 0 : 1);
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
  device: RawPciDevice,
  writes: boolean,
  body: BodyReader,
): Promise<(reply: BodyWriter) => BodyWriter> {
  const access = body.u64();
  const number = body.u8();
  const registers = device.bars.find(({ bar }) => bar === number)?.registers;
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
function serve(
  session: FamilySession,
  device: RawPciDevice,
  id: bigint,
  recording: (on: boolean) => void,
): void {
  let last: Promise<void> = Promise.resolve();
  session.listen(id, (operation, body) => {
    if (operation === OPERATION.pciRecording) {
      recording(body.u8() !== 0);
      return;
    }
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

export function plugPciDevice(
  session: FamilySession,
  device: PciDevice,
): Promise<PluggedPciDevice> {
  return plugRawPciDevice(session, rawDevice(device));
}

/** Opens the BARs' files; what the device stores in them is told to a recording while there is one. */
function memoriesOf(
  session: FamilySession,
  id: bigint,
  bars: readonly RawPciBar[],
  answer: BodyReader,
) {
  const state = { recording: false };
  const open = ({ bar, size }: RawPciBar) =>
    barMemory(answer.string(), size, (offset, bytes) => {
      if (!state.recording) return;
      session.send(OPERATION.pciStored, id, (body) =>
        body.u8(bar).u64(BigInt(offset)).bytes(bytes),
      );
    });
  const memories = new Map(bars.map((bar) => [bar.bar, open(bar)]));
  state.recording = answer.u8() !== 0;
  return { memories, state };
}

export async function plugRawPciDevice(
  session: FamilySession,
  device: RawPciDevice,
): Promise<PluggedPciDevice> {
  const answer = await session.request(OPERATION.pciPlug, 0n, plugBody(device));
  const id = answer.u64();
  answer.u32();
  const { memories, state } = memoriesOf(session, id, device.bars, answer);
  serve(session, device, id, (on) => {
    state.recording = on;
  });
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
      const answer = await session.request(OPERATION.interruptRaise, id, (body) =>
        body.u32(message),
      );
      return answer.u8() !== 0;
    },
    unplug: async () => {
      await session.unplug(id);
      for (const memory of memories.values()) memory.close();
      memories.clear();
    },
  };
}
