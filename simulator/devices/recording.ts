// A recording, as the kernel process writes it (docs/simulator.md): what each device said, in its order.
import { readFileSync } from 'node:fs';
import type { UsbSpeed } from './descriptors.js';
import type {
  Recorded,
  RecordedAnswer,
  RecordedDevice,
  RecordedFrames,
  RecordedOut,
  RecordedRequest,
} from './recorded.js';
import { type Event, type Events, hex, ms, numbers, type Reader } from './recording-event.js';
import { hidEvents } from './recording-hid.js';
import { pciEvents } from './recording-pci.js';
import { scsiEvents } from './recording-scsi.js';

/** A recording that cannot be read; the message names the file and the line. */
export class RecordingError extends Error {
  override name = 'RecordingError';
}

/** A transfer under way in the recording. */
type Open = {
  readonly device: Recorded;
  answered(answer: RecordedAnswer, event: Event): void;
};

const VERSION = 1;

class FileReader implements Reader {
  readonly devices = new Map<number, Recorded>();
  private readonly open = new Map<number, Open>();
  /** OUT transfers and requests so far, by device. */
  private readonly given = new Map<Recorded, number>();
  /** What waits for one answer after the other, as OUT transfers of an endpoint. */
  private readonly queues = new Map<string, number[]>();
  line = 0;
  private readonly families: Events = {
    ...hidEvents(this),
    ...pciEvents(this),
    ...scsiEvents(this),
  };

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

  of<F extends Recorded['family']>(family: F, event: Event): Extract<Recorded, { family: F }> {
    const device = this.any(event);
    return device.family === family
      ? (device as Extract<Recorded, { family: F }>)
      : this.fail(`device ${event.device} is not ${family.toUpperCase()}`);
  }

  private event(event: Event): void {
    this.families[event.event]?.(event);
    const kinds: Readonly<Record<string, () => void>> = {
      plug: () => this.plug(event),
      unplug: () => {
        this.any(event).unplugged = ms(event.t);
      },
      in: () => this.transferIn(event),
      out: () => this.transferOut(event),
      control: () => this.request(event),
      isoch: () => this.frames(event),
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
    const device = this.of('usb', event);
    const endpoint = Number(event.endpoint);
    const answers = device.in.get(endpoint) ?? [];
    device.in.set(endpoint, answers);
    const length = Number(event.length);
    const answered = (answer: RecordedAnswer): void => void answers.push({ ...answer, length });
    this.open.set(Number(event.transfer), { device, answered });
  }

  private transferOut(event: Event): void {
    const device = this.of('usb', event);
    const endpoint = Number(event.endpoint);
    const out: RecordedOut = { line: this.line, data: hex(event.data), answer: null };
    device.out.set(endpoint, [...(device.out.get(endpoint) ?? []), out]);
    this.expect(event, device, out, `endpoint ${event.endpoint}`);
  }

  private request(event: Event): void {
    const device = this.of('usb', event);
    const { line } = this;
    const [setup, data] = [hex(event.setup), hex(event.data)];
    const request: RecordedRequest = { line, setup, data, answer: null };
    device.control.push(request);
    this.expect(event, device, request);
  }

  private frames(event: Event): void {
    const device = this.of('usb', event);
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

  hear(device: Recorded): void {
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

  expect(
    event: Event,
    device: Recorded,
    of: { answer: RecordedAnswer | null },
    queued?: string,
  ): void {
    const transfer = Number(event.transfer);
    if (queued !== undefined) {
      const key = `${device.number} ${queued}`;
      const queue = [...(this.queues.get(key) ?? []), transfer];
      this.queues.set(key, queue);
      if (queue[0] === transfer) this.hear(device);
    } else {
      this.hear(device);
    }
    const answered = (answer: RecordedAnswer): void => {
      of.answer = answer;
    };
    this.await(event, device, answered);
  }

  await(event: Event, device: Recorded, answered: Open['answered']): void {
    this.open.set(Number(event.transfer), { device, answered });
  }

  answer(event: Event): void {
    const transfer = this.open.get(Number(event.transfer));
    if (transfer === undefined) this.fail(`transfer ${event.transfer} is not under way`);
    transfer.answered(this.answerOf(event, transfer.device), event);
    this.end(Number(event.transfer));
  }

  answerOf(event: Event, device: Recorded): RecordedAnswer {
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
export function readRecording(file: string): readonly Recorded[] {
  const reader = new FileReader(file);
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
