// The terminal of a serial port that a driver makes: opens and programs it, writes and reads bytes.
import { type FamilySession, OPERATION } from './family-session.js';
import { findNode, type RegistryNode } from './registry-nodes.js';
import { SimulatorError } from './session.js';
import type { BodyReader, BodyWriter, Value } from './wire.js';

export const SERIAL_PARITY = { none: 1, odd: 2, even: 3, mark: 4, space: 5 } as const;

/** What the flow is controlled with, as bits of HwProgramFlowControl. */
export const SERIAL_FLOW = {
  none: 0,
  dtr: 0x02,
  rts: 0x04,
  xon: 0x18,
  cts: 0x20,
  dsr: 0x100,
} as const;

export type SerialSettings = {
  /** 9600. */
  readonly baudRate?: number;
  /** 8. */
  readonly dataBits?: number;
  /** 1. */
  readonly stopBits?: 1 | 1.5 | 2;
  /** 'none'. */
  readonly parity?: keyof typeof SERIAL_PARITY;
  /** Bits of SERIAL_FLOW; 0. */
  readonly flow?: number;
  readonly xon?: number;
  readonly xoff?: number;
  /** Of HwProgramLatencyTimer; 16. */
  readonly latency?: number;
};

export type SerialLines = { readonly dtr: boolean; readonly rts: boolean };

export type SerialQuery = SerialSettings &
  Partial<SerialLines> & {
    /** IOUserClass of the port, or its terminal's name; without it, the first there is. */
    readonly name?: string;
    /** Milliseconds to wait for it; 5000. */
    readonly timeout?: number;
  };

export type SerialStatus = {
  readonly cts: boolean;
  readonly dsr: boolean;
  readonly ri: boolean;
  readonly dcd: boolean;
  readonly errors: {
    readonly overruns: number;
    readonly breaks: number;
    readonly framing: number;
    readonly parity: number;
  };
};

export type SerialPort = AsyncDisposable & {
  /** Registry entry of the port. */
  readonly id: bigint;
  readonly properties: { readonly [key: string]: Value };
  /** Resolves when the driver's queue has the bytes, with their number: fewer when they were flushed. */
  write(bytes: Uint8Array): Promise<number>;
  /** Exactly that many bytes, or what there is, at least one. */
  read(length?: number): Promise<Buffer>;
  /** Resolves when the driver has taken all that was written. */
  drain(): Promise<void>;
  configure(settings: SerialSettings): Promise<void>;
  /** The speed alone, as for one that no terminal setting has. */
  setSpeed(baudRate: number): Promise<void>;
  setLines(lines: SerialLines): Promise<void>;
  sendBreak(on: boolean): Promise<void>;
  flush(queues: { readonly tx?: boolean; readonly rx?: boolean }): Promise<void>;
  /** What the driver has reported last; `ask`: what its hardware says. */
  status(ask?: boolean): Promise<SerialStatus>;
  /** Resolves with the first status, the present one included, that is as wanted. */
  waitFor(isWanted: (status: SerialStatus) => boolean): Promise<SerialStatus>;
  close(): Promise<void>;
};

const FAMILY = 1;
const CALL = {
  open: 1,
  close: 2,
  write: 3,
  read: 4,
  drain: 5,
  configure: 6,
  speed: 7,
  modemControl: 8,
  break: 9,
  flush: 10,
  status: 11,
} as const;
const CLASSES = new Set(['IOUserSerial', 'IOUserUSBSerial']);
const NEVER = 0xffff_ffff_ffff_ffffn;
const READ_SIZE = 65_536;

function writeSettings(body: BodyWriter, settings: SerialSettings): BodyWriter {
  return body
    .u32(settings.baudRate ?? 9600)
    .u8(settings.dataBits ?? 8)
    .u8((settings.stopBits ?? 1) * 2)
    .u8(SERIAL_PARITY[settings.parity ?? 'none'])
    .u32(settings.flow ?? 0)
    .u8(settings.xon ?? 0x11)
    .u8(settings.xoff ?? 0x13)
    .u32(settings.latency ?? 16);
}

