import type { LogRecord, RecordsHandler, Subscription } from '@canswarm/ports';

interface FollowerOptions {
  readonly after: number;
  readonly onRecords: RecordsHandler;
  /** Runs the task a little later and returns what cancels it. */
  readonly schedule: (task: () => void) => () => void;
  /** The next records after that cursor; none when there are none yet. */
  readonly read: (cursor: number) => readonly LogRecord[];
  readonly onEnd: () => void;
}

export interface Follower {
  readonly subscription: Subscription;
  /** Says that there may be more to read. */
  wake(): void;
}

/**
 * Hands records over, one batch at a time.
 *
 * Invariant: at most one of "a delivery is scheduled" and "a batch is with the handler" holds; `cursor` is that of the last
 * record handed over.
 */
export function memoryFollower({ after, onRecords, schedule, read, onEnd }: FollowerOptions): Follower {
  const ended = Promise.withResolvers<void>();
  let cursor = after;
  let closed = false;
  let cancel: (() => void) | null = null;
  let handling: Promise<void> | null = null;

  const wake = (): void => {
    if (closed || cancel !== null || handling !== null || read(cursor).length === 0) return;
    cancel = schedule(() => {
      cancel = null;
      handling = handOver();
    });
  };

  const handOver = async (): Promise<void> => {
    const records = read(cursor).map((record) => ({ cursor: record.cursor, bytes: record.bytes.slice() }));
    cursor = records.at(-1)?.cursor ?? cursor;
    try {
      await onRecords(records);
    } catch (error) {
      closed = true;
      onEnd();
      ended.reject(error);
    }
    handling = null;
    wake();
  };

  return {
    wake,
    subscription: {
      ended: ended.promise,
      async close() {
        closed = true;
        cancel?.();
        cancel = null;
        onEnd();
        await handling;
        ended.resolve();
      },
    },
  };
}
