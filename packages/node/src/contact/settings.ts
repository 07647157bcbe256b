import type { Patience } from './detector.ts';

/** How a node finds out that it is cut off, ms and looks. */
export interface ContactSettings extends Patience {
  /** Between two looks. */
  readonly everyMs: number;
  /** How long the log, or a peer, may take to answer one. */
  readonly deadlineMs: number;
  /** How long a command of the owner waits for a log that is lost before it is refused. */
  readonly waitMs: number;
}

/** Of a node whose owner says nothing else: cut off is known within six seconds. */
export const CONTACT: ContactSettings = { everyMs: 1_000, deadlineMs: 1_000, misses: 3, answers: 2, waitMs: 5_000 };
