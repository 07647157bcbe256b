/** Largest `limit` that `RandomStream.below` takes. */
export const RANDOM_BELOW_MAX = 2 ** 48;

/** Most bytes one call of `RandomStream.bytes` gives. */
export const RANDOM_BYTES_MAX = 65_536;

/** Most different stream names a source must be able to keep apart; it may throw RangeError for more. */
export const RANDOM_NAMES_MAX = 4096;

/** One sequence of random values. */
export interface RandomStream {
  /**
   * An integer drawn uniformly (without modulo bias) from 0 up to but excluding `limit`, an integer in 1..`RANDOM_BELOW_MAX`.
   * Throws RangeError for any other limit.
   */
  below(limit: number): number;

  /** `length` (an integer in 0..`RANDOM_BYTES_MAX`) uniform bytes, the caller's own. Throws RangeError for any other length. */
  bytes(length: number): Uint8Array;
}

/** The source of all randomness of a node: backoff, keys, hash chains. */
export interface Random {
  /**
   * The stream of that name. Guarantees: streams of different names are independent, so drawing more from one changes no
   * other; asking again for a name goes on with the same stream. A seeded source gives the same values for the same seed,
   * name and sequence of calls; a system source is cryptographically strong.
   */
  stream(name: string): RandomStream;
}
