// Plays the device side of a recording: the same answers in the same order, each endpoint's when the host
// asks for it, and says where the host asks for something else. One device's part is a player's (player.ts).

import { HidPlayer } from './hid-player.js';
import { PciPlayer } from './pci-player.js';
import type { Cable, Divergence, Player, Players, Stage } from './player.js';
import type { Recorded } from './recorded.js';
import { readRecording } from './recording.js';
import { ScsiPlayer } from './scsi-player.js';
import { UsbPlayer } from './usb-player.js';

export type ReplayOptions = {
  /**
   * `recorded`: answers, plugs and unplugs no earlier than it was. `fast`: at once, and what was unplugged stays
   * until the next device of the recording comes, or `stop`. Default `recorded`.
   */
  readonly speed?: 'recorded' | 'fast';
  /** Called for each divergence as it is found. */
  readonly diverged?: (divergence: Divergence) => void;
};

export type Replay = {
  readonly divergences: readonly Divergence[];
  /** Resolves when everything recorded has been sent. */
  readonly finished: Promise<void>;
  /** Pulls the cables; what was not asked for by then is a divergence. */
  stop(): Promise<readonly Divergence[]>;
};

/** The devices of a recording on their way through it. */
class Run {
  readonly divergences: Divergence[] = [];
  /** Of the replay, by the machine's clock. */
  private begin = 0;
  private readonly fast: boolean;
  private readonly parts: readonly Part[];
  private stopped = false;

  constructor(
    private readonly players: Players,
    devices: readonly Recorded[],
    options: ReplayOptions,
  ) {
    this.fast = options.speed === 'fast';
    const report = (divergence: Divergence): void => {
      this.divergences.push(divergence);
      options.diverged?.(divergence);
    };
    this.parts = devices.map((device) => ({
      device,
      player: playerOf(device, { clock: this.clock, fast: this.fast, report }),
      cable: Promise.resolve(null),
    }));
  }

  private get clock() {
    return this.players.devices.clock;
  }

  async play(): Promise<void> {
    await this.players.devices.sync();
    this.begin = this.clock.now();
    for (const part of this.parts) part.cable = this.plug(part);
    await Promise.all(this.parts.map((part) => this.follow(part)));
  }

  async stop(): Promise<readonly Divergence[]> {
    this.stopped = true;
    for (const { player, cable } of this.parts) {
      player.reportRest();
      const plugged = await Promise.race([cable, Promise.resolve(null)]);
      await plugged?.unplug();
    }
    return this.divergences;
  }

  private until(at: number): Promise<void> {
    return new Promise((done) => {
      const wait = this.begin + at - this.clock.now();
      if (this.fast || wait <= 0) done();
      else this.clock.after(wait, done);
    });
  }

  private async plug({ device, player }: Part): Promise<Cable | null> {
    await this.until(device.plugged);
    if (this.fast) await this.takeAway(device.plugged);
    if (this.stopped) return null;
    player.start();
    return player.plug(this.players);
  }

  /** Resolves when it has said everything, and the recording has no more of it. */
  private async follow({ device, player, cable }: Part): Promise<void> {
    const plugged = await cable;
    await player.finished;
    if (device.unplugged === null || this.fast) return;
    // The host has as long for the last of it as it had.
    await this.until(device.unplugged + player.late);
    if (!this.stopped) await plugged?.unplug();
  }

  /** Of a fast replay: what had been unplugged by then goes once it has said everything. */
  private async takeAway(by: number): Promise<void> {
    for (const { device, player, cable } of this.parts) {
      if (device.unplugged === null || device.unplugged > by) continue;
      const plugged = await cable;
      await player.finished;
      await plugged?.unplug();
    }
  }
}

type Part = {
  readonly device: Recorded;
  readonly player: Player;
  cable: Promise<Cable | null>;
};

function playerOf(device: Recorded, stage: Stage): Player {
  switch (device.family) {
    case 'usb':
      return new UsbPlayer(device, stage);
    case 'hid':
      return new HidPlayer(device, stage);
    case 'pci':
      return new PciPlayer(device, stage);
    case 'scsi':
      return new ScsiPlayer(device, stage);
  }
}

/** Plugs the devices of a recording in, at their times. Throws RecordingError for a file it cannot read. */
export function replayRecording(
  players: Players,
  file: string,
  options: ReplayOptions = {},
): Replay {
  const run = new Run(players, readRecording(file), options);
  const finished = run.play();
  finished.catch(() => undefined); // whoever awaits it hears of it
  return { divergences: run.divergences, finished, stop: () => run.stop() };
}
