import { chainNext } from '@canswarm/kernel';
import type { Sha256 } from '@canswarm/protocol';

const STRIDE = 256;

/**
 * A verifier's hash chain: value `length` is the tip that JOIN or the genesis commits to, value `i` hashes to value
 * `i + 1`. Keeps every 256th value and computes the rest. Source: `spec/05-committees.md`, seeds.
 */
export class HashChain {
  readonly length: number;
  readonly #marks: Uint8Array[] = [];
  readonly #sha256: Sha256;
  readonly tip: Uint8Array;
  #kept: { readonly number: number; readonly values: readonly Uint8Array[] } | null = null;

  /** `secret` is 32 random bytes that nobody else ever sees. */
  constructor(secret: Uint8Array, length: number, sha256: Sha256) {
    this.length = length;
    this.#sha256 = sha256;
    let value = secret;
    for (let index = 0; index < length; index += 1) {
      if (index % STRIDE === 0) this.#marks.push(value);
      value = chainNext(sha256, value);
    }
    this.tip = value;
  }

  /** The value at `index`, 0 to length - 1; with `left` reveals left the next one to reveal is `left - 1`. */
  at(index: number): Uint8Array {
    const value = this.#stretch(Math.floor(index / STRIDE))[index % STRIDE];
    if (value === undefined) throw new RangeError(`chain has no value ${index}`);
    return value;
  }

  /** Values between two marks; the last stretch asked for is kept, since reveals go through it one by one. */
  #stretch(number: number): readonly Uint8Array[] {
    if (this.#kept?.number === number) return this.#kept.values;
    const values: Uint8Array[] = [];
    let value = this.#marks[number];
    const end = Math.min(STRIDE, this.length - number * STRIDE);
    for (let step = 0; value !== undefined && step < end; step += 1) {
      values.push(value);
      value = chainNext(this.#sha256, value);
    }
    this.#kept = { number, values };
    return values;
  }
}
