// A plugged USB device: answers the host's transfers from handlers and counts exactly what was delivered.
import {
  configurationDescriptor,
  type DeviceData,
  deviceDescriptor,
  speedNumber,
  stringDescriptors,
  type UsbSpeed,
} from './descriptors.js';
import type { Session } from './session.js';
import { BodyReader, BodyWriter, MESSAGE, type Message } from './wire.js';

/** Statuses a device can answer with; the host sees them as the completion's IOReturn (contract §10.2). */
export const USB_STATUS = { ok: 0, stalled: 0xe0005000, notResponding: 0xe00002ed } as const;

export type InRequest = {
  /** The most bytes the host takes in this transfer. */
  readonly length: number;
  /** Aborted when the host gives the transfer up; what is answered afterwards is not delivered. */
  readonly signal: AbortSignal;
};

export type Setup = {
  readonly requestType: number;
  readonly request: number;
  readonly value: number;
  readonly index: number;
  readonly length: number;
};

/**
 * Answers an IN transfer: bytes now, a promise of bytes (the host is NAKed until then), or 'stall'.
 * `returned` is called with the number of bytes the host threw away because it had given up by then.
 */
export type InEndpoint = {
  take(request: InRequest): Uint8Array | 'stall' | Promise<Uint8Array | 'stall'>;
  returned?(bytes: number): void;
};

/** Takes the data of an OUT transfer; 'stall' refuses it. */
export type OutEndpoint = (data: Uint8Array) => undefined | 'stall' | Promise<undefined | 'stall'>;

export type UsbDevice = DeviceData & {
  readonly speed?: UsbSpeed;
  /** By endpoint address; an IN endpoint without a handler never has data, an OUT endpoint takes everything. */
  readonly in?: Readonly<Record<number, InEndpoint>>;
  readonly out?: Readonly<Record<number, OutEndpoint>>;
  /** Answers class and vendor requests; without it every one of them is stalled. */
  control?(setup: Setup, data: Uint8Array): Uint8Array | 'stall' | Promise<Uint8Array | 'stall'>;
};

export type PluggedDevice = {
  /** Registry entry id of the device. */
  readonly id: bigint;
  /** Bytes that reached the host on an IN endpoint, those thrown away taken off again. */
  delivered(endpoint: number): number;
  /** Resolves when the host has noticed. */
  unplug(): Promise<void>;
};

type Pending = {
  readonly transfer: bigint;
  readonly endpoint: number;
  readonly length: number;
  readonly abort: AbortController;
};

class DeviceConnection {
  private readonly pending = new Map<bigint, Pending>();
  /** Transfers of an endpoint that wait behind the one its handler works on: a pipe keeps their order. */
  private readonly queues = new Map<number, Pending[]>();
  private readonly working = new Map<number, Pending>();
  private readonly counts = new Map<number, number>();
  /** Endpoint of transfers already answered that the host may still hand back. */
  private readonly answered = new Map<bigint, number>();

  constructor(
    private readonly session: Session,
    private readonly device: UsbDevice,
    readonly id: bigint,
  ) {}

  delivered(endpoint: number): number {
    return this.counts.get(endpoint) ?? 0;
  }

  private count(endpoint: number, bytes: number): void {
    this.counts.set(endpoint, this.delivered(endpoint) + bytes);
  }

  transferIn(body: BodyReader): void {
    const endpoint = body.u8();
    const transfer = body.u64();
    const length = body.u32();
    const pending = { transfer, endpoint, length, abort: new AbortController() };
    this.pending.set(transfer, pending);
    if (this.device.in?.[endpoint] === undefined) return;
    const queue = this.queues.get(endpoint) ?? [];
    this.queues.set(endpoint, queue);
    queue.push(pending);
    this.work(endpoint);
  }

  /** Lets the handler answer one transfer after the other. */
  private work(endpoint: number): void {
    const handler = this.device.in?.[endpoint];
    const queue = this.queues.get(endpoint) ?? [];
    while (handler !== undefined && !this.working.has(endpoint)) {
      const next = queue.shift();
      if (next === undefined) return;
      if (!this.pending.has(next.transfer)) continue;
      const answer = handler.take({ length: next.length, signal: next.abort.signal });
      if (!(answer instanceof Promise)) {
        this.answerIn(next.transfer, endpoint, answer);
        continue;
      }
      this.working.set(endpoint, next);
      answer
        .then(
          (data) => this.answerIn(next.transfer, endpoint, data),
          () => this.pending.delete(next.transfer), // the handler gave up: the host goes on being NAKed
        )
        .finally(() => this.finish(next));
    }
  }

  /** The handler is done with a transfer, or the host is. */
  private finish(transfer: Pending): void {
    if (this.working.get(transfer.endpoint) !== transfer) return;
    this.working.delete(transfer.endpoint);
    this.work(transfer.endpoint);
  }

