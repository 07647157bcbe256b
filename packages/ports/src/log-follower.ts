import type { LogRecord, RecordsHandler, Subscription } from './decision-log.ts';

/** Where a follower's records come from, and when it asks for them. */
export interface LogFollowerOptions {
  /** The cursor it begins after. */
  readonly after: number;
  readonly onRecords: RecordsHandler;
  /** Whether there is anything after that cursor. May throw: that ends the subscription. */
  readonly hasMore: (cursor: number) => boolean;
  /** The next records after that cursor, the handler's own copies; none is allowed. May throw: that ends the subscription. */
  readonly read: (cursor: number) => readonly LogRecord[];
  /** Runs the task later, never inside the call, and returns what cancels it. */
  readonly schedule: (task: () => void) => () => void;
  /** Called once, when the subscription is over. */
  readonly onOver: () => void;
}

export interface LogFollower {
  readonly subscription: Subscription;
  /** Says that there may be more to read. */
  wake(): void;
}

/**
 * What `DecisionLog.follow` promises, for adapters whose records can be read at once: one batch at a time, nothing twice,
 * an orderly end.
 *
 * Invariants: at most one of "a delivery is scheduled" and "a batch is with the handler" holds; `cursor` is that of the last
 * record handed over; nothing is scheduled or read once it is over.
 */
export function logFollower(options: LogFollowerOptions): LogFollower {
  const { after, onRecords, hasMore, read, schedule, onOver } = options;
  const ended = Promise.withResolvers<void>();
  let cursor = after;
  let over = false;
  let cancel: (() => void) | null = null;
  let handling: Promise<void> | null = null;

  const finish = (): void => {
    if (over) return;
    over = true;
    cancel?.();
    cancel = null;
    onOver();
  };

  const fail = (error: unknown): void => {
    finish();
    ended.reject(error);
  };

  const wake = (): void => {
    if (over || cancel !== null || handling !== null) return;
    try {
      if (!hasMore(cursor)) return;
    } catch (error) {
      fail(error);
      return;
    }
    cancel = schedule(() => {
      cancel = null;
      handling = handOver();
    });
  };

  const handOver = async (): Promise<void> => {
    try {
      const records = read(cursor);
      cursor = records.at(-1)?.cursor ?? cursor;
      if (records.length > 0) await onRecords(records);
    } catch (error) {
      fail(error);
    }
    handling = null;
    wake();
  };

  return {
    wake,
    subscription: {
      ended: ended.promise,
      async close() {
        finish();
        await handling;
        ended.resolve();
      },
    },
  };
}
