import { assertDelay, type Clock } from '@canswarm/ports';
import { TimerQueue } from './timer-queue.ts';

export interface SystemClockOptions {
  /** The wall clock, in milliseconds since 1970; may jump. */
  readonly wall?: () => number;
  /** A clock that only ever goes forward, at the rate of real time, in milliseconds from anywhere. */
  readonly monotonic?: () => number;
}

/**
 * The machine's time and timers. `now` follows the wall clock, except that when that is set back `now` goes on at half speed
 * until the two meet again. Delays are measured on the monotonic clock, so no change of the wall clock moves them.
 */
export function systemClock(options: SystemClockOptions = {}): Clock {
  const { wall = Date.now, monotonic = () => performance.now() } = options;
  let lastMs = wall();
  let lastMonotonicMs = monotonic();

  const now = (): number => {
    const monotonicMs = monotonic();
    const atLeastMs = lastMs + (monotonicMs - lastMonotonicMs) / 2;
    lastMs = Math.max(wall(), atLeastMs);
    lastMonotonicMs = monotonicMs;
    return Math.floor(lastMs);
  };

  const queue = new TimerQueue(now, () => Math.floor(monotonic()));
  return {
    now,
    schedule(delayMs, task) {
      assertDelay(delayMs);
      return queue.add(delayMs, task);
    },
  };
}