  private answerIn(transfer: bigint, endpoint: number, answer: Uint8Array | 'stall'): void {
    const data = answer === 'stall' ? new Uint8Array(0) : answer;
    if (!this.pending.delete(transfer)) {
      // Given up before the answer was there: it never left the device.
      this.device.in?.[endpoint]?.returned?.(data.length);
      return;
    }
    const status = answer === 'stall' ? USB_STATUS.stalled : USB_STATUS.ok;
    this.count(endpoint, data.length);
    this.answered.set(transfer, endpoint);
    if (this.answered.size > 4096) this.answered.delete(this.answered.keys().next().value ?? 0n);
    this.session.send(
      MESSAGE.transferInDone,
      new BodyWriter().u64(transfer).i32(status).bytes(data),
    );
  }

  transferAborted(transfer: bigint, late: boolean, bytes: number): void {
    if (!late) {
      const given = this.pending.get(transfer);
      this.pending.delete(transfer);
      given?.abort.abort();
      if (given !== undefined) this.finish(given);
      return;
    }
    const endpoint = this.answered.get(transfer);
    if (endpoint === undefined) return;
    this.answered.delete(transfer);
    this.count(endpoint, -bytes);
    this.device.in?.[endpoint]?.returned?.(bytes);
  }

  async transferOut(body: BodyReader): Promise<void> {
    const endpoint = body.u8();
    const transfer = body.u64();
    const data = body.bytes();
    const verdict = await this.device.out?.[endpoint]?.(data);
    const status = verdict === 'stall' ? USB_STATUS.stalled : USB_STATUS.ok;
    const taken = verdict === 'stall' ? 0 : data.length;
    const answer = new BodyWriter().u64(transfer).i32(status).u32(taken);
    this.session.send(MESSAGE.transferOutDone, answer);
  }

  async control(body: BodyReader): Promise<void> {
    const transfer = body.u64();
    const setup: Setup = {
      requestType: body.u8(),
      request: body.u8(),
      value: body.u16(),
      index: body.u16(),
      length: body.u16(),
    };
    const answer = (await this.device.control?.(setup, body.bytes())) ?? 'stall';
    const status = answer === 'stall' ? USB_STATUS.stalled : USB_STATUS.ok;
    const data = answer === 'stall' ? new Uint8Array(0) : answer.subarray(0, setup.length);
    const done = new BodyWriter().u64(transfer).i32(status).bytes(data);
    this.session.send(MESSAGE.controlDone, done);
  }

  end(): void {
    const all = [...this.pending.values()];
    this.pending.clear();
    for (const { abort } of all) abort.abort();
  }
}

/** Sends a host's message to the device it is for. */
function route(devices: ReadonlyMap<bigint, DeviceConnection>, message: Message): void {
  const body = new BodyReader(message.body);
  if (message.type === MESSAGE.transferAborted) {
    const transfer = body.u64();
    const late = body.u8() !== 0;
    const bytes = body.u32();
    for (const device of devices.values()) device.transferAborted(transfer, late, bytes);
    return;
  }
  const device = devices.get(body.u64());
  if (device === undefined) return;
  if (message.type === MESSAGE.transferIn) device.transferIn(body);
  if (message.type === MESSAGE.transferOut) void device.transferOut(body);
  if (message.type === MESSAGE.control) void device.control(body);
}

function plugMessage(device: UsbDevice): BodyWriter {
  const speed = device.speed ?? 'high';
  const body = new BodyWriter().u8(speedNumber(speed)).bytes(deviceDescriptor(device, speed));
  body.u32(device.configurations.length);
  for (const each of device.configurations) body.bytes(configurationDescriptor(each));
  const strings = stringDescriptors(device);
  body.u32(strings.length);
  for (const [index, bytes] of strings) body.u8(index).bytes(bytes);
  return body;
}

export type DeviceHost = { plug(device: UsbDevice): Promise<PluggedDevice> };

/** Plugs devices through one session; closing the session pulls every cable. */
export function deviceHost(session: Session): DeviceHost {
  const devices = new Map<bigint, DeviceConnection>();
  const early: Message[] = [];
  let plugging = 0;
  session.onMessage((message) => {
    // The first transfer can arrive before the answer to Plug has told us the device's id.
    if (plugging > 0) early.push(message);
    else route(devices, message);
  });
  session.onClose(() => {
    for (const device of devices.values()) device.end();
    devices.clear();
  });
  return {
    async plug(device) {
      plugging += 1;
      let id = 0n;
      try {
        id = (await session.request(MESSAGE.plug, plugMessage(device))).u64();
        devices.set(id, new DeviceConnection(session, device, id));
      } finally {
        plugging -= 1;
      }
      if (plugging === 0) for (const message of early.splice(0)) route(devices, message);
      const connection = devices.get(id);
      return {
        id,
        delivered: (endpoint) => connection?.delivered(endpoint) ?? 0,
        unplug: async () => {
          connection?.end();
          await session.request(MESSAGE.unplug, new BodyWriter().u64(id));
          devices.delete(id);
        },
      };
    },
  };
}
