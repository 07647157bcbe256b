/** Requests that a connection may make at once after a pause, and how many more each second. */
export interface RateLimit {
  readonly burst: number;
  readonly perSecond: number;
}

/** How fast each connection asks. What is known of a connection goes with it. */
export class Rate {
  readonly #limit: RateLimit;
  readonly #left = new WeakMap<object, { tokens: number; atMs: number }>();

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** Whether this connection may ask once more now. */
  take(connection: object): boolean {
    const { burst, perSecond } = this.#limit;
    const nowMs = performance.now();
    const known = this.#left.get(connection) ?? { tokens: burst, atMs: nowMs };
    const tokens = Math.min(burst, known.tokens + ((nowMs - known.atMs) * perSecond) / 1_000);
    this.#left.set(connection, { tokens: Math.max(0, tokens - 1), atMs: nowMs });
    return tokens >= 1;
  }
}
