import { assertDelay, type Clock } from '@canswarm/ports';
import { EventQueue } from './event-queue.ts';

/** Most tasks that may be scheduled at one time. */
export const PENDING_MAX = 1_000_000;

/** Most events of one run, unless it says otherwise. */
export const STEPS_MAX = 100_000_000;

export interface VirtualClockOptions {
  /** What `now` says at first, in milliseconds since 1970. */
  readonly startMs?: number;
  /**
   * Resolves when all promise reactions that are ready have run. The default is `process.nextTick`: called from a promise reaction, its
   * callback runs only once the queue of reactions is empty. That costs a tenth of a turn of the event loop.
   */
  readonly turn?: () => Promise<void>;
}

export interface RunLimits {
  /** Stop before the first event after this time, and let `now` reach it. */
  readonly untilMs?: number;
  /** Stop after so many events (at most, and by default, `STEPS_MAX`). */
  readonly steps?: number;
}

/** How a run ended: what was waited for holds; nothing is left to happen; the time or the number of steps is reached. */
export interface RunReport {
  readonly end: 'done' | 'idle' | 'time' | 'steps';
  /** Events that ran. */
  readonly steps: number;
}

/** A clock that stands still until it is run. */
export interface VirtualClock extends Clock {
  /**
   * Runs events in order of (time, order scheduled) until `done` says true. After each event, and before the first, all
   * promise reactions run before anything else does; then `done` is asked. So a world whose only asynchrony is promises and
   * this clock goes the same way each time.
   *
   * Rejects with what a task throws. Two runs at once are a mistake and reject.
   */
  runUntil(done: () => boolean, limits?: RunLimits): Promise<RunReport>;

  /** Runs until `promise` settles and gives its outcome; rejects when nothing is left to happen or a limit is reached first. */
  settled<T>(promise: Promise<T>, limits?: RunLimits): Promise<T>;

  /** How many tasks are scheduled. */
  pending(): number;
}

/** After so many events the process has a turn of its event loop: signals, and messages of other threads, come in by it. */
const EVENTS_A_TURN = 1_024;

const nextTick = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
const loopTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A clock whose time is only what its events say: no real timer, no real time. */
export function virtualClock(options: VirtualClockOptions = {}): VirtualClock {
  const { startMs = 0, turn = nextTick } = options;
  const queue = new EventQueue();
  let nowMs = startMs;
  let running = false;

  const run = async (done: () => boolean, limits: RunLimits): Promise<RunReport> => {
    const { untilMs = Number.POSITIVE_INFINITY, steps = STEPS_MAX } = limits;
    for (let ran = 0; ; ran += 1) {
      await turn();
      if (ran % EVENTS_A_TURN === 0) await loopTurn();
      if (done()) return { end: 'done', steps: ran };
      const nextMs = queue.nextTimeMs();
      if (nextMs === undefined || nextMs > untilMs) {
        if (Number.isFinite(untilMs)) nowMs = Math.max(nowMs, untilMs);
        return { end: nextMs === undefined ? 'idle' : 'time', steps: ran };
      }
      if (ran >= Math.min(steps, STEPS_MAX)) return { end: 'steps', steps: ran };
      nowMs = Math.max(nowMs, nextMs);
      queue.take()?.();
    }
  };

  const clock: VirtualClock = {
    now: () => nowMs,
    schedule(delayMs, task) {
      assertDelay(delayMs);
      if (queue.size >= PENDING_MAX) throw new RangeError(`more than ${PENDING_MAX} tasks are scheduled`);
      return queue.add(nowMs + delayMs, task);
    },
    async runUntil(done, limits = {}) {
      if (running) throw new Error('the virtual clock is already running');
      running = true;
      try {
        return await run(done, limits);
      } finally {
        running = false;
      }
    },
    async settled(promise, limits) {
      let open = true;
      const close = () => {
        open = false;
      };
      promise.then(close, close);
      const { end, steps } = await clock.runUntil(() => !open, limits);
      if (open) throw new Error(`still unsettled after ${steps} events: the run ended by "${end}"`);
      return promise;
    },
    pending: () => queue.size,
  };
  return clock;
}
