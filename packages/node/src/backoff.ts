import type { Clock, RandomStream } from '@canswarm/ports';

/** A duty that was refused or got no answer is tried again after this long. */
const RETRY_MS = 1_000;
const KEYS_MAX = 8_192;

/**
 * Duties that anyone may do wait a random time, so that one node does them and the others see it done. A key is
 * pending, or was submitted a moment ago, at most once.
 */
export class Backoff {
  readonly #clock: Clock;
  readonly #random: RandomStream;
  readonly #mostMs: number;
  readonly #pending = new Map<string, () => void>();
  readonly #quietUntil = new Map<string, number>();

  constructor(clock: Clock, random: RandomStream, mostMs: number) {
    this.#clock = clock;
    this.#random = random;
    this.#mostMs = mostMs;
  }

  /** Runs `task` after the backoff unless `key` waits already or was done a moment ago. */
  after(key: string, task: () => void): void {
    if (this.#pending.has(key) || this.quiet(key)) return;
    const cancel = this.#clock.schedule(this.#random.below(this.#mostMs + 1), () => {
      this.#pending.delete(key);
      task();
    });
    this.#pending.set(key, cancel);
  }

  /** Whether `key` was submitted a moment ago. */
  quiet(key: string): boolean {
    return (this.#quietUntil.get(key) ?? 0) > this.#clock.now();
  }

  /** Notes that `key` was submitted: it is not tried again for a while. */
  hush(key: string): void {
    if (this.#quietUntil.size >= KEYS_MAX) {
      const [oldest] = this.#quietUntil.keys();
      if (oldest !== undefined) this.#quietUntil.delete(oldest);
    }
    this.#quietUntil.delete(key);
    this.#quietUntil.set(key, this.#clock.now() + RETRY_MS);
  }

  /** When a duty that is quiet now may be tried again. */
  get retryMs(): number {
    return RETRY_MS;
  }

  close(): void {
    for (const cancel of this.#pending.values()) cancel();
    this.#pending.clear();
  }
}
