// A recorded device, played: what all kinds of them have in common. Each kind is a file of its own (usb-player.ts …).
import type { DeviceHost } from './device-host.js';
import type { FamilySession } from './family-session.js';
import { Pace } from './pace.js';
import type { Recorded } from './recorded.js';
import type { ScsiBus, ScsiQuery } from './scsi-bus.js';
import type { MachineClock } from './time.js';

/** The host did something else than in the recording. */
export type Divergence = {
  /** Line of the recording; null for what goes beyond it. */
  readonly line: number | null;
  readonly device: number;
  readonly text: string;
};

/** What a device is plugged into. */
export type Players = {
  readonly devices: DeviceHost;
  readonly families: FamilySession;
  openScsi(query: ScsiQuery): Promise<ScsiBus>;
};
export type Cable = { unplug(): Promise<void> };

/** How a replay goes, for all of its devices. */
export type Stage = {
  readonly clock: MachineClock;
  /** As soon as the host lets it, instead of at the recorded times. */
  readonly fast: boolean;
  readonly report: (divergence: Divergence) => void;
};

export abstract class Player<Device extends Recorded = Recorded> {
  protected readonly pace: Pace;
  /** Whether its cable was pulled. */
  protected unplugged = false;
  private readonly report: Stage['report'];

  /** `words`: how often the device says something by itself or in answer. */
  protected constructor(
    protected readonly device: Device,
    words: number,
    { clock, fast, report }: Stage,
  ) {
    this.pace = new Pace(clock, fast, words);
    this.report = report;
  }

  abstract plug(host: Players): Promise<Cable>;

  /** What the host has not done, as divergences. */
  abstract reportRest(): void;

  /** Its times count from now. */
  start(): void {
    this.pace.start();
  }

  /** Resolves when it has said everything. */
  get finished(): Promise<void> {
    return this.pace.finished;
  }

  /** By how many milliseconds its last word came later than in the recording. */
  get late(): number {
    return this.pace.late;
  }

  /** The cable of what was plugged; a player that insists stops when it is pulled. */
  protected cable(unplug: () => Promise<void> = async () => undefined): Cable {
    return {
      unplug: async () => {
        this.unplugged = true;
        await unplug();
      },
    };
  }

  protected diverge(line: number | null, text: string): void {
    this.report({ line, device: this.device.number, text });
  }
}
