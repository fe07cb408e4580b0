// One recorded PCI function, played: its registers, interrupts, DMA and memory in the order of the recording, and
// where the driver does something else.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type PluggedPciDevice,
  plugRawPciDevice,
  type RawPciDevice,
  type RegisterAccess,
} from './pci-device.js';
import { type Cable, Player, type Players, type Stage } from './player.js';
import type {
  RecordedAccess,
  RecordedAnswer,
  RecordedDeed,
  RecordedPciDevice,
} from './recorded.js';
import { Turns } from './turns.js';

/** How long the driver may take to be where it was: to wait for an interrupt, to prepare memory, to fill it. */
const PATIENCE_MS = 5000;

type Asked = RegisterAccess & { readonly writes: boolean; readonly bar: number; value: bigint };

const place = ({ bar, offset, width }: Asked): string =>
  `${width} bytes at 0x${offset.toString(16)} of BAR ${bar}`;
const shown = (asked: Asked): string =>
  asked.writes
    ? `the write of 0x${asked.value.toString(16)}, ${place(asked)},`
    : `the read of ${place(asked)}`;

const isSame = (a: Asked, b: Asked): boolean =>
  a.writes === b.writes &&
  a.bar === b.bar &&
  a.offset === b.offset &&
  a.width === b.width &&
  a.value === b.value;

const numberIn = (bytes: Buffer): bigint =>
  bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);

export class PciPlayer extends Player<RecordedPciDevice> {
  private readonly turns: Turns<RecordedAnswer>;
  private nextAccess = 0;
  private nextConfigWrite = 0;

  constructor(device: RecordedPciDevice, stage: Stage) {
    const answers = device.accesses.flatMap(({ answer }) => (answer === null ? [] : [answer]));
    const said = [...answers, ...device.deeds].sort((a, b) => a.line - b.line);
    super(device, said.length, stage);
    this.turns = new Turns(said);
  }

  override async plug({ families }: Players): Promise<Cable> {
    const plugged = await plugRawPciDevice(families, this.rawDevice());
    void this.doAll(plugged).catch(() => undefined); // it was unplugged
    return this.cable(() => plugged.unplug());
  }

  private rawDevice(): RawPciDevice {
    const { config, bars } = this.device;
    return {
      config,
      bars: bars.map(({ registers, ...bar }) =>
        registers ? { ...bar, registers: this.registers(bar.bar) } : bar,
      ),
      configWritten: (write) => this.configWritten(write),
    };
  }

  private registers(bar: number) {
    return {
      read: (access: RegisterAccess) => this.answer({ ...access, writes: false, bar, value: 0n }),
      write: async (access: RegisterAccess & { readonly value: bigint }): Promise<undefined> => {
        await this.answer({ ...access, writes: true, bar });
      },
    };
  }

  /** Throws for a device that does not answer: the driver reads ones. */
  private async answer(asked: Asked): Promise<bigint> {
    const { access, answer } = this.find(asked);
    this.pace.heard();
    if (answer === null) throw new Error('the register did not answer');
    if (access !== null) await this.say(answer, async () => undefined);
    if (answer.status !== 0) throw new Error('the register did not answer');
    return numberIn(answer.data);
  }

  /** The next access of this kind; a read is never taken for one behind the next write. */
  private find(asked: Asked): { access: RecordedAccess | null; answer: RecordedAnswer | null } {
    const { accesses } = this.device;
    let at = this.nextAccess;
    while (at < accesses.length && !isSame(accesses[at] as Asked, asked)) {
      if (!asked.writes && accesses[at]?.writes === true) at = accesses.length;
      else at += 1;
    }
    const found = accesses[at];
    if (found === undefined) {
      const line = accesses[this.nextAccess]?.line ?? null;
      this.diverge(line, `${shown(asked)} was not recorded`);
      return { access: null, answer: asked.writes ? null : this.lastRead(asked) };
    }
    for (const missed of accesses.slice(this.nextAccess, at)) {
      this.diverge(missed.line, `${shown(missed)} was left out`);
      this.pace.heard();
      if (missed.answer !== null) this.skip(missed.answer);
    }
    this.nextAccess = at + 1;
    return { access: found, answer: found.answer };
  }

