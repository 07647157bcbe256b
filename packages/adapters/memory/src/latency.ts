import type { RandomStream } from '@canswarm/ports';

/** How long something takes, in milliseconds: an integer drawn from `min` to `max`, both included. */
export interface Latency {
  readonly min: number;
  readonly max: number;
}

/** Draws latencies of that range from the stream. A range of one value draws nothing. Throws RangeError for no range. */
export function latencyDraw({ min, max }: Latency, stream: RandomStream): () => number {
  if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || min < 0 || max < min) {
    throw new RangeError(`a latency is a range of integers from 0, not ${min} to ${max}`);
  }
  return () => (min === max ? min : min + stream.below(max - min + 1));
}
