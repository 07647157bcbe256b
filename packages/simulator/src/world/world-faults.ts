import type { RandomStream } from '@canswarm/ports';
import { type Range, within } from './draw.ts';
import type { LogFaults } from './log-link.ts';
import type { ClockFault } from './node-clock.ts';
import type { NetworkFaults } from './weather.ts';

/** What is wrong with a world all the time, besides what is done to it. */
export interface WorldFaults {
  readonly network: NetworkFaults;
  readonly log: LogFaults;
  readonly clocks: { readonly skewMs: Range; readonly driftPerMillion: Range };
}

const NONE: Range = { min: 0, max: 0 };

/** Messages take their time, and arrive; clocks are right. */
export const NO_FAULTS: WorldFaults = {
  network: {
    latencyMs: { min: 1, max: 5 },
    slowPerMillion: 0,
    slowMs: NONE,
    lossPerMillion: 0,
    duplicatePerMillion: 0,
  },
  log: { lostPerMillion: 0, unansweredPerMillion: 0, timeoutMs: { min: 1, max: 1 } },
  clocks: { skewMs: NONE, driftPerMillion: NONE },
};

/** How the clock of one machine goes. */
export const drawClock = (stream: RandomStream, { clocks }: Pick<WorldFaults, 'clocks'>): ClockFault => ({
  skewMs: within(stream, clocks.skewMs),
  driftPerMillion: within(stream, clocks.driftPerMillion),
});
