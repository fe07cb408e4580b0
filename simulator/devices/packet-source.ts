// An IN endpoint that sends packets of one size, by a clock or as fast as the host takes them.

import type { InEndpoint, InRequest } from './endpoint.js';
import { type DeviceClock, realClock } from './time.js';

export type PacketSourceOptions = {
  /** Bytes of a packet. */
  readonly packetSize: number;
  /** Packets per second; 0 sends as many as the host takes. */
  readonly rate: number;
  /** Writes `count` packets, numbers `first`…, into `target`; called just before they leave. */
  fill(target: Buffer, first: number, count: number): void;
  /** Packets the device holds while the host does not ask; the oldest are overwritten. Default 4096. */
  readonly fifo?: number;
};

export type PacketSource = InEndpoint & {
  /** Nothing is sent before. */
  start(): void;
  /** No packet is made or sent after this; transfers under way go on being NAKed. */
  stop(): void;
  /** Packets that reached the host. */
  readonly sent: number;
  /** Packets overwritten in the device's own memory before the host asked for them. */
  readonly overrun: number;
};

type Waiting = { readonly request: InRequest; answer(data: Buffer): void };

class Source implements PacketSource {
  private readonly waiting: Waiting[] = [];
  private queue: Buffer[] = [];
  private made = 0;
  private answered = 0;
  private cancelTimer: (() => void) | null = null;
  private clock: DeviceClock = realClock;
  private running = false;
  private startedAt = 0;
  private due = 0;
  overrun = 0;

  constructor(private readonly options: PacketSourceOptions) {}

  get sent(): number {
    return this.answered / this.options.packetSize;
  }

  /** Goes on with the machine's clock where it is. */
  attach(clock: DeviceClock): void {
    this.startedAt = clock.now() - (this.clock.now() - this.startedAt);
    this.clock = clock;
    if (this.cancelTimer !== null) {
      this.cancelTimer();
      this.schedule();
    }
  }

  start(): void {
    if (this.running) return;
    this.running = true;
    this.startedAt = this.clock.now();
    this.due = 0;
    if (this.options.rate > 0) this.schedule();
    else for (const each of this.waiting.splice(0)) this.answer(each);
  }

  stop(): void {
    this.running = false;
    this.cancelTimer?.();
    this.cancelTimer = null;
    // What the host has not asked for by now never leaves the device.
    this.queue = [];
  }

  take(request: InRequest): Buffer | Promise<Buffer> {
    if (this.running && this.options.rate === 0) return this.burst(request.length);
    if (this.queue.length > 0) return this.fromQueue(request.length);
    return new Promise((answer, giveUp) => {
      const entry = { request, answer };
      this.waiting.push(entry);
      request.signal.addEventListener('abort', () => {
        const at = this.waiting.indexOf(entry);
        if (at >= 0) this.waiting.splice(at, 1);
        giveUp(new Error('transfer aborted'));
      });
    });
  }

  returned(bytes: number): void {
    this.answered -= bytes;
  }

  private answer(waiting: Waiting): void {
    const { length } = waiting.request;
    waiting.answer(this.options.rate === 0 ? this.burst(length) : this.fromQueue(length));
  }

  /** As many new packets as fit, at least one. */
  private burst(length: number): Buffer {
    const count = Math.max(1, Math.floor(length / this.options.packetSize));
    const data = Buffer.allocUnsafeSlow(count * this.options.packetSize);
    this.options.fill(data, this.made, count);
    this.made += count;
    this.answered += data.length;
    return data;
  }

  private fromQueue(length: number): Buffer {
    const count = Math.max(1, Math.floor(length / this.options.packetSize));
    const data = Buffer.concat(this.queue.splice(0, count));
    this.answered += data.length;
    return data;
  }

  private schedule(): void {
    const next = this.startedAt + (this.due * 1000) / this.options.rate;
    this.cancelTimer = this.clock.after(next - this.clock.now(), () => this.tick());
  }

  private tick(): void {
    const elapsed = this.clock.now() - this.startedAt;
    const target = Math.floor((elapsed * this.options.rate) / 1000) + 1;
    while (this.due < target) {
      this.due += 1;
      this.makeOne();
    }
    this.schedule();
  }

  private makeOne(): void {
    const packet = Buffer.allocUnsafe(this.options.packetSize);
    this.options.fill(packet, this.made, 1);
    this.made += 1;
    this.queue.push(packet);
    const waiting = this.waiting.shift();
    if (waiting !== undefined) this.answer(waiting);
    else if (this.queue.length > (this.options.fifo ?? 4096)) {
      this.queue.shift();
      this.overrun += 1;
    }
  }
}

export function packetSource(options: PacketSourceOptions): PacketSource {
  return new Source(options);
}
