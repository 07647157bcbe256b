import type { Clock } from '@canswarm/ports';
import type { Sight } from './contact/detector.ts';
import { LogAwayError } from './log-away-error.ts';

/** Commands that wait at once; more are refused. */
const WAITING_MAX = 256;

export interface LogGateOptions {
  readonly clock: Clock;
  /** How long a command waits, ms. */
  readonly waitMs: number;
  readonly log: () => Sight;
}

interface Waiting {
  readonly go: () => void;
  readonly refuse: (error: Error) => void;
  readonly cancel: () => void;
}

/** Where the owner's commands wait, unsigned, while the node is cut off from the log: so many, and so long. */
export class LogGate {
  readonly #options: LogGateOptions;
  readonly #waiting = new Set<Waiting>();

  constructor(options: LogGateOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Calls `go` now, or when the log is back, in order; else `refuse` with a LogAwayError, and `go` never. */
  pass(go: () => void, refuse: (error: Error) => void): void {
    const { clock, waitMs, log } = this.#options;
    if (!log().lost) return go();
    if (this.#waiting.size >= WAITING_MAX)
      return refuse(new LogAwayError(log(), `${WAITING_MAX} commands wait for the log, and no more can`, clock.now()));
    const entry: Waiting = {
      go,
      refuse,
      cancel: clock.schedule(waitMs, () => {
        this.#waiting.delete(entry);
        refuse(new LogAwayError(log(), `the command was not sent: it waited ${waitMs} ms for the log`, clock.now()));
      }),
    };
    this.#waiting.add(entry);
  }

  /** The log is back. */
  open(): void {
    for (const { cancel, go } of this.#take()) {
      cancel();
      go();
    }
  }

  /** Nothing passes any more. */
  close(): void {
    for (const { cancel, refuse } of this.#take()) {
      cancel();
      refuse(new Error('the node stopped'));
    }
  }

  #take(): readonly Waiting[] {
    const all = [...this.#waiting];
    this.#waiting.clear();
    return all;
  }
}
