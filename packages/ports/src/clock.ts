/** Longest delay `Clock.schedule` takes, in milliseconds (2^31 - 1, about 24.8 days). */
export const CLOCK_DELAY_MS_MAX = 2_147_483_647;

/** Local time and timers. Nothing in a node reads another clock; under a virtual clock a whole network runs in one thread. */
export interface Clock {
  /**
   * Milliseconds since 1970-01-01T00:00:00Z, an integer.
   *
   * Guarantee: never less than any earlier answer of the same clock.
   */
  now(): number;

  /**
   * Runs `task` once, `delayMs` (an integer in 0..`CLOCK_DELAY_MS_MAX`) or more after the call, and returns a function that
   * cancels it. Cancelling twice, or after the task ran, does nothing.
   *
   * Guarantees: never runs the task inside the call; of two tasks the one due earlier runs first, of two due in the same
   * millisecond the one scheduled first. A task that throws is a broken invariant: the error surfaces (as an uncaught
   * exception, or from the virtual clock's run), it is never swallowed.
   *
   * Throws RangeError for any other delay.
   */
  schedule(delayMs: number, task: () => void): () => void;
}
