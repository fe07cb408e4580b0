// A recording, as the kernel process writes it (docs/simulator.md): what each device said, in its order.
import { readFileSync } from 'node:fs';
import type { UsbSpeed } from './descriptors.js';

/** A recording that cannot be read; the message names the file and the line. */
export class RecordingError extends Error {
  override name = 'RecordingError';
}

/** What the device answered, with the line of the recording that says so. */
export type RecordedAnswer = {
  readonly line: number;
  /** Milliseconds since the device was plugged in. */
  readonly at: number;
  readonly status: number;
  readonly data: Buffer;
  /** How many OUT transfers and control requests the device had been sent before. */
  readonly after: number;
};
export type RecordedTransfer = RecordedAnswer & { readonly length: number };
export type RecordedRequest = {
  readonly line: number;
  readonly setup: Buffer;
  readonly data: Buffer;
  answer: RecordedAnswer | null;
};
export type RecordedOut = {
  readonly line: number;
  readonly data: Buffer;
  answer: RecordedAnswer | null;
};

export type RecordedDevice = {
  readonly number: number;
  /** Milliseconds since the recording began. */
  readonly plugged: number;
  /** Null: it was plugged in to the end. */
  unplugged: number | null;
  readonly speed: UsbSpeed;
  readonly descriptor: Buffer;
  readonly configurations: readonly Buffer[];
  readonly strings: Readonly<Record<number, Buffer>>;
  /** By endpoint address. */
  readonly in: Map<number, RecordedTransfer[]>;
  readonly out: Map<number, RecordedOut[]>;
  readonly control: RecordedRequest[];
};

type Event = { readonly t: number; readonly event: string; readonly [key: string]: unknown };

/** A transfer under way in the recording. */
type Open = {
  readonly device: RecordedDevice;
  answered(answer: RecordedAnswer): void;
};

const VERSION = 1;
const ms = (nanoseconds: number): number => nanoseconds / 1e6;
const hex = (text: unknown): Buffer => Buffer.from(String(text), 'hex');

class Reader {
  readonly devices = new Map<number, RecordedDevice>();
  private readonly open = new Map<number, Open>();
  /** OUT transfers and requests so far, by device. */
  private readonly given = new Map<RecordedDevice, number>();
  private line = 0;

  constructor(private readonly file: string) {}

  fail(text: string): never {
    throw new RecordingError(`${this.file}:${this.line}: ${text}`);
  }

  take(text: string): void {
    this.line += 1;
    const event = this.parse(text);
    if (this.line === 1) this.header(event);
    else this.event(event);
  }

  private parse(text: string): Event {
    try {
      return JSON.parse(text) as Event;
    } catch {
      return this.fail('not a line of JSON; a recording ends with a whole line');
    }
  }

  private header(event: Event): void {
    if (event.dextgen !== 'recording') this.fail('not a recording of the simulator');
    if (event.version !== VERSION) {
      this.fail(`a recording of version ${event.version}; this reads version ${VERSION}`);
    }
  }

  private device(event: Event): RecordedDevice {
    return (
      this.devices.get(Number(event.device)) ??
      this.fail(`device ${event.device} is not plugged in`)
    );
  }

  private event(event: Event): void {
    if (event.event === 'plug') this.plug(event);
    else if (event.event === 'unplug') this.device(event).unplugged = ms(event.t);
    else if (event.event === 'in') this.transferIn(event);
    else if (event.event === 'out') this.transferOut(event);
    else if (event.event === 'control') this.request(event);
    else if (event.event === 'data' || event.event === 'taken') this.answer(event);
    else if (event.event === 'abort') this.open.delete(Number(event.transfer));
  }

  private plug(event: Event): void {
    const strings = Object.entries((event.strings ?? {}) as Record<string, string>);
    const device: RecordedDevice = {
      number: Number(event.device),
      plugged: ms(event.t),
      unplugged: null,
      speed: event.speed as UsbSpeed,
      descriptor: hex(event.descriptor),
      configurations: (event.configurations as string[]).map(hex),
      strings: Object.fromEntries(strings.map(([index, text]) => [index, hex(text)])),
      in: new Map(),
      out: new Map(),
      control: [],
    };
    this.devices.set(device.number, device);
  }

  private transferIn(event: Event): void {
    const device = this.device(event);
    const endpoint = Number(event.endpoint);
    const answers = device.in.get(endpoint) ?? [];
    device.in.set(endpoint, answers);
    const length = Number(event.length);
    const answered = (answer: RecordedAnswer): void => void answers.push({ ...answer, length });
    this.open.set(Number(event.transfer), { device, answered });
  }

  private transferOut(event: Event): void {
    const device = this.device(event);
    const endpoint = Number(event.endpoint);
    const out: RecordedOut = { line: this.line, data: hex(event.data), answer: null };
    device.out.set(endpoint, [...(device.out.get(endpoint) ?? []), out]);
    this.expect(event, device, out);
  }

  private request(event: Event): void {
    const device = this.device(event);
    const { line } = this;
    const [setup, data] = [hex(event.setup), hex(event.data)];
    const request: RecordedRequest = { line, setup, data, answer: null };
    device.control.push(request);
    this.expect(event, device, request);
  }

  private expect(event: Event, device: RecordedDevice, of: RecordedRequest | RecordedOut): void {
    this.given.set(device, (this.given.get(device) ?? 0) + 1);
    const answered = (answer: RecordedAnswer): void => {
      of.answer = answer;
    };
    this.open.set(Number(event.transfer), { device, answered });
  }

  private answer(event: Event): void {
    const transfer = this.open.get(Number(event.transfer));
    if (transfer === undefined) this.fail(`transfer ${event.transfer} is not under way`);
    this.open.delete(Number(event.transfer));
    const { device } = transfer;
    transfer.answered({
      line: this.line,
      at: ms(event.t) - device.plugged,
      status: Number(event.status),
      data: hex(event.data ?? ''),
      after: this.given.get(device) ?? 0,
    });
  }
}

/** The devices of a recording, in the order in which they were plugged in. */
export function readRecording(file: string): readonly RecordedDevice[] {
  const reader = new Reader(file);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new RecordingError(`${file}: ${(error as Error).message}`);
  }
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) throw new RecordingError(`${file}: the file is empty`);
  for (const line of lines) reader.take(line);
  return [...reader.devices.values()];
}