  /** What the register gave last: a driver that polls once more goes on. */
  private lastRead(asked: Asked): RecordedAnswer | null {
    const earlier = this.device.accesses.slice(0, this.nextAccess);
    return earlier.findLast((each) => isSame(each, asked))?.answer ?? null;
  }

  private configWritten(write: RegisterAccess & { readonly value: bigint }): void {
    const recorded = this.device.configWrites[this.nextConfigWrite];
    this.nextConfigWrite += 1;
    const text = ({ offset, width, value }: typeof write): string =>
      `0x${value.toString(16)}, ${width} bytes at 0x${offset.toString(16)}`;
    if (recorded === undefined) {
      this.diverge(null, `configuration space: ${text(write)} beyond the recording`);
    } else if (text(recorded) !== text(write)) {
      this.diverge(recorded.line, `configuration space: ${text(write)}, not ${text(recorded)}`);
    }
    this.pace.heard();
  }

  private async doAll(plugged: PluggedPciDevice): Promise<void> {
    for (const deed of this.device.deeds) {
      await this.say(deed, () => this.doIt(plugged, deed));
    }
  }

  private async say(answer: RecordedAnswer, act: () => Promise<void>): Promise<void> {
    await this.turns.turn(answer);
    await this.pace.due(answer);
    await act();
    this.skip(answer);
  }

  private skip(answer: RecordedAnswer): void {
    this.turns.over(answer);
    this.pace.said();
  }

  private async doIt(plugged: PluggedPciDevice, deed: RecordedDeed): Promise<void> {
    switch (deed.kind) {
      case 'store':
        plugged.bar(deed.bar).write(deed.offset, deed.data);
        return;
      case 'interrupt':
        await this.insist(deed, 'nobody waits for the interrupt', async () => {
          return (await plugged.interrupt(deed.message)) || !deed.taken;
        });
        return;
      case 'dma-write':
        await this.insist(deed, `no memory at 0x${deed.address.toString(16)}`, async () => {
          await plugged.writeMemory(deed.address, deed.data);
          return true;
        });
        return;
      case 'dma-read':
        await this.readBack(plugged, deed.address, deed);
    }
  }

  private async readBack(
    plugged: PluggedPciDevice,
    address: bigint,
    deed: RecordedAnswer,
  ): Promise<void> {
    const where = `at 0x${address.toString(16)}`;
    let found: Buffer | null = null;
    const equal = async (): Promise<boolean> => {
      found = await plugged.readMemory(address, deed.data.length);
      return found.equals(deed.data);
    };
    await this.insist(
      deed,
      () =>
        found === null
          ? `no memory ${where}`
          : `the memory ${where} is ${found.toString('hex')}, not ${deed.data.toString('hex')}`,
      equal,
    );
  }

  /** Until it works: the driver may be slower this time. */
  private async insist(
    deed: RecordedAnswer,
    complaint: string | (() => string),
    attempt: () => Promise<boolean>,
  ): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (!this.unplugged) {
      if (await attempt().catch(() => false)) return;
      if (performance.now() > end) {
        this.diverge(deed.line, typeof complaint === 'string' ? complaint : complaint());
        return;
      }
      await sleep(1);
    }
  }

  override reportRest(): void {
    const access = this.device.accesses[this.nextAccess];
    if (access !== undefined) this.diverge(access.line, `${shown(access)} did not come`);
    const write = this.device.configWrites[this.nextConfigWrite];
    if (write !== undefined) {
      this.diverge(
        write.line,
        `the write of 0x${write.offset.toString(16)} of the configuration space did not come`,
      );
    }
  }
}
