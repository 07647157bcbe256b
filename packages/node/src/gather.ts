import type { Clock } from '@canswarm/ports';

/**
 * Gathers items to be handled together. After a quiet time they are handled as soon as the present turn ends; while there is
 * traffic, once in `gatherMs`, so that nothing waits longer than that.
 */
export class Gather<T> {
  readonly #clock: Clock;
  readonly #gatherMs: number;
  readonly #handle: (items: readonly T[]) => void;
  #items: T[] = [];
  #scheduled = false;
  #quietAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, gatherMs: number, handle: (items: readonly T[]) => void) {
    this.#clock = clock;
    this.#gatherMs = gatherMs;
    this.#handle = handle;
  }

  add(item: T): void {
    this.#items.push(item);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#clock.schedule(Math.max(0, Math.min(this.#gatherMs, this.#quietAt - this.#clock.now())), () => this.#flush());
  }

  /** Takes out what was not handled yet. */
  drain(): readonly T[] {
    return this.#items.splice(0);
  }

  #flush(): void {
    this.#scheduled = false;
    this.#quietAt = this.#clock.now() + this.#gatherMs;
    const items = this.drain();
    if (items.length > 0) this.#handle(items);
  }
}
