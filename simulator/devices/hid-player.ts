// One recorded HID device, played: its reports, its answers, and where the host does something else.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type HidDevice,
  type HidReportType,
  type PluggedHidDevice,
  plugHidDevice,
} from './hid-device.js';
import { type Cable, Player, type Players, type Stage } from './player.js';
import type { RecordedHidDevice, RecordedReportRequest } from './recorded.js';

type Asked = Pick<RecordedReportRequest, 'get' | 'type' | 'id' | 'length' | 'data'>;

const shown = ({ get, type, id, length, data }: Asked): string =>
  get
    ? `the request for report ${id} of type ${type}, ${length} bytes`
    : `report ${id} of type ${type}, ${data.toString('hex')},`;

const isSame = (a: Asked, b: Asked): boolean =>
  a.get === b.get &&
  a.type === b.type &&
  a.id === b.id &&
  a.length === b.length &&
  a.data.equals(b.data);

export class HidPlayer extends Player<RecordedHidDevice> {
  private next = 0;

  constructor(device: RecordedHidDevice, stage: Stage) {
    const answers = device.requests.filter(({ answer }) => answer !== null).length;
    super(device, answers + device.reports.length, stage);
  }

  override async plug({ families }: Players): Promise<Cable> {
    const plugged = await plugHidDevice(families, this.hidDevice());
    void this.sendAll(plugged).catch(() => undefined); // it was unplugged
    return this.cable(() => plugged.unplug());
  }

  private hidDevice(): HidDevice {
    const { name, properties, reportDescriptor } = this.device;
    const none = Buffer.alloc(0);
    return {
      name,
      properties,
      reportDescriptor,
      getReport: ({ type, id }, length) => this.answer({ get: true, type, id, length, data: none }),
      setReport: async ({ type, id }, data) => {
        const answer = await this.answer({ get: false, type, id, length: 0, data });
        return answer === 'unsupported' ? answer : undefined;
      },
    };
  }

  /** A report that somebody took is sent until somebody does: the driver may be slower this time. */
  private async sendAll(plugged: PluggedHidDevice): Promise<void> {
    for (const report of this.device.reports) {
      await this.pace.due(report);
      let taken = await plugged.send(report.data, report.type as HidReportType);
      while (report.taken && !taken && !this.unplugged) {
        await sleep(1);
        taken = await plugged.send(report.data, report.type as HidReportType);
      }
      this.pace.said();
    }
  }

  private async answer(asked: Asked): Promise<Buffer | 'unsupported'> {
    const { requests } = this.device;
    const at = requests.findIndex((each, i) => i >= this.next && isSame(each, asked));
    const found = requests[at];
    if (found === undefined) {
      this.pace.heard();
      this.diverge(requests[this.next]?.line ?? null, `${shown(asked)} was not recorded`);
      return 'unsupported';
    }
    for (const missed of requests.slice(this.next, at)) {
      this.diverge(missed.line, `${shown(missed)} was left out`);
      this.pace.heard();
      if (missed.answer !== null) this.pace.said();
    }
    this.next = at + 1;
    this.pace.heard();
    if (found.answer === null) return 'unsupported';
    await this.pace.due(found.answer);
    this.pace.said();
    return found.answer.status === 0 ? found.answer.data : 'unsupported';
  }

  override reportRest(): void {
    const request = this.device.requests[this.next];
    if (request !== undefined) this.diverge(request.line, `${shown(request)} did not come`);
  }
}
