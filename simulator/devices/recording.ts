// A recording, as the kernel process writes it (docs/simulator.md): what each device said, in its order.
import { readFileSync } from 'node:fs';
import type { UsbSpeed } from './descriptors.js';
import type {
  RecordedAnswer,
  RecordedDevice,
  RecordedFrames,
  RecordedHidDevice,
  RecordedOut,
  RecordedReportRequest,
  RecordedRequest,
} from './recorded.js';
import type { Value } from './wire.js';

/** A recording that cannot be read; the message names the file and the line. */
export class RecordingError extends Error {
  override name = 'RecordingError';
}

type Recorded = RecordedDevice | RecordedHidDevice;

type Event = { readonly t: number; readonly event: string; readonly [key: string]: unknown };

/** A transfer under way in the recording. */
type Open = {
  readonly device: Recorded;
  answered(answer: RecordedAnswer, event: Event): void;
};

const VERSION = 1;
const ms = (nanoseconds: number): number => nanoseconds / 1e6;
const numbers = (list: unknown): number[] => (list as (number | string)[]).map(Number);
const hex = (text: unknown): Buffer => Buffer.from(String(text), 'hex');

/** What JSON has no kind for is an object with one member. */
function plistValue(value: unknown): Value {
  if (Array.isArray(value)) return value.map(plistValue);
  if (value === null || typeof value !== 'object') return value as Value;
  const members = value as Record<string, unknown>;
  if ('$data' in members) return new Uint8Array(hex(members.$data));
  if ('$number' in members) return BigInt(String(members.$number));
  return Object.fromEntries(Object.entries(members).map(([key, each]) => [key, plistValue(each)]));
}

class Reader {
  readonly devices = new Map<number, Recorded>();
  private readonly open = new Map<number, Open>();
  /** OUT transfers and requests so far, by device. */
  private readonly given = new Map<Recorded, number>();
  /** OUT transfers of an endpoint that are not answered; the device hears of the first alone. */
  private readonly queues = new Map<string, number[]>();
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

  private any(event: Event): Recorded {
    return (
      this.devices.get(Number(event.device)) ??
      this.fail(`device ${event.device} is not plugged in`)
    );
  }

  private device(event: Event): RecordedDevice {
    const device = this.any(event);
    return device.family === 'usb' ? device : this.fail(`device ${event.device} is not USB`);
  }

  private hid(event: Event): RecordedHidDevice {
    const device = this.any(event);
    return device.family === 'hid' ? device : this.fail(`device ${event.device} is not HID`);
  }

  private event(event: Event): void {
    const kinds: Readonly<Record<string, () => void>> = {
      plug: () => this.plug(event),
      unplug: () => {
        this.any(event).unplugged = ms(event.t);
      },
      in: () => this.transferIn(event),
      out: () => this.transferOut(event),
      control: () => this.request(event),
      isoch: () => this.frames(event),
      'hid-plug': () => this.plugHid(event),
      'hid-report': () => this.report(event),
      'hid-get': () => this.reportRequest(event, true),
      'hid-set': () => this.reportRequest(event, false),
      data: () => this.answer(event),
      taken: () => this.answer(event),
      frames: () => this.answer(event),
      abort: () => this.end(Number(event.transfer)),
    };
    kinds[event.event]?.();
  }

  private plug(event: Event): void {
    const strings = Object.entries((event.strings ?? {}) as Record<string, string>);
    const device: RecordedDevice = {
      family: 'usb',
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
      isochronous: new Map(),
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

  private frames(event: Event): void {
    const device = this.device(event);
    const endpoint = Number(event.endpoint);
    const frames: RecordedFrames = {
      line: this.line,
      lengths: numbers(event.lengths),
      data: hex(event.data),
      answer: null,
    };
    device.isochronous.set(endpoint, [...(device.isochronous.get(endpoint) ?? []), frames]);
    const answered: Open['answered'] = (answer, { statuses, lengths }) => {
      frames.answer = { ...answer, statuses: numbers(statuses), lengths: numbers(lengths) };
    };
    this.open.set(Number(event.transfer), { device, answered });
  }

  private plugHid(event: Event): void {
    this.devices.set(Number(event.device), {
      family: 'hid',
      number: Number(event.device),
      plugged: ms(event.t),
      unplugged: null,
      name: String(event.name),
      properties: plistValue(event.properties) as RecordedHidDevice['properties'],
      reportDescriptor: hex(event.reportDescriptor),
      reports: [],
      requests: [],
    });
  }

  private report(event: Event): void {
    const device = this.hid(event);
    device.reports.push({
      ...this.answerOf(event, device),
      type: Number(event.type),
      taken: event.taken === 1,
    });
  }

  private reportRequest(event: Event, get: boolean): void {
    const device = this.hid(event);
    const request: RecordedReportRequest = {
      line: this.line,
      get,
      type: Number(event.type),
      id: Number(event.id),
      length: Number(event.length ?? 0),
      data: hex(event.data ?? ''),
      answer: null,
    };
    device.requests.push(request);
    this.expect(event, device, request);
  }

  private hear(device: Recorded): void {
    this.given.set(device, (this.given.get(device) ?? 0) + 1);
  }

  /** The transfer has ended: the device hears of the one behind it. */
  private end(transfer: number): void {
    const { device } = this.open.get(transfer) ?? {};
    this.open.delete(transfer);
    for (const [key, queue] of this.queues) {
      const at = queue.indexOf(transfer);
      if (at < 0 || device === undefined) continue;
      queue.splice(at, 1);
      if (at === 0 && queue.length > 0) this.hear(device);
      if (queue.length === 0) this.queues.delete(key);
    }
  }

  private expect(
    event: Event,
    device: Recorded,
    of: RecordedRequest | RecordedOut | RecordedReportRequest,
  ): void {
    const transfer = Number(event.transfer);
    if (event.event === 'out') {
      const key = `${device.number} ${event.endpoint}`;
      const queue = [...(this.queues.get(key) ?? []), transfer];
      this.queues.set(key, queue);
      if (queue[0] === transfer) this.hear(device);
    } else {
      this.hear(device);
    }
    const answered = (answer: RecordedAnswer): void => {
      of.answer = answer;
    };
    this.open.set(Number(event.transfer), { device, answered });
  }

  private answer(event: Event): void {
    const transfer = this.open.get(Number(event.transfer));
    if (transfer === undefined) this.fail(`transfer ${event.transfer} is not under way`);
    transfer.answered(this.answerOf(event, transfer.device), event);
    this.end(Number(event.transfer));
  }

  private answerOf(event: Event, device: Recorded): RecordedAnswer {
    return {
      line: this.line,
      at: ms(event.t) - device.plugged,
      status: Number(event.status ?? 0),
      data: hex(event.data ?? ''),
      after: this.given.get(device) ?? 0,
    };
  }
}

/** The devices of a recording, in the order in which they were plugged in. */
export function readRecording(file: string): readonly (RecordedDevice | RecordedHidDevice)[] {
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
