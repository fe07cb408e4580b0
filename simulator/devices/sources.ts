// IN endpoints that need no code: given transfers, the bytes of a file.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Answer, InEndpoint, InRequest } from './endpoint.js';
import { type DeviceClock, type Duration, milliseconds, realClock } from './time.js';

/** What no transfer is answered with any more: the host is NAKed until it gives up. */
export function never(signal: AbortSignal): Promise<Answer> {
  return new Promise((_, giveUp) => {
    signal.addEventListener('abort', () => giveUp(new Error('transfer aborted')), { once: true });
  });
}

/** Answers one transfer with each, at once and in their order, and then none. */
export function transfers(answers: Iterable<Answer>): InEndpoint {
  const iterator = answers[Symbol.iterator]();
  return {
    take: ({ signal }) => {
      const { value, done } = iterator.next();
      return done === true ? never(signal) : value;
    },
  };
}

export type FileSourceOptions = {
  /** The most bytes of a transfer; default: as many as the host takes. */
  readonly size?: number;
  /** Time between two transfers; without it they are sent as fast as the host takes them. */
  readonly every?: Duration;
  /** Starts again at the end of the file; without it no more transfers are answered then. */
  readonly repeat?: boolean;
};

class FileSource implements InEndpoint {
  private at = 0;
  private clock: DeviceClock = realClock;
  private next = 0;
  private readonly length: number;
  private readonly gap: number;

  constructor(
    private readonly path: string,
    private readonly options: FileSourceOptions,
  ) {
    const file = openSync(path, 'r');
    this.length = fstatSync(file).size;
    closeSync(file);
    this.gap = milliseconds(options.every ?? 0);
  }

  attach(clock: DeviceClock): void {
    this.clock = clock;
    this.next = clock.now();
  }

  take({ length, signal }: InRequest): Answer | Promise<Answer> {
    if (this.at >= this.length && this.options.repeat === true) this.at = 0;
    if (this.at >= this.length) return never(signal);
    const wait = this.next - this.clock.now();
    if (this.gap === 0 || wait <= 0) return this.read(length);
    return new Promise((answer, giveUp) => {
      const cancel = this.clock.after(wait, () => answer(this.read(length)));
      signal.addEventListener('abort', () => {
        cancel();
        giveUp(new Error('transfer aborted'));
      });
    });
  }

  /** The host had given up: the bytes come again. */
  returned(bytes: number): void {
    this.at = Math.max(0, this.at - bytes);
  }

  private read(length: number): Buffer {
    const size = Math.min(length, this.options.size ?? length, this.length - this.at);
    const data = Buffer.alloc(size);
    const file = openSync(this.path, 'r');
    try {
      readSync(file, data, 0, size, this.at);
    } finally {
      closeSync(file);
    }
    this.at += size;
    this.next = Math.max(this.next, this.clock.now() - this.gap) + this.gap;
    return data;
  }
}

/** Feeds an endpoint from a file. Throws when it cannot be read. */
export function fileSource(path: string, options: FileSourceOptions = {}): InEndpoint {
  return new FileSource(path, options);
}
