// The audio system above a driver's devices: starts and stops them, performs IO operations, reads their clocks.
import { type FamilySession, OPERATION } from './family-session.js';
import { findNode, type RegistryNode } from './registry-nodes.js';
import { SimulatorError } from './session.js';
import type { BodyReader, BodyWriter, Value } from './wire.js';

export const AUDIO_OPERATION = { beginRead: 0, writeEnd: 1 } as const;

export type AudioStream = {
  readonly id: number;
  readonly name: string;
  readonly input: boolean;
  readonly active: boolean;
  /** Size of its memory. */
  readonly bytes: number;
  readonly rate: number;
  readonly channels: number;
  readonly bytesPerFrame: number;
  readonly bitsPerChannel: number;
};

export type AudioControl = {
  readonly id: number;
  readonly name: string;
  readonly class: number;
  /** Of a switch. */
  readonly on?: boolean;
  /** Of a level, as text. */
  readonly decibels?: string;
  /** Of a slider or of a stereo pan, as text. */
  readonly value?: string;
};

export type AudioBox = {
  readonly id: number;
  readonly uid: string;
  readonly name: string;
  readonly acquirable: boolean;
  readonly acquired: boolean;
  /** What is in it: ids. */
  readonly devices: readonly number[];
};

export type AudioDevice = {
  readonly id: number;
  readonly uid: string;
  readonly name: string;
  /** Frames between two zero time stamps. */
  readonly period: number;
  readonly rates: readonly number[];
  readonly streams: readonly AudioStream[];
  readonly controls: readonly AudioControl[];
};

export type AudioState = {
  readonly rate: number;
  readonly isRunning: boolean;
  /** The zero time stamp: frames, and ticks of mach_absolute_time. */
  readonly sampleTime: number;
  readonly hostTime: bigint;
};

export type AudioOperation = {
  readonly operation: number;
  readonly frames: number;
  readonly sampleTime: number;
  readonly hostTime?: bigint;
};

export type AudioSystem = {
  /** Registry entry of the driver. */
  readonly id: bigint;
  devices(): Promise<readonly AudioDevice[]>;
  boxes(): Promise<readonly AudioBox[]>;
  start(device: number): Promise<void>;
  stop(device: number): Promise<void>;
  state(device: number): Promise<AudioState>;
  /** The driver's handler of IO operations has run; the device must run, too. */
  operate(device: number, operation: AudioOperation): Promise<void>;
  /** One of the device's rates; a device that runs is stopped meanwhile. */
  setRate(device: number, rate: number): Promise<void>;
  readBuffer(stream: number, offset: number, length: number): Promise<Buffer>;
  writeBuffer(stream: number, offset: number, bytes: Uint8Array): Promise<void>;
  /** A property of the driver's own, of four characters; object 1 is the driver. */
  getProperty(object: number, selector: string, qualifier?: Value): Promise<Value>;
  setProperty(object: number, selector: string, value: Value, qualifier?: Value): Promise<void>;
  /** Of a switch; or whether a box is acquired. */
  setSwitch(control: number, on: boolean): Promise<void>;
  /** Of a level in decibels, a slider, or a stereo pan from 0 to 1. */
  setLevel(control: number, value: number): Promise<void>;
};

export type AudioQuery = {
  /** IOUserClass of the driver; without it, the first there is. */
  readonly name?: string;
  /** Milliseconds to wait for it; 5000. */
  readonly timeout?: number;
};

const FAMILY = 2;
const CALL = {
  describe: 1,
  start: 2,
  stop: 3,
  operate: 4,
  setRate: 5,
  state: 6,
  readBuffer: 7,
  writeBuffer: 8,
  getProperty: 9,
  setProperty: 10,
  switch: 11,
  level: 12,
} as const;

/** A double's bits, as rates and levels travel. */
function doubleBits(value: number): bigint {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes.readBigUInt64LE();
}

function fromBits(bits: bigint): number {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(bits);
  return bytes.readDoubleLE();
}

