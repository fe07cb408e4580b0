// Who speaks when: each of a list in its turn, whoever asks first.
export class Turns<T> {
  private at = 0;
  private readonly done = new Set<T>();
  private readonly waiting = new Set<() => void>();

  constructor(private readonly order: readonly T[]) {}

  /** Resolves when all before it are over. */
  async turn(one: T): Promise<void> {
    while (this.order[this.at] !== one) {
      await new Promise<void>((wake) => {
        this.waiting.add(wake);
      });
    }
  }

  over(one: T): void {
    this.done.add(one);
    let next = this.order[this.at];
    while (next !== undefined && this.done.has(next)) {
      this.at += 1;
      next = this.order[this.at];
    }
    const woken = [...this.waiting];
    this.waiting.clear();
    for (const wake of woken) wake();
  }
}
