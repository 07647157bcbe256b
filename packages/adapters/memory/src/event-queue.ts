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
    this.#up(this.#heap.length - 1, event);
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
    if (last !== undefined && last !== top) this.#down(0, last);
    return top;
  }

  #compact(): void {
    this.#heap = this.#heap.filter((event) => event.run !== null);
    this.#cancelled = 0;
    for (let at = this.#heap.length >> 1; at >= 0; at -= 1) {
      const event = this.#heap[at];
      if (event !== undefined) this.#down(at, event);
    }
  }

  /** Puts an event where `start` is, or above it; what stood on the way comes down. */
  #up(start: number, event: QueuedEvent): void {
    const heap = this.#heap;
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || before(above, event)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  }

  /** Puts an event where `start` is, or below it; what stood on the way comes up. */
  #down(start: number, event: QueuedEvent): void {
    const heap = this.#heap;
    let at = start;
    for (;;) {
      const left = 2 * at + 1;
      const one = heap[left];
      if (one === undefined) break;
      const other = heap[left + 1];
      const isOther = other !== undefined && before(other, one);
      const child = isOther ? other : one;
      if (before(event, child)) break;
      heap[at] = child;
      at = isOther ? left + 1 : left;
    }
    heap[at] = event;
  }
}
