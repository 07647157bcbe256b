interface Timer {
  /** On the monotonic clock. */
  readonly dueMs: number;
  /** On the wall clock as the caller sees it. */
  readonly notBeforeMs: number;
  readonly task: () => void;
}

/**
 * Tasks in order of (due time, order added), run by one native timer. One task runs a turn of the event loop, so promise
 * reactions and IO come between tasks that are due together.
 *
 * Invariant: `timers` is sorted by due time, equal ones in the order added; while it is not empty a native timer is armed.
 */
export class TimerQueue {
  readonly #now: () => number;
  readonly #monotonic: () => number;
  readonly #timers: Timer[] = [];
  #disarm: () => void = () => {};

  /** Both clocks give integers of milliseconds. */
  constructor(now: () => number, monotonic: () => number) {
    this.#now = now;
    this.#monotonic = monotonic;
  }

  /** Adds a task and returns what cancels it. */
  add(delayMs: number, task: () => void): () => void {
    const timer: Timer = { dueMs: this.#monotonic() + delayMs, notBeforeMs: this.#now() + delayMs, task };
    const at = this.#placeOf(timer.dueMs);
    this.#timers.splice(at, 0, timer);
    if (at === 0) this.#arm();
    return () => {
      const found = this.#timers.indexOf(timer);
      if (found < 0) return;
      this.#timers.splice(found, 1);
      if (found === 0) this.#arm();
    };
  }

  /** Index behind all timers due at that time or earlier. */
  #placeOf(dueMs: number): number {
    let [low, high] = [0, this.#timers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const timer = this.#timers[middle];
      if (timer !== undefined && timer.dueMs <= dueMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Milliseconds until the timer may run; 0 when it may. */
  #waitMs(timer: Timer): number {
    const restMs = timer.dueMs - this.#monotonic();
    if (restMs > 0) return restMs;
    // Both clocks are rounded down, so the wall clock may lag by one: that is waited for, a jump of it is not.
    return restMs === 0 && this.#now() < timer.notBeforeMs ? 1 : 0;
  }

  #arm(): void {
    this.#disarm();
    this.#disarm = () => {};
    const [next] = this.#timers;
    if (next === undefined) return;
    const waitMs = this.#waitMs(next);
    if (waitMs === 0) {
      const immediate = setImmediate(() => this.#turn());
      this.#disarm = () => clearImmediate(immediate);
    } else {
      const timeout = setTimeout(() => this.#turn(), waitMs);
      this.#disarm = () => clearTimeout(timeout);
    }
  }

  #turn(): void {
    const [next] = this.#timers;
    const isDue = next !== undefined && this.#waitMs(next) === 0;
    if (isDue) this.#timers.shift();
    this.#arm();
    if (isDue) next.task();
  }
}
