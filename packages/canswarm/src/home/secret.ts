import { inspect } from 'node:util';

const SHOWN = '[secret]';

/**
 * A key or passphrase in memory. However it is printed, logged, inspected or made JSON it says `[secret]`; only `reveal`
 * gives what is inside, so each place that does can be found by that word.
 */
export class Secret<T extends string | Uint8Array> {
  readonly #value: T;

  /** Bytes are kept as they are, not copied: the secret owns them from now on. */
  constructor(value: T) {
    this.#value = value;
  }

  /** The value itself. Bytes are a copy, the caller's to keep or wipe. */
  reveal(): T {
    return this.#value instanceof Uint8Array ? (this.#value.slice() as T) : this.#value;
  }

  /** Overwrites bytes with zeros; the secret is worth nothing afterwards. Text cannot be overwritten. */
  wipe(): void {
    if (this.#value instanceof Uint8Array) this.#value.fill(0);
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [Symbol.toPrimitive](): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}
