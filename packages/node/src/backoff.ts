import type { Clock, RandomStream } from '@canswarm/ports';

const KEYS_MAX = 8_192;
/** Turns that are told apart; keys further back share the last one. */
const TURNS_MAX = 10;

/** When a node tries a duty that anyone may do. */
export interface Turn {
  /** How many others should try before; 0: this node is the first. */
  readonly place: number;
  /** Nothing more is to be gained by waiting. */
  readonly complete: boolean;
}

/** How long duties wait, ms. */
export interface Waits {
  /** From one place in turn to the next: long enough to see that the one before did it. */
  readonly turnMs: number;
  /** The random wait at most. */
  readonly mostMs: number;
}

/**
 * Duties that anyone may do wait for their turn and a random time, so that one node does them and the others see it
 * done. The first in turn does a complete duty at once. A key is pending, or was submitted a moment ago, at most once.
 */
export class Backoff {
  readonly #clock: Clock;
  readonly #random: RandomStream;
  readonly #waits: Waits;
  readonly #pending = new Map<string, () => void>();
  readonly #quietUntil = new Map<string, number>();

  constructor(clock: Clock, random: RandomStream, waits: Waits) {
    this.#clock = clock;
    this.#random = random;
    this.#waits = waits;
  }

  /** Runs `task` after the backoff unless `key` waits already or was done a moment ago. */
  after(key: string, turn: Turn, task: () => void): void {
    if (this.quiet(key)) return;
    const name = turn.complete ? completeName(key) : key;
    if (this.#pending.has(name)) return;
    const cancel = this.#clock.schedule(this.#delay(turn), () => {
      this.#pending.delete(name);
      task();
    });
    this.#pending.set(name, cancel);
  }

  /** Runs `task` after a random time unless `key` waits already: so that a `crowd` who would do alike do not do it at once. */
  spread(key: string, crowd: number, task: () => void): void {
    if (this.#pending.has(key)) return;
    const cancel = this.#clock.schedule(this.#random.below(crowd * this.#waits.mostMs + 1), () => {
      this.#pending.delete(key);
      task();
    });
    this.#pending.set(key, cancel);
  }

  #delay({ place, complete }: Turn): number {
    const { turnMs, mostMs } = this.#waits;
    if (place === 0 && complete) return 0;
    return Math.min(place, TURNS_MAX) * turnMs + (complete ? 0 : mostMs) + this.#random.below(mostMs + 1);
  }

  /** Whether `key` waits as a complete duty, or was submitted a moment ago: then to look for it again changes nothing. */
  isHeld(key: string): boolean {
    return this.#pending.has(completeName(key)) || this.quiet(key);
  }

  /** Whether `key` was submitted a moment ago. */
  quiet(key: string): boolean {
    return (this.#quietUntil.get(key) ?? 0) > this.#clock.now();
  }

  /** Notes that `key` was submitted: it is not tried again for `forMs`. */
  hush(key: string, forMs: number): void {
    if (this.#quietUntil.size >= KEYS_MAX) {
      const [oldest] = this.#quietUntil.keys();
      if (oldest !== undefined) this.#quietUntil.delete(oldest);
    }
    this.#quietUntil.delete(key);
    this.#quietUntil.set(key, this.#clock.now() + forMs);
  }

  close(): void {
    for (const cancel of this.#pending.values()) cancel();
    this.#pending.clear();
  }
}

const completeName = (key: string): string => `${key}/complete`;
