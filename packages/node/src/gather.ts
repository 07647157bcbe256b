import type { Clock } from '@canswarm/ports';

/** Times that items are handled at once, before they have to be gathered. */
const AT_ONCE = 4;

/**
 * Gathers items to be handled together: as soon as the present turn ends, as long as that is not more often than once in `gatherMs`
 * on average; under more traffic, once in `gatherMs`. Nothing waits longer than that.
 */
export class Gather<T> {
  readonly #clock: Clock;
  readonly #gatherMs: number;
  readonly #handle: (items: readonly T[]) => void;
  #items: T[] = [];
  #scheduled = false;
  /** Until when what was handled has used up the share of one in `gatherMs`. */
  #spentUntil = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, gatherMs: number, handle: (items: readonly T[]) => void) {
    this.#clock = clock;
    this.#gatherMs = gatherMs;
    this.#handle = handle;
  }

  add(item: T): void {
    this.#items.push(item);
    if (this.#scheduled) return;
    this.#scheduled = true;
    const ahead = this.#spentUntil - this.#clock.now() - (AT_ONCE - 1) * this.#gatherMs;
    this.#clock.schedule(Math.max(0, Math.min(this.#gatherMs, ahead)), () => this.#flush());
  }

  /** Whether something was not handled yet. */
  get isWaiting(): boolean {
    return this.#items.length > 0;
  }

  /** Takes out what was not handled yet. */
  drain(): readonly T[] {
    return this.#items.splice(0);
  }

  #flush(): void {
    this.#scheduled = false;
    this.#spentUntil = Math.max(this.#clock.now(), this.#spentUntil) + this.#gatherMs;
    const items = this.drain();
    if (items.length > 0) this.#handle(items);
  }
}