const fourCharacters = (selector: string): number => Buffer.from(selector, 'latin1').readUInt32BE();

type Ask = (call: number, fill?: (body: BodyWriter) => BodyWriter) => Promise<BodyReader>;

function running(ask: Ask): Pick<AudioSystem, 'start' | 'stop' | 'state' | 'operate' | 'setRate'> {
  return {
    start: async (device) => void (await ask(CALL.start, (body) => body.u32(device).u64(0n))),
    stop: async (device) => void (await ask(CALL.stop, (body) => body.u32(device).u64(0n))),
    state: async (device) => {
      const answer = await ask(CALL.state, (body) => body.u32(device));
      return {
        rate: fromBits(answer.u64()),
        isRunning: answer.u8() !== 0,
        sampleTime: Number(answer.u64()),
        hostTime: answer.u64(),
      };
    },
    operate: async (device, { operation, frames, sampleTime, hostTime = 0n }) =>
      void (await ask(CALL.operate, (body) =>
        body.u32(device).u32(operation).u32(frames).u64(BigInt(sampleTime)).u64(hostTime),
      )),
    setRate: async (device, rate) =>
      void (await ask(CALL.setRate, (body) => body.u32(device).u64(doubleBits(rate)))),
  };
}

type Contents = Omit<
  AudioSystem,
  'id' | 'devices' | 'boxes' | 'start' | 'stop' | 'state' | 'operate' | 'setRate'
>;

function contents(ask: Ask): Contents {
  return {
    readBuffer: async (stream, offset, length) =>
      (
        await ask(CALL.readBuffer, (body) => body.u32(stream).u64(BigInt(offset)).u32(length))
      ).bytes(),
    writeBuffer: async (stream, offset, bytes) =>
      void (await ask(CALL.writeBuffer, (body) =>
        body.u32(stream).u64(BigInt(offset)).bytes(bytes),
      )),
    getProperty: async (object, selector, qualifier = null) =>
      (
        await ask(CALL.getProperty, (body) =>
          body.u32(object).u32(fourCharacters(selector)).value(qualifier),
        )
      ).value(),
    setProperty: async (object, selector, value, qualifier = null) =>
      void (await ask(CALL.setProperty, (body) =>
        body.u32(object).u32(fourCharacters(selector)).value(qualifier).value(value),
      )),
    setSwitch: async (control, on) =>
      void (await ask(CALL.switch, (body) => body.u32(control).u8(on ? 1 : 0))),
    setLevel: async (control, value) =>
      void (await ask(CALL.level, (body) => body.u32(control).u64(doubleBits(value)))),
  };
}

// What a personality gives to the audio system's connection. Its IOClass is usually IOUserService: AudioDriverKit has
// no class of its own in the kernel.
const CONNECTION = 'IOUserAudioDriverUserClientProperties';

/** Waits for a driver to have registered. */
export async function openAudioSystem(
  session: FamilySession,
  registry: () => Promise<Value>,
  query: AudioQuery,
): Promise<AudioSystem> {
  const isAsked = (node: RegistryNode): boolean =>
    (node.class === 'IOUserAudioDriver' || CONNECTION in node.properties) &&
    node.state === 'matched' &&
    (query.name === undefined || query.name === node.properties.IOUserClass);
  const node = await findNode(registry, isAsked, query.timeout ?? 5000);
  if (node === undefined) {
    throw new SimulatorError(`no audio driver appeared: ${JSON.stringify(query)}`, null);
  }
  const id = BigInt(node.entry);
  const ask: Ask = (call, fill) =>
    session.request(OPERATION.serviceAsk, id, (body) => {
      const filled = body.u8(FAMILY).u16(call);
      return fill === undefined ? filled : fill(filled);
    });
  return {
    id,
    devices: async () => (await ask(CALL.describe)).value() as unknown as readonly AudioDevice[],
    boxes: async () => {
      const answer = await ask(CALL.describe);
      answer.value(); // the devices
      return answer.value() as unknown as readonly AudioBox[];
    },
    ...running(ask),
    ...contents(ask),
  };
}
