import { assertBelow, assertRandomLength, RANDOM_NAMES_MAX, type Random, type RandomStream } from '@canswarm/ports';
import type { Sha256 } from '@canswarm/protocol';
import { concat, u32be, utf8 } from '@canswarm/protocol';

const DRAW_BYTES = 6;
const DRAW_RANGE = 2 ** 48;

/** The bytes sha256(key, 0), sha256(key, 1), ... one after the other; the counter is a u64, big endian. */
class Keystream {
  readonly #sha256: Sha256;
  readonly #input: Uint8Array;
  readonly #counter: DataView;
  #made = 0;
  #block: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(key: Uint8Array, sha256: Sha256) {
    this.#sha256 = sha256;
    this.#input = concat([key, new Uint8Array(8)]);
    this.#counter = new DataView(this.#input.buffer, key.length);
  }

  /** The next six bytes, big endian. */
  next48(): number {
    const [block, at] = [this.#block, this.#at];
    if (at + DRAW_BYTES > block.length) {
      let value = 0;
      for (let drawn = 0; drawn < DRAW_BYTES; drawn += 1) value = value * 256 + this.next();
      return value;
    }
    this.#at = at + DRAW_BYTES;
    const high = ((block[at] ?? 0) << 8) | (block[at + 1] ?? 0);
    const low =
      (((block[at + 2] ?? 0) << 24) |
        ((block[at + 3] ?? 0) << 16) |
        ((block[at + 4] ?? 0) << 8) |
        (block[at + 5] ?? 0)) >>>
      0;
    return high * 2 ** 32 + low;
  }

  next(): number {
    if (this.#at === this.#block.length) {
      this.#counter.setUint32(0, Math.floor(this.#made / 2 ** 32));
      this.#counter.setUint32(4, this.#made >>> 0);
      this.#block = this.#sha256(this.#input);
      this.#made += 1;
      this.#at = 0;
    }
    const byte = this.#block[this.#at] ?? 0;
    this.#at += 1;
    return byte;
  }
}

function randomStream(key: Uint8Array, sha256: Sha256): RandomStream {
  const bytes = new Keystream(key, sha256);
  return {
    below(limit) {
      assertBelow(limit);
      // Values from the last, incomplete stretch of `limit` values are drawn again: the rest are equally likely.
      const fair = DRAW_RANGE - (DRAW_RANGE % limit);
      let value = bytes.next48();
      while (value >= fair) value = bytes.next48();
      return value % limit;
    },
    bytes(length) {
      assertRandomLength(length);
      const drawn = new Uint8Array(length);
      for (let at = 0; at < length; at += 1) drawn[at] = bytes.next();
      return drawn;
    },
  };
}

/**
 * Random values from one seed, for worlds that must go the same way twice: each name's stream is SHA-256 in counter mode
 * under a key of its own. Keeps at most `RANDOM_NAMES_MAX` names.
 */
export function seededRandom(seed: Uint8Array, sha256: Sha256): Random {
  const streams = new Map<string, RandomStream>();
  const secret = concat([utf8('canswarm/random/1'), u32be(seed.length), seed]);
  return {
    stream(name) {
      const known = streams.get(name);
      if (known !== undefined) return known;
      if (streams.size >= RANDOM_NAMES_MAX) throw new RangeError(`a source has at most ${RANDOM_NAMES_MAX} streams`);
      const stream = randomStream(sha256(concat([secret, utf8(name)])), sha256);
      streams.set(name, stream);
      return stream;
    },
  };
}
