import { popHeap, pushHeap } from '@canswarm/kernel';
import type { NeedId } from '@canswarm/protocol';

interface Wake {
  readonly need: NeedId;
  readonly at: number;
}

/** Wakes that were put off may stay among those that are due, so that few are not cleared again and again. */
const SLACK = 64;

/**
 * What a node looks at next: needs that something happened to, and local times to wake at. A need is looked at once
 * however often it was touched, so that a look costs no more than what changed, however many needs are open.
 */
export class WorkList {
  readonly #dirty = new Set<NeedId>();
  /** The truth; the heap holds these, and some that were put off. */
  readonly #wakes = new Map<NeedId, number>();
  #heap: Wake[] = [];

  touch(need: NeedId): void {
    this.#dirty.add(need);
  }

  /** Look at `need` again at local time `at` (ms), or when something happens; null: only then. */
  wake(need: NeedId, at: number | null): void {
    if (at === null) {
      this.#wakes.delete(need);
      return;
    }
    if (this.#wakes.get(need) === at) return;
    this.#wakes.set(need, at);
    pushHeap(this.#heap, { need, at }, before);
    if (this.#heap.length > SLACK + 2 * this.#wakes.size) {
      // What is sorted is a heap.
      this.#heap = [...this.#wakes]
        .map(([id, time]) => ({ need: id, at: time }))
        .sort((a, b) => (before(a, b) ? -1 : 1));
    }
  }

  forget(need: NeedId): void {
    this.#dirty.delete(need);
    this.#wakes.delete(need);
  }

  /** Takes the needs due at local time `now`. */
  take(now: number): readonly NeedId[] {
    for (let top = this.#top(); top !== undefined && top.at <= now; top = this.#top()) {
      popHeap(this.#heap, before);
      this.#wakes.delete(top.need);
      this.#dirty.add(top.need);
    }
    const due = [...this.#dirty];
    this.#dirty.clear();
    return due;
  }

  /** The next local time to look although nothing happened, or null. */
  nextWake(): number | null {
    return this.#top()?.at ?? null;
  }

  #top(): Wake | undefined {
    for (;;) {
      const top = this.#heap[0];
      if (top === undefined || this.#wakes.get(top.need) === top.at) return top;
      popHeap(this.#heap, before);
    }
  }
}

const before = (a: Wake, b: Wake): boolean => a.at < b.at || (a.at === b.at && a.need < b.need);