function readStatus(body: BodyReader): { readonly changes: bigint; readonly status: SerialStatus } {
  const changes = body.u64();
  const signals = body.u8();
  return {
    changes,
    status: {
      cts: (signals & 1) !== 0,
      dsr: (signals & 2) !== 0,
      ri: (signals & 4) !== 0,
      dcd: (signals & 8) !== 0,
      errors: {
        overruns: body.u32(),
        breaks: body.u32(),
        framing: body.u32(),
        parity: body.u32(),
      },
    },
  };
}

const terminalOf = ({ properties }: RegistryNode): string =>
  `${properties.IOTTYBaseName ?? ''}${properties.IOTTYSuffix ?? ''}`;

async function findPort(registry: () => Promise<Value>, query: SerialQuery): Promise<RegistryNode> {
  const isAsked = (node: RegistryNode): boolean =>
    CLASSES.has(node.class) &&
    node.state === 'matched' &&
    (query.name === undefined || node.name === query.name || terminalOf(node) === query.name);
  const node = await findNode(registry, isAsked, query.timeout ?? 5000);
  if (node === undefined) {
    throw new SimulatorError(`no serial port appeared: ${JSON.stringify(query)}`, null);
  }
  return node;
}

type Ask = (call: number, fill?: (body: BodyWriter) => BodyWriter) => Promise<BodyReader>;

function lines(ask: Ask): Pick<SerialPort, 'status' | 'waitFor' | 'setLines' | 'sendBreak'> {
  const next = async (isAsked: boolean, known: bigint) =>
    readStatus(await ask(CALL.status, (body) => body.u8(isAsked ? 1 : 0).u64(known)));
  return {
    status: async (isAsked = false) => (await next(isAsked, NEVER)).status,
    waitFor: async (isWanted) => {
      let now = await next(false, NEVER);
      while (!isWanted(now.status)) now = await next(false, now.changes);
      return now.status;
    },
    setLines: async ({ dtr, rts }) =>
      void (await ask(CALL.modemControl, (body) => body.u8(dtr ? 1 : 0).u8(rts ? 1 : 0))),
    sendBreak: async (on) => void (await ask(CALL.break, (body) => body.u8(on ? 1 : 0))),
  };
}

function bytes(ask: Ask): Pick<SerialPort, 'write' | 'read' | 'drain' | 'flush'> {
  const some = async (most: number): Promise<Buffer> =>
    (await ask(CALL.read, (body) => body.u32(most))).bytes();
  return {
    write: async (data) => (await ask(CALL.write, (body) => body.bytes(data))).u32(),
    read: async (length) => {
      if (length === undefined) return some(READ_SIZE);
      const parts: Buffer[] = [];
      for (let missing = length; missing > 0; missing -= parts.at(-1)?.length ?? 0) {
        parts.push(await some(missing));
      }
      return Buffer.concat(parts);
    },
    drain: async () => void (await ask(CALL.drain)),
    flush: async ({ tx = false, rx = false }) =>
      void (await ask(CALL.flush, (body) => body.u8(tx ? 1 : 0).u8(rx ? 1 : 0))),
  };
}

/** Waits for a port that a driver has registered, and opens it. */
export async function openSerialPort(
  session: FamilySession,
  registry: () => Promise<Value>,
  query: SerialQuery,
): Promise<SerialPort> {
  const node = await findPort(registry, query);
  const id = BigInt(node.entry);
  const ask: Ask = (call, fill) =>
    session.request(OPERATION.serviceAsk, id, (body) => {
      const filled = body.u8(FAMILY).u16(call);
      return fill === undefined ? filled : fill(filled);
    });
  await ask(CALL.open, (body) =>
    writeSettings(body, query)
      .u8((query.dtr ?? true) ? 1 : 0)
      .u8((query.rts ?? true) ? 1 : 0),
  );
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await ask(CALL.close);
  };
  return {
    id,
    properties: node.properties,
    ...bytes(ask),
    ...lines(ask),
    configure: async (settings) =>
      void (await ask(CALL.configure, (body) => writeSettings(body, settings))),
    setSpeed: async (baudRate) => void (await ask(CALL.speed, (body) => body.u32(baudRate))),
    close,
    // The driver may be gone by then.
    [Symbol.asyncDispose]: () => close().catch(() => undefined),
  };
}
