import { randomBytes, randomInt } from 'node:crypto';
import { assertBelow, assertRandomLength, RANDOM_BELOW_MAX, type Random, type RandomStream } from '@canswarm/ports';

/** Randomness of the operating system, cryptographically strong. Streams need no memory: every value is new. */
export function systemRandom(): Random {
  const stream: RandomStream = {
    below(limit) {
      assertBelow(limit);
      // randomInt takes ranges below 2^48 only; of exactly that size every six bytes are a fair draw.
      return limit === RANDOM_BELOW_MAX ? randomBytes(6).readUIntBE(0, 6) : randomInt(limit);
    },
    bytes(length) {
      assertRandomLength(length);
      return new Uint8Array(randomBytes(length));
    },
  };
  return { stream: () => stream };
}
