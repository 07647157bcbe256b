import type { Logger } from '../home/log/logger.ts';

/** Something of a running node that does not work at present, though the node goes on. */
export interface Problem {
  /** What does not work: `log` (entries are not taken, or nothing of it is had), `peers` (none is heard), `watch` (the log is only looked at now and then), `time` (log time stands), `policy` (the engine decides otherwise than others), `presence` (others cannot see that it is at the log). */
  readonly what: 'log' | 'peers' | 'watch' | 'time' | 'policy' | 'presence';
  /** A StorageError's code, or the operating system's. */
  readonly code: string;
  readonly message: string;
  /** Since when, ms since 1970. */
  readonly since: number;
}

/**
 * What does not work at present. Each is logged when it begins and when it is over, not each time it is met.
 */
export class Problems {
  readonly #logger: Logger;
  readonly #present = new Map<Problem['what'], Problem>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  list(): readonly Problem[] {
    return [...this.#present.values()];
  }

  /** Notes how something is: an error, or null when it works. */
  note(what: Problem['what'], error: unknown): void {
    const present = this.#present.get(what);
    if (error === null) {
      if (present === undefined) return;
      this.#present.delete(what);
      this.#logger.info('it works again', { what, was: present.message });
      return;
    }
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const message = error instanceof Error ? error.message : String(error);
    if (present?.code === code) return;
    this.#present.set(what, { what, code, message, since: present?.since ?? Date.now() });
    this.#logger.warn('something does not work; the node goes on and tries again', { what, code, message });
  }
}
