// When a recorded device may speak: not before its time, nor before it has heard what it had heard then.
import type { RecordedAnswer } from './recorded.js';
import type { MachineClock } from './time.js';

export class Pace {
  private given = 0;
  private startedAt = 0;
  private lastAt = 0;
  private finishedAt = 0;
  private readonly waiting = new Set<() => void>();
  private end: () => void = () => undefined;
  /** Resolves when everything has been said. */
  readonly finished: Promise<void>;

  constructor(
    private readonly clock: MachineClock,
    private readonly fast: boolean,
    private left: number,
  ) {
    this.finished = new Promise((done) => {
      this.end = done;
    });
    if (left === 0) this.end();
  }

  start(): void {
    this.startedAt = this.clock.now();
  }

  /** The device heard something: answers that came after it in the recording may go. */
  heard(): void {
    this.given += 1;
    for (const look of [...this.waiting]) look();
  }

  said(): void {
    this.left -= 1;
    this.finishedAt = this.clock.now();
    if (this.left === 0) this.end();
  }

  /** By how many milliseconds the last word came later than in the recording. */
  get late(): number {
    return Math.max(0, this.finishedAt - this.startedAt - this.lastAt);
  }

  /** Resolves when the recording lets the answer go. */
  async due(answer: RecordedAnswer): Promise<void> {
    this.lastAt = Math.max(this.lastAt, answer.at);
    while (answer.after > this.given) {
      await new Promise<void>((done) => {
        const look = (): void => {
          this.waiting.delete(look);
          done();
        };
        this.waiting.add(look);
      });
    }
    const wait = this.startedAt + answer.at - this.clock.now();
    if (!this.fast && wait > 0) await new Promise<void>((done) => this.clock.after(wait, done));
  }
}
