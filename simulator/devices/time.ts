// The machine's clock as the device side follows it: it runs with this process's clock until the simulator
// holds it, and then moves only when it is stepped.

/** Milliseconds, or a number with its unit: `'10ms'`, `'2s'`, `'500us'`. */
export type Duration = number | `${number}${'us' | 'ms' | 's'}`;

const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000 };

export function milliseconds(duration: Duration): number {
  if (typeof duration === 'number') return duration;
  const [, count, unit] = /^(\d+(?:\.\d+)?)(us|ms|s)$/.exec(duration) ?? [];
  const factor = UNITS[unit ?? ''];
  if (factor === undefined) {
    throw new RangeError(`"${duration}" is no duration; write it like 500us, 10ms or 2s`);
  }
  return Number(count) * factor;
}

export const nanosecondsToMs = (nanoseconds: bigint): number => Number(nanoseconds) / 1e6;

export type DeviceClock = {
  /** Milliseconds. */
  now(): number;
  /** Runs once, that many milliseconds from now. Returns what cancels it. */
  after(delay: number, run: () => void): () => void;
};

type Timer = {
  readonly deadline: number;
  readonly run: () => void;
  timeout: NodeJS.Timeout | null;
};

export class MachineClock implements DeviceClock {
  private held = false;
  /** Held, the time; running, what to add to this process's clock. */
  private value = 0;
  private readonly timers = new Set<Timer>();

  now(): number {
    return this.held ? this.value : performance.now() + this.value;
  }

  after(delay: number, run: () => void): () => void {
    const timer: Timer = { deadline: this.now() + Math.max(0, delay), run, timeout: null };
    this.timers.add(timer);
    this.arm(timer);
    return () => this.drop(timer);
  }

  /** Infinity when nothing waits. */
  nextDeadline(): number {
    return Math.min(...[...this.timers].map(({ deadline }) => deadline));
  }

  /** The machine's clock was held, moved or resumed. */
  change(held: boolean, now: number): void {
    this.held = held;
    this.value = held ? now : now - performance.now();
    for (const timer of this.timers) this.arm(timer);
    if (held) this.runDue();
  }

  private runDue(): void {
    for (;;) {
      const due = [...this.timers].filter(({ deadline }) => deadline <= this.value);
      const [first] = due.sort((a, b) => a.deadline - b.deadline);
      if (first === undefined) return;
      this.drop(first);
      first.run();
    }
  }

  private arm(timer: Timer): void {
    if (timer.timeout !== null) clearTimeout(timer.timeout);
    timer.timeout = null;
    if (this.held) return;
    // The session keeps a process alive, not the clock of a device that nobody asks any more.
    timer.timeout = setTimeout(
      () => {
        this.drop(timer);
        timer.run();
      },
      Math.max(0, timer.deadline - this.now()),
    ).unref();
  }

  private drop(timer: Timer): void {
    if (timer.timeout !== null) clearTimeout(timer.timeout);
    this.timers.delete(timer);
  }
}

/** For what is not plugged into a simulator. */
export const realClock: DeviceClock = new MachineClock();
