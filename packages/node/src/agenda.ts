import type { NeedId } from '@canswarm/protocol';

/**
 * What a node looks at next: needs that something happened to, and local times to wake at. A need is looked at once
 * however often it was touched, so that a look costs no more than what changed.
 */
export class WorkList {
  readonly #dirty = new Set<NeedId>();
  readonly #wakes = new Map<NeedId, number>();

  touch(need: NeedId): void {
    this.#dirty.add(need);
  }

  /** Look at `need` again at local time `at` (ms), or when something happens; null: only then. */
  wake(need: NeedId, at: number | null): void {
    if (at === null) this.#wakes.delete(need);
    else this.#wakes.set(need, at);
  }

  forget(need: NeedId): void {
    this.#dirty.delete(need);
    this.#wakes.delete(need);
  }

  /** Takes the needs due at local time `now`. */
  take(now: number): readonly NeedId[] {
    for (const [need, at] of this.#wakes) {
      if (at > now) continue;
      this.#wakes.delete(need);
      this.#dirty.add(need);
    }
    const due = [...this.#dirty];
    this.#dirty.clear();
    return due;
  }

  /** The next local time to look although nothing happened, or null. */
  nextWake(): number | null {
    let next: number | null = null;
    for (const at of this.#wakes.values()) if (next === null || at < next) next = at;
    return next;
  }
}
