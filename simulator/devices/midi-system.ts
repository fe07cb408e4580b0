// The MIDI system above a driver's devices: starts their IO, sends to destinations, listens to sources.
import { type FamilySession, OPERATION } from './family-session.js';
import { findNode, type RegistryNode } from './registry-nodes.js';
import { SimulatorError } from './session.js';
import type { BodyReader, BodyWriter, Value } from './wire.js';

export const MIDI_PROTOCOL = { midi1: 1, midi2: 2 } as const;

export type MidiEndpoint = {
  readonly id: number;
  readonly name: string;
  /** One of MIDI_PROTOCOL. */
  readonly protocol: number;
};

export type MidiSource = MidiEndpoint & { readonly enabled: boolean };

export type MidiEntity = {
  readonly id: number;
  readonly name: string;
  readonly sources: readonly MidiSource[];
  readonly destinations: readonly MidiEndpoint[];
};

export type MidiDevice = {
  readonly id: number;
  readonly name: string;
  readonly isRunning: boolean;
  readonly properties: { readonly [name: string]: Value };
  readonly entities: readonly MidiEntity[];
};

export type MidiSystem = {
  /** Registry entry of the driver. */
  readonly id: bigint;
  devices(): Promise<readonly MidiDevice[]>;
  /** Starts the driver's IO, and its devices. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** A source that is not enabled cannot send. */
  enable(source: number, on?: boolean): Promise<void>;
  /** Words of Universal MIDI Packets; resolves when the driver's block has returned success. */
  send(destination: number, words: readonly number[]): Promise<void>;
  /** The words of one Send of the driver: the oldest that nobody has read, or the next. */
  read(source: number): Promise<readonly number[]>;
  /** A property by its four characters: `moff` is whether the object is offline. */
  getProperty(object: number, selector: string): Promise<Value>;
  setProperty(object: number, selector: string, value: Value): Promise<void>;
};

export type MidiQuery = {
  /** IOUserClass of the driver; without it, the first there is. */
  readonly name?: string;
  /** Milliseconds to wait for it; 5000. */
  readonly timeout?: number;
};

/** What the system's own connection is made from: a driver of MIDI devices has it. */
const CONNECTION = 'IOUserMIDIDriverUserClientProperties';
const FAMILY = 3;
const CALL = {
  describe: 1,
  start: 2,
  stop: 3,
  enable: 4,
  send: 5,
  read: 6,
  getProperty: 7,
  setProperty: 8,
} as const;
const WORD = 4;

const fourCharacters = (selector: string): number => Buffer.from(selector, 'latin1').readUInt32BE();

function wordsOf(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / WORD }, (_, at) => bytes.readUInt32LE(at * WORD));
}

function putWords(body: BodyWriter, words: readonly number[]): BodyWriter {
  return words.reduce((filled, word) => filled.u32(word), body.u32(words.length));
}

/** Waits for a driver to have registered. */
export async function openMidiSystem(
  session: FamilySession,
  registry: () => Promise<Value>,
  query: MidiQuery,
): Promise<MidiSystem> {
  const isAsked = (node: RegistryNode): boolean =>
    node.state === 'matched' &&
    CONNECTION in node.properties &&
    (query.name === undefined || node.name === query.name);
  const node = await findNode(registry, isAsked, query.timeout ?? 5000);
  if (node === undefined) {
    throw new SimulatorError(`no MIDI driver appeared: ${JSON.stringify(query)}`, null);
  }
  const id = BigInt(node.entry);
  const ask = (call: number, fill?: (body: BodyWriter) => BodyWriter): Promise<BodyReader> =>
    session.request(OPERATION.serviceAsk, id, (body) => {
      const filled = body.u8(FAMILY).u16(call);
      return fill === undefined ? filled : fill(filled);
    });
  return {
    id,
    devices: async () => (await ask(CALL.describe)).value() as unknown as readonly MidiDevice[],
    start: async () => void (await ask(CALL.start)),
    stop: async () => void (await ask(CALL.stop)),
    enable: async (source, on = true) =>
      void (await ask(CALL.enable, (body) => body.u32(source).u8(on ? 1 : 0))),
    send: async (destination, words) =>
      void (await ask(CALL.send, (body) => putWords(body.u32(destination), words))),
    read: async (source) => wordsOf((await ask(CALL.read, (body) => body.u32(source))).bytes()),
    getProperty: async (object, selector) =>
      (
        await ask(CALL.getProperty, (body) => body.u32(object).u32(fourCharacters(selector)))
      ).value(),
    setProperty: async (object, selector, value) =>
      void (await ask(CALL.setProperty, (body) =>
        body.u32(object).u32(fourCharacters(selector)).value(value),
      )),
  };
}
