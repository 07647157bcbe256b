/** One thing that is to happen at a time. `run` is null once cancelled or taken. */
export interface QueuedEvent {
  readonly timeMs: number;
  /** Order among events of the same time: ascending by when they were queued. */
  readonly sequence: number;
  run: (() => void) | null;
}

function before(left: QueuedEvent, right: QueuedEvent): boolean {
  return left.timeMs < right.timeMs || (left.timeMs === right.timeMs && left.sequence < right.sequence);
}

/**
 * Events in order of (time, sequence): a binary heap. Cancelled events stay until they reach the top or make up half the
 * heap, whichever comes first.
 *
 * Invariant: every event stands before both its children at 2i + 1 and 2i + 2.
 */
export class EventQueue {
  #heap: QueuedEvent[] = [];
  #sequence = 0;
  #cancelled = 0;

  /** Events that are to happen. */
  get size(): number {
    return this.#heap.length - this.#cancelled;
  }

  /** Queues `run` and returns what cancels it. */
  add(timeMs: number, run: () => void): () => void {
    const event: QueuedEvent = { timeMs, sequence: this.#sequence, run };
    this.#sequence += 1;
    this.#heap.push(event);
    this.#up(this.#heap.length - 1);
    return () => {
      if (event.run === null) return;
      event.run = null;
      this.#cancelled += 1;
      if (this.#cancelled * 2 > this.#heap.length) this.#compact();
    };
  }

  /** Time of the next event, or undefined when nothing is to happen. */
  nextTimeMs(): number | undefined {
    while (this.#heap[0]?.run === null) {
      this.#removeTop();
      this.#cancelled -= 1;
    }
    return this.#heap[0]?.timeMs;
  }

  /** Takes the next event out and gives its task, or undefined when nothing is to happen. */
  take(): (() => void) | undefined {
    if (this.nextTimeMs() === undefined) return undefined;
    const event = this.#removeTop();
    const run = event?.run ?? undefined;
    if (event !== undefined) event.run = null;
    return run;
  }

  #removeTop(): QueuedEvent | undefined {
    const top = this.#heap[0];
    const last = this.#heap.pop();
    if (last !== undefined && last !== top) {
      this.#heap[0] = last;
      this.#down(0);
    }
    return top;
  }

  #compact(): void {
    this.#heap = this.#heap.filter((event) => event.run !== null);
    this.#cancelled = 0;
    for (let at = Math.floor(this.#heap.length / 2); at >= 0; at -= 1) this.#down(at);
  }

  #up(start: number): void {
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfBefore(at, parent)) return;
      at = parent;
    }
  }

  #down(start: number): void {
    let at = start;
    for (;;) {
      const left = 2 * at + 1;
      const smaller = this.#isBefore(left + 1, left) ? left + 1 : left;
      if (!this.#swapIfBefore(smaller, at)) return;
      at = smaller;
    }
  }

  #isBefore(left: number, right: number): boolean {
    const [a, b] = [this.#heap[left], this.#heap[right]];
    return a !== undefined && b !== undefined && before(a, b);
  }

  #swapIfBefore(left: number, right: number): boolean {
    const [a, b] = [this.#heap[left], this.#heap[right]];
    if (a === undefined || b === undefined || !before(a, b)) return false;
    this.#heap[left] = b;
    this.#heap[right] = a;
    return true;
  }
}
