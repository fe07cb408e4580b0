// One connection to the kernel process: hello, requests with replies, and the messages it sends by itself.
import { connect, type Socket } from 'node:net';
import {
  BodyReader,
  BodyWriter,
  Deframer,
  frame,
  MESSAGE,
  type Message,
  PROTOCOL_VERSION,
} from './wire.js';

/** The kernel process refused a request, or is gone (`status` is then null). */
export class SimulatorError extends Error {
  override name = 'SimulatorError';
  constructor(
    message: string,
    readonly status: number | null,
  ) {
    super(message);
  }
}

export type Session = {
  /** Resolves with the body behind the status; rejects when the status is not success. */
  request(type: number, body: BodyWriter): Promise<BodyReader>;
  /** A one-way message. */
  send(type: number, body: BodyWriter): void;
  onMessage(handler: (message: Message) => void): void;
  onClose(handler: () => void): void;
  close(): void;
  /** Lets the process end although the session is open, or not. */
  unref(): void;
};

type Waiter = { resolve(body: BodyReader): void; reject(error: SimulatorError): void };

const hex = (status: number): string => `0x${(status >>> 0).toString(16)}`;

function settle(waiter: Waiter | undefined, message: Message): void {
  const body = new BodyReader(message.body);
  const status = body.i32();
  if (status === 0) {
    waiter?.resolve(body);
    return;
  }
  // Control requests explain themselves behind the status.
  const text = message.body.length > 4 ? body.string() : `the simulator answered ${hex(status)}`;
  waiter?.reject(new SimulatorError(text, status >>> 0));
}

function dial(path: string): Promise<Socket> {
  return new Promise((done, fail) => {
    const socket = connect(path);
    socket.once('connect', () => done(socket));
    socket.once('error', (error) =>
      fail(new SimulatorError(`no simulator answers at ${path}: ${error.message}`, null)),
    );
  });
}

/** Connects to the socket at `path` and says who is there. */
export async function openSession(path: string, role: number, name: string): Promise<Session> {
  const socket = await dial(path);
  const waiting = new Map<bigint, Waiter>();
  const deframer = new Deframer();
  const handlers: ((message: Message) => void)[] = [];
  const closers: (() => void)[] = [];
  let nextId = 1n;

  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    for (const message of deframer.push(chunk)) {
      if (message.type === MESSAGE.reply) {
        const waiter = waiting.get(message.id);
        waiting.delete(message.id);
        settle(waiter, message);
      } else {
        for (const handler of handlers) handler(message);
      }
    }
  });
  socket.on('close', () => {
    for (const waiter of waiting.values()) {
      waiter.reject(new SimulatorError('the simulator is gone', null));
    }
    waiting.clear();
    for (const closer of closers) closer();
  });

  const write = (type: number, id: bigint, body: BodyWriter): void => {
    socket.cork();
    for (const part of frame(type, id, body)) socket.write(part);
    socket.uncork();
  };
  const session: Session = {
    request: (type, body) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new SimulatorError('the simulator is gone', null));
        const id = nextId++;
        waiting.set(id, { resolve, reject });
        write(type, id, body);
      }),
    send: (type, body) => {
      if (!socket.destroyed) write(type, 0n, body);
    },
    onMessage: (handler) => void handlers.push(handler),
    onClose: (handler) => void closers.push(handler),
    close: () => void socket.destroy(),
    unref: () => void socket.unref(),
  };
  const hello = new BodyWriter().u32(PROTOCOL_VERSION).u8(role).string(name).none();
  await session.request(MESSAGE.hello, hello);
  return session;
}
