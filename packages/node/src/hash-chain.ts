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
    const mark = this.#marks[Math.floor(index / STRIDE)];
    if (mark === undefined || index < 0 || index >= this.length) throw new RangeError(`chain has no value ${index}`);
    let value = mark;
    for (let step = index % STRIDE; step > 0; step -= 1) value = chainNext(this.#sha256, value);
    return value;
  }
}
