// One recorded USB device, played: what is left to say, what has been heard, and where the host does something else.
import type { Answer, ControlHandler, InEndpoint, OutEndpoint } from './endpoint.js';
import type { IsochronousEndpoint, IsochronousFrame } from './isochronous.js';
import { type Cable, Player, type Players, type Stage } from './player.js';
import type { RecordedAnswer, RecordedDevice, RecordedFrames } from './recorded.js';
import type { RawUsbDevice } from './usb-device.js';

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

/** A frame that was longer than the host had room for is cut on its way; its length is not. */
function framesOf(
  { statuses, lengths, data }: NonNullable<RecordedFrames['answer']>,
  isIn: boolean,
): IsochronousFrame[] {
  let at = 0;
  return statuses.map((status, i) => {
    if (status !== 0) return { status };
    const bytes = Buffer.alloc(isIn ? (lengths[i] ?? 0) : 0);
    at += data.copy(bytes, 0, at, at + bytes.length);
    return bytes;
  });
}

export class UsbPlayer extends Player<RecordedDevice> {
  private readonly nextIn = new Map<number, number>();
  private readonly nextOut = new Map<number, number>();
  private readonly nextFrames = new Map<number, number>();
  private nextRequest = 0;

  constructor(device: RecordedDevice, stage: Stage) {
    const given = [...device.out.values(), ...device.isochronous.values(), device.control].flat();
    const answers = given.filter((each) => each.answer !== null).length;
    super(device, [...device.in.values()].flat().length + answers, stage);
  }

  override async plug(host: Players): Promise<Cable> {
    return host.devices.plug(this.usbDevice());
  }

  private usbDevice(): RawUsbDevice {
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
      isochronous: Object.fromEntries(
        [...device.isochronous.keys()].map((endpoint) => [endpoint, this.frames(endpoint)]),
      ) as Record<number, IsochronousEndpoint>,
      control: (setup, data) => this.control(setupBytes(setup), Buffer.from(data)),
    };
  }

  private sent(answer: RecordedAnswer): Answer {
    this.pace.said();
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
        await Promise.race([this.pace.due(answer), aborted]);
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
      this.pace.heard();
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
      await this.pace.due(out.answer);
      this.sent(out.answer);
      return out.answer.status === 0 ? undefined : { status: out.answer.status };
    };
  }

  private frames(endpoint: number): IsochronousEndpoint {
    const expected = this.device.isochronous.get(endpoint) ?? [];
    return async ({ lengths, data }) => {
      const index = this.nextFrames.get(endpoint) ?? 0;
      this.nextFrames.set(endpoint, index + 1);
      const frames = expected[index];
      if (frames === undefined) {
        // Microphones are asked for ever; only what the host sends is something new.
        if (data.some((each) => each.length > 0)) {
          this.diverge(null, `${address(endpoint)}: ${data.length} frames beyond the recording`);
        }
        return undefined;
      }
      this.compareFrames(endpoint, frames, lengths, Buffer.concat(data));
      if (frames.answer === null) return undefined;
      await this.pace.due(frames.answer);
      this.pace.said();
      return framesOf(frames.answer, (endpoint & 0x80) !== 0);
    };
  }

  private compareFrames(
    endpoint: number,
    recorded: RecordedFrames,
    lengths: readonly number[],
    data: Buffer,
  ): void {
    if (`${lengths}` !== `${recorded.lengths}`) {
      const text = `frames of ${lengths} bytes, not ${recorded.lengths}`;
      this.diverge(recorded.line, `${address(endpoint)}: ${text}`);
    } else if (!recorded.data.equals(data)) {
      const found = data.toString('hex');
      const text = `the frames are ${found}, not ${recorded.data.toString('hex')}`;
      this.diverge(recorded.line, `${address(endpoint)}: ${text}`);
    }
  }

  private async control(setup: Buffer, data: Buffer): Promise<Answer> {
    const found = this.findRequest(setup, data);
    this.pace.heard();
    if (found === null || found.answer === null) return 'stall';
    await this.pace.due(found.answer);
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
    this.pace.heard();
    if (answer !== null) this.sent(answer);
  }

  override reportRest(): void {
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
    for (const [endpoint, transfers] of this.device.isochronous) {
      const next = this.nextFrames.get(endpoint) ?? 0;
      const first = transfers[next];
      if (first !== undefined) {
        const count = transfers.length - next;
        this.diverge(first.line, `${address(endpoint)}: ${count} transfers did not come`);
      }
    }
    const request = this.device.control[this.nextRequest];
    if (request !== undefined) {
      this.diverge(request.line, `the request ${request.setup.toString('hex')} did not come`);
    }
  }
}
