import { StorageError } from '@canswarm/ports';

/**
 * Keeps a sweep apart from everything else that changes the store, within this handle.
 *
 * Invariant: while an exclusive work runs no other does.
 */
export class Gate {
  readonly #shared = new Set<Promise<unknown>>();
  #exclusive: Promise<unknown> | null = null;
  #closed = false;

  /** Work of which any number may run at once. Rejects with `closed` after close. */
  async shared<T>(work: () => Promise<T>): Promise<T> {
    this.assertOpen();
    while (this.#exclusive !== null) await this.#exclusive;
    const running = work();
    const settled = Promise.allSettled([running]);
    this.#shared.add(settled);
    try {
      return await running;
    } finally {
      this.#shared.delete(settled);
    }
  }

  /** Work that runs alone. */
  async exclusive<T>(work: () => Promise<T>): Promise<T> {
    this.assertOpen();
    while (this.#exclusive !== null) await this.#exclusive;
    const running = Promise.all(this.#shared).then(work);
    this.#exclusive = Promise.allSettled([running]);
    try {
      return await running;
    } finally {
      this.#exclusive = null;
    }
  }

  /** Refuses what comes later and resolves when nothing runs any more. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#exclusive !== null || this.#shared.size > 0) await Promise.all([this.#exclusive, ...this.#shared]);
  }

  assertOpen(): void {
    if (this.#closed) throw new StorageError('closed', 'the content store is closed');
  }
}
