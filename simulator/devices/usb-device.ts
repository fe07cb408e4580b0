// A plugged USB device: answers the host's transfers from handlers and counts exactly what was delivered.

import { type ControlRule, controlTable } from './control-table.js';
import type { DeviceData, UsbSpeed } from './descriptors.js';
import {
  type Answer,
  type ControlHandler,
  type InEndpoint,
  type OutEndpoint,
  type Setup,
  toAnswered,
  USB_STATUS,
} from './endpoint.js';
import { type IsochronousEndpoint, isochronousDone, readIsochronous } from './isochronous.js';
import type { Session } from './session.js';
import { type BodyReader, BodyWriter, MESSAGE } from './wire.js';

export type DeviceBehaviour = {
  readonly speed?: UsbSpeed;
  /** By endpoint address; an IN endpoint without a handler never has data, an OUT endpoint takes everything. */
  readonly in?: Readonly<Record<number, InEndpoint>>;
  readonly out?: Readonly<Record<number, OutEndpoint>>;
  /** Answers class and vendor requests; without it every one of them is stalled. */
  readonly control?: ControlHandler | readonly ControlRule[];
  /** By endpoint address; an endpoint without a handler sends empty frames and takes everything. */
  readonly isochronous?: Readonly<Record<number, IsochronousEndpoint>>;
  /** Called when the host chose a configuration, or an interface's alternate setting. */
  selected?(what: Selection): void;
};

export type Selection =
  | { readonly configuration: number }
  | { readonly interface: number; readonly alternate: number };

/** A device whose descriptors are made from data. */
export type UsbDevice = DeviceData & DeviceBehaviour;

/** A device that gives its descriptors as bytes, whatever they say; the kernel refuses what it cannot read. */
export type RawUsbDevice = DeviceBehaviour & {
  readonly descriptors: {
    readonly device: Uint8Array;
    /** Each with its interfaces and endpoints behind it. */
    readonly configurations: readonly Uint8Array[];
    /** By index; 0 lists the languages. */
    readonly strings?: Readonly<Record<number, Uint8Array>>;
  };
};

export type PluggedDevice = {
  /** Registry entry id of the device. */
  readonly id: bigint;
  /** Bytes that reached the host on an IN endpoint, those thrown away taken off again. */
  delivered(endpoint: number): number;
  /** Resolves when the host has noticed. */
  unplug(): Promise<void>;
  /** Resolves when it is not plugged in any more, whoever pulled the cable. */
  readonly unplugged: Promise<void>;
};

const CLEAR_FEATURE = 1; // the one feature of an endpoint is its halt

type Pending = {
  readonly transfer: bigint;
  readonly endpoint: number;
  readonly length: number;
  readonly abort: AbortController;
};

export class DeviceConnection {
  readonly unplugged: Promise<void>;
  private setUnplugged: () => void = () => undefined;
  private readonly handleControl: ControlHandler;
  private readonly pending = new Map<bigint, Pending>();
  /** Transfers of an endpoint that wait behind the one its handler works on: a pipe keeps their order. */
  private readonly queues = new Map<number, Pending[]>();
  private readonly working = new Map<number, Pending>();
  private readonly counts = new Map<number, number>();
  /** Endpoints that have stalled: until the host sends CLEAR_FEATURE(ENDPOINT_HALT) they do nothing else. */
  private readonly halted = new Set<number>();
  /** Endpoint of transfers already answered that the host may still hand back. */
  private readonly answered = new Map<bigint, number>();

  constructor(
    private readonly session: Session,
    private readonly device: DeviceBehaviour,
    /** Another one after the host reset the device. */
    public id: bigint,
  ) {
    const { control } = device;
    this.handleControl = typeof control === 'function' ? control : controlTable(control ?? []);
    this.unplugged = new Promise((done) => {
      this.setUnplugged = done;
    });
  }

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
      const answer = this.halted.has(endpoint)
        ? 'stall'
        : handler.take({ length: next.length, signal: next.abort.signal });
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

  private answerIn(transfer: bigint, endpoint: number, answer: Answer): void {
    const { status, data } = toAnswered(answer);
    if (!this.pending.delete(transfer)) {
      // Given up before the answer was there: it never left the device.
      this.device.in?.[endpoint]?.returned?.(data.length);
      return;
    }
    if (answer === 'stall') this.halted.add(endpoint);
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
    const verdict = this.halted.has(endpoint) ? 'stall' : await this.device.out?.[endpoint]?.(data);
    if (verdict === 'stall') this.halted.add(endpoint);
    const { status } = verdict === undefined ? { status: USB_STATUS.ok } : toAnswered(verdict);
    const taken = status === USB_STATUS.ok ? data.length : 0;
    const answer = new BodyWriter().u64(transfer).i32(status).u32(taken);
    this.session.send(MESSAGE.transferOutDone, answer);
  }

  async isochronous(body: BodyReader): Promise<void> {
    const asked = readIsochronous(body);
    const frames = await this.device.isochronous?.[asked.endpoint]?.(asked);
    this.session.send(MESSAGE.isochDone, isochronousDone(asked, frames ?? []));
  }

  reset(): void {
    this.halted.clear();
  }

  /** The host sent CLEAR_FEATURE(ENDPOINT_HALT). */
  endpointReset(endpoint: number): void {
    this.halted.delete(endpoint);
  }

  selected(what: Selection): void {
    this.halted.clear();
    this.device.selected?.(what);
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
    const clears = setup.requestType === 0x02 && setup.request === CLEAR_FEATURE;
    const own = clears && this.halted.delete(setup.index & 0xff);
    const { status, data } = toAnswered(
      own ? new Uint8Array() : await this.handleControl(setup, body.bytes()),
    );
    const sent = data.subarray(0, setup.length);
    const done = new BodyWriter().u64(transfer).i32(status).bytes(sent);
    this.session.send(MESSAGE.controlDone, done);
  }

  end(): void {
    const all = [...this.pending.values()];
    this.pending.clear();
    for (const { abort } of all) abort.abort();
    this.setUnplugged();
  }
}
