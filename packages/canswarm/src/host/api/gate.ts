import { Problem } from './http/problem.ts';

/** How many of something may be done at once; more are refused, not queued. */
export class Gate {
  readonly #most: number;
  readonly #what: string;
  #inside = 0;

  /** @param what such as "uploads" */
  constructor(most: number, what: string) {
    this.#most = most;
    this.#what = what;
  }

  /** Rejects with a Problem `busy`. */
  async pass<T>(act: () => Promise<T>): Promise<T> {
    if (this.#inside >= this.#most) {
      throw new Problem('busy', `the node takes ${this.#most} ${this.#what} at once`, 'Try again in a few seconds.');
    }
    this.#inside += 1;
    try {
      return await act();
    } finally {
      this.#inside -= 1;
    }
  }
}
