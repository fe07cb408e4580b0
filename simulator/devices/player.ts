// One recorded device, played: what is left to say, what has been heard, and where the host does something else.
import type { Answer, ControlHandler, InEndpoint, OutEndpoint } from './endpoint.js';
import type { RecordedAnswer, RecordedDevice } from './recording.js';
import type { MachineClock } from './time.js';
import type { RawUsbDevice } from './usb-device.js';

/** The host did something else than in the recording. */
export type Divergence = {
  /** Line of the recording; null for what goes beyond it. */
  readonly line: number | null;
  readonly device: number;
  readonly text: string;
};

const setupBytes = (setup: Parameters<ControlHandler>[0]): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt8(setup.requestType, 0);
  bytes.writeUInt8(setup.request, 1);
  bytes.writeUInt16LE(setup.value, 2);
  bytes.writeUInt16LE(setup.index, 4);
  bytes.writeUInt16LE(setup.length, 6);
  return bytes;
};

const address = (endpoint: number): string =>
  `endpoint 0x${endpoint.toString(16).padStart(2, '0')}`;

/** One recorded device: what is left to say, and what has been heard. */
export class Player {
  private given = 0;
  private left: number;
  private readonly waiting = new Set<() => void>();
  private readonly endings: (() => void)[] = [];
  private readonly nextIn = new Map<number, number>();
  private readonly nextOut = new Map<number, number>();
  private nextRequest = 0;
  private pluggedAt = 0;
  readonly finished: Promise<void>;

  constructor(
    private readonly device: RecordedDevice,
    private readonly clock: MachineClock,
    private readonly fast: boolean,
    private readonly report: (divergence: Divergence) => void,
  ) {
    const answers = [...device.in.values()].reduce((sum, list) => sum + list.length, 0);
    const given = [...device.out.values()].flat().concat(device.control as never[]);
    this.left = answers + given.filter(({ answer }) => answer !== null).length;
    this.finished = new Promise((done) => this.endings.push(done));
    if (this.left === 0) this.end();
  }

  private end(): void {
    for (const ending of this.endings) ending();
  }

  start(): void {
    this.pluggedAt = this.clock.now();
  }

  usbDevice(): RawUsbDevice {
    const { device } = this;
    const ins = [...device.in.keys()].map((endpoint) => [endpoint, this.inEndpoint(endpoint)]);
    const outs = [...device.out.keys()].map((endpoint) => [endpoint, this.outEndpoint(endpoint)]);
    return {
      speed: device.speed,
      descriptors: {
        device: device.descriptor,
        configurations: device.configurations,
        strings: device.strings,
      },
      in: Object.fromEntries(ins) as Record<number, InEndpoint>,
      out: Object.fromEntries(outs) as Record<number, OutEndpoint>,
      control: (setup, data) => this.control(setupBytes(setup), Buffer.from(data)),
    };
  }

  private diverge(line: number | null, text: string): void {
    this.report({ line, device: this.device.number, text });
  }

  /** The device heard something: answers that came after it in the recording may go. */
  private heard(): void {
    this.given += 1;
    for (const look of [...this.waiting]) look();
  }

  /** Resolves when the recording lets the answer go. */
  private async due(answer: RecordedAnswer): Promise<void> {
    while (answer.after > this.given) {
      await new Promise<void>((done) => {
        const look = (): void => {
          this.waiting.delete(look);
          done();
        };
        this.waiting.add(look);
      });
    }
    const wait = this.pluggedAt + answer.at - this.clock.now();
    if (!this.fast && wait > 0) await new Promise<void>((done) => this.clock.after(wait, done));
  }

  private sent(answer: RecordedAnswer): Answer {
    this.left -= 1;
    if (this.left === 0) this.end();
    return { status: answer.status, data: answer.data };
  }

  private inEndpoint(endpoint: number): InEndpoint {
    const answers = this.device.in.get(endpoint) ?? [];
    return {
      take: async ({ length, signal }) => {
        const index = this.nextIn.get(endpoint) ?? 0;
        const answer = answers[index];
        const aborted = new Promise<never>((_, giveUp) =>
          signal.addEventListener('abort', () => giveUp(new Error('transfer aborted'))),
        );
        aborted.catch(() => undefined);
        // Beyond the recording the device has nothing to say.
        if (answer === undefined) return aborted;
        await Promise.race([this.due(answer), aborted]);
        this.nextIn.set(endpoint, index + 1);
        if (length !== answer.length) {
          const text = `${address(endpoint)}: ${length} bytes are asked for, ${answer.length} were`;
          this.diverge(answer.line, text);
        }
        return this.sent(answer);
      },
    };
  }

  private outEndpoint(endpoint: number): OutEndpoint {
    const expected = this.device.out.get(endpoint) ?? [];
    return async (data) => {
      const index = this.nextOut.get(endpoint) ?? 0;
      this.nextOut.set(endpoint, index + 1);
      const out = expected[index];
      this.heard();
      if (out === undefined) {
        this.diverge(null, `${address(endpoint)}: ${data.length} bytes beyond the recording`);
        return undefined;
      }
      if (!out.data.equals(data)) {
        const found = Buffer.from(data).toString('hex');
        this.diverge(
          out.line,
          `${address(endpoint)}: the data is ${found}, not ${out.data.toString('hex')}`,
        );
      }
      if (out.answer === null) return undefined;
      await this.due(out.answer);
      this.sent(out.answer);
      return out.answer.status === 0 ? undefined : { status: out.answer.status };
    };
  }

  private async control(setup: Buffer, data: Buffer): Promise<Answer> {
    const found = this.findRequest(setup, data);
    this.heard();
    if (found === null || found.answer === null) return 'stall';
    await this.due(found.answer);
    return this.sent(found.answer);
  }

  /** The next request, or the next one of this kind; what lies between was not asked this time. */
  private findRequest(setup: Buffer, data: Buffer) {
    const { control } = this.device;
    const same = (i: number): boolean =>
      control[i]?.setup.equals(setup) === true && control[i]?.data.equals(data) === true;
    let at = this.nextRequest;
    while (at < control.length && !same(at)) at += 1;
    const shown = `${setup.toString('hex')}${data.length > 0 ? ` with ${data.toString('hex')}` : ''}`;
    if (at === control.length) {
      this.diverge(
        control[this.nextRequest]?.line ?? null,
        `the request ${shown} was not recorded`,
      );
      return null;
    }
    for (const missed of control.slice(this.nextRequest, at)) {
      this.diverge(missed.line, `the request ${missed.setup.toString('hex')} was left out`);
      this.skip(missed.answer);
    }
    this.nextRequest = at + 1;
    return control[at] ?? null;
  }

  private skip(answer: RecordedAnswer | null): void {
    this.heard();
    if (answer !== null) this.sent(answer);
  }

  /** What the host has not asked for. */
  reportRest(): void {
    for (const [endpoint, answers] of this.device.in) {
      const first = answers[this.nextIn.get(endpoint) ?? 0];
      if (first !== undefined) {
        const count = answers.length - (this.nextIn.get(endpoint) ?? 0);
        this.diverge(first.line, `${address(endpoint)}: ${count} answers were not asked for`);
      }
    }
    for (const [endpoint, outs] of this.device.out) {
      const first = outs[this.nextOut.get(endpoint) ?? 0];
      if (first !== undefined)
        this.diverge(first.line, `${address(endpoint)}: the data did not come`);
    }
    const request = this.device.control[this.nextRequest];
    if (request !== undefined) {
      this.diverge(request.line, `the request ${request.setup.toString('hex')} did not come`);
    }
  }
}
