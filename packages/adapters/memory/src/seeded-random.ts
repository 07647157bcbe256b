import { assertBelow, assertRandomLength, RANDOM_NAMES_MAX, type Random, type RandomStream } from '@canswarm/ports';
import type { Sha256 } from '@canswarm/protocol';
import { concat, u32be, utf8 } from '@canswarm/protocol';

const BLOCK_BYTES = 32;
const DRAW_BYTES = 6;
const DRAW_RANGE = 2 ** 48;

/** The bytes sha256(key, 0), sha256(key, 1), ... one after the other; the counter is a u64, big endian. */
function keystream(key: Uint8Array, sha256: Sha256): (length: number) => Uint8Array {
  let counter = 0;
  let block = new Uint8Array(0);
  return (length) => {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      if (block.length === 0) {
        block = sha256(concat([key, u32be(Math.floor(counter / 2 ** 32)), u32be(counter >>> 0)])).slice(0, BLOCK_BYTES);
        counter += 1;
      }
      const part = block.subarray(0, length - filled);
      bytes.set(part, filled);
      filled += part.length;
      block = block.subarray(part.length);
    }
    return bytes;
  };
}

function randomStream(key: Uint8Array, sha256: Sha256): RandomStream {
  const next = keystream(key, sha256);
  const draw = (): number => next(DRAW_BYTES).reduce((value, byte) => value * 256 + byte, 0);
  return {
    below(limit) {
      assertBelow(limit);
      // Values from the last, incomplete stretch of `limit` values are drawn again: the rest are equally likely.
      const fair = DRAW_RANGE - (DRAW_RANGE % limit);
      let value = draw();
      while (value >= fair) value = draw();
      return value % limit;
    },
    bytes(length) {
      assertRandomLength(length);
      return next(length);
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
