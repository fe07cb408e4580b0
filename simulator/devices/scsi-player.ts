// One recorded SCSI controller: the system's part is played, and what the driver answers is compared.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Cable, Player, type Players, type Stage } from './player.js';
import type { RecordedScsiAnswer, RecordedScsiBus, RecordedScsiTask } from './recorded.js';
import type { ScsiBus } from './scsi-bus.js';
import { SimulatorError } from './session.js';

/** How long a controller and its targets may take to be there. */
const PATIENCE_MS = 10_000;
const NO_DEVICE = 0xe00002c0;

type Outcome = Omit<RecordedScsiAnswer, 'line' | 'at' | 'after'>;

const none: Outcome = {
  ...{ status: 0, immediate: 0, completion: 0, service: 0, transferred: 0, response: 0 },
  sense: Buffer.alloc(0),
  data: Buffer.alloc(0),
};

const shown = (task: RecordedScsiTask): string =>
  task.kind === 'task'
    ? `task ${task.command.toString('hex')} for target ${task.target}`
    : `function ${task.function} for target ${task.target}`;

/** What differs, or nothing. */
function difference(found: Outcome, recorded: Outcome): string | undefined {
  const text = (value: number | Buffer): string =>
    typeof value === 'number' ? `0x${value.toString(16)}` : value.toString('hex');
  const keys = Object.keys(none) as (keyof Outcome)[];
  const key = keys.find((each) => text(found[each]) !== text(recorded[each]));
  return key === undefined
    ? undefined
    : `${key} is ${text(found[key])}, not ${text(recorded[key])}`;
}

export class ScsiPlayer extends Player<RecordedScsiBus> {
  private next = 0;

  constructor(bus: RecordedScsiBus, stage: Stage) {
    super(bus, bus.tasks.length, stage);
  }

  /** A driver makes the controller; there is nothing to plug in, or to pull. */
  override async plug({ openScsi }: Players): Promise<Cable> {
    void this.play(openScsi).catch((error) =>
      this.diverge(this.device.line, error instanceof Error ? error.message : String(error)),
    );
    return this.cable();
  }

  private async play(openScsi: Players['openScsi']): Promise<void> {
    if (this.device.tasks.length === 0) return;
    const bus = await openScsi({ name: this.device.name, timeout: PATIENCE_MS });
    this.pace.start();
    for (const task of this.device.tasks) {
      await this.pace.due({ ...task, status: 0, data: none.data });
      if (this.unplugged) return;
      this.next += 1;
      void this.ask(bus, task);
    }
  }

  private async ask(bus: ScsiBus, task: RecordedScsiTask): Promise<void> {
    if (task.answer === null) this.pace.said(); // nor may it be answered this time
    const end = performance.now() + PATIENCE_MS;
    let found = await outcomeOf(bus, task);
    // The target may be found later this time.
    while (found.status === NO_DEVICE && task.answer?.status !== NO_DEVICE) {
      if (this.unplugged || performance.now() > end) break;
      await sleep(1);
      found = await outcomeOf(bus, task);
    }
    if (task.answer === null) return;
    const text = difference(found, task.answer);
    if (text !== undefined) this.diverge(task.answer.line, `${shown(task)}: ${text}`);
    this.pace.heard();
    this.pace.said();
  }

  /** A driver that went with the replay has nothing to answer for. */
  protected override diverge(line: number | null, text: string): void {
    if (!this.unplugged) super.diverge(line, text);
  }

  override reportRest(): void {
    const task = this.device.tasks[this.next];
    if (task !== undefined) this.diverge(task.line, `${shown(task)} was not sent`);
  }
}

async function outcomeOf(bus: ScsiBus, task: RecordedScsiTask): Promise<Outcome> {
  try {
    if (task.kind === 'manage') {
      const response = await bus.manage(task.function as 0, task.target, task.lun, task.tag);
      return { ...none, response };
    }
    const { status: completion, ...rest } = await bus.send({
      target: task.target,
      lun: task.lun,
      command: task.command,
      out: task.data,
      inLength: task.length,
      attribute: task.attribute,
      timeoutMs: task.timeout,
    });
    return { ...none, ...rest, completion };
  } catch (error) {
    if (error instanceof SimulatorError && error.status !== null) {
      return { ...none, status: error.status };
    }
    throw error;
  }
}
