import { assertDelay, CLOCK_DELAY_MS_MAX, type Clock } from '@canswarm/ports';

/** How the clock of a machine differs from true time. */
export interface ClockFault {
  /** It is so much ahead (or behind) at first, ms. */
  readonly skewMs: number;
  /** And gains so much in a million. */
  readonly driftPerMillion: number;
}

const MILLION = 1_000_000;

/**
 * The clock of a machine over true time. Timers run by the machine's own time. A correction steps no clock back: until true time has
 * caught up it stands still, as clocks under NTP do.
 */
export function nodeClock(clock: Clock, fault: () => ClockFault): Clock {
  const startMs = clock.now();
  let last = 0;
  return {
    now() {
      const { skewMs, driftPerMillion } = fault();
      const trueMs = clock.now();
      const own = trueMs + skewMs + Math.trunc(((trueMs - startMs) * driftPerMillion) / MILLION);
      last = Math.max(last, own);
      return last;
    },
    // A delay by a clock that is fast is over earlier.
    schedule(delayMs, task) {
      assertDelay(delayMs);
      const trueMs = Math.ceil((delayMs * MILLION) / (MILLION + fault().driftPerMillion));
      return clock.schedule(Math.min(CLOCK_DELAY_MS_MAX, trueMs), task);
    },
  };
}
