import { type Clock, type DecisionLog, type RandomStream, StorageError } from '@canswarm/ports';
import { happens, type Range, within } from './draw.ts';

/** What happens between a node and the log. */
export interface LogFaults {
  /** Appends that fail before they reach it. */
  readonly lostPerMillion: number;
  /** Appends that it takes, whose answer is lost. */
  readonly unansweredPerMillion: number;
  readonly timeoutMs: Range;
}

/** One machine's way to the log. Closing it closes no log. */
export class LogLink {
  readonly #log: DecisionLog;
  readonly #clock: Clock;
  readonly #stream: RandomStream;
  readonly #faults: LogFaults;
  /** Hears of what is given to the log, whether it arrives or not. */
  readonly #onAppend: (entries: readonly Uint8Array[]) => void;
  #isCut = false;
  #isCalm = false;
  /** Handlers of followers that wait for the link. */
  #waiting: (() => void)[] = [];

  constructor(
    log: DecisionLog,
    clock: Clock,
    stream: RandomStream,
    faults: LogFaults,
    onAppend: (entries: readonly Uint8Array[]) => void = () => undefined,
  ) {
    this.#log = log;
    this.#clock = clock;
    this.#stream = stream;
    this.#faults = faults;
    this.#onAppend = onAppend;
  }

  cut(): void {
    this.#isCut = true;
  }

  heal(): void {
    this.#isCut = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }

  /** From now on every append arrives and is answered. */
  calm(): void {
    this.#isCalm = true;
    this.heal();
  }

  open(): DecisionLog {
    const log = this.#log;
    return {
      append: (shard, entries) => this.#append(shard, entries),
      follow: (shard, after, onRecords) =>
        log.follow(shard, after, async (records) => {
          while (this.#isCut) await new Promise<void>((resolve) => this.#waiting.push(resolve));
          await onRecords(records);
        }),
      head: async (shard) => {
        if (!this.#isCut) return log.head(shard);
        await new Promise<void>((resolve) => this.#clock.schedule(this.#faults.timeoutMs.max, resolve));
        throw new StorageError('io', 'the log does not answer');
      },
      close: async () => undefined,
    };
  }

  async #append(shard: string, entries: readonly Uint8Array[]): Promise<void> {
    this.#onAppend(entries);
    const { lostPerMillion, unansweredPerMillion, timeoutMs } = this.#faults;
    const isLost = happens(this.#stream, lostPerMillion);
    const isUnanswered = happens(this.#stream, unansweredPerMillion);
    const waitMs = within(this.#stream, timeoutMs);
    const isBad = !this.#isCalm && (isLost || isUnanswered);
    if (!this.#isCut && (this.#isCalm || !isLost)) await this.#log.append(shard, entries);
    if (!this.#isCut && !isBad) return;
    await new Promise<void>((resolve) => this.#clock.schedule(waitMs, resolve));
    throw new StorageError('io', 'the log does not answer');
  }
}
