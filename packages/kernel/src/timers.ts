import { popHeap, pushHeap } from './heap.ts';
import { invariant } from './invariant.ts';

export type TimerKind =
  | 'deadline'
  | 'bidding'
  | 'half'
  | 'answer'
  | 'seed'
  | 'seats'
  | 'lease'
  | 'window'
  | 'hold'
  | 'opening'
  | 'appeal'
  | 'unbonding'
  | 'hold_end';

/** Longest period that a need may ask for: a year, as in params. */
export const PERIOD_MS_MAX = 366 * 24 * 3600 * 1000;
/** Latest log time: with every period that can follow, all times stay exact integers. */
export const TIME_MS_MAX = 2 ** 52;

/** A timer's name: kind and what it is about. Invariant: at most one timer or unstarted period of a name. */
export type TimerId = `${TimerKind}:${string}`;

/** Cancelled timers that may stay whatever runs, so that few are not cleared again and again. */
const SLACK = 64;

interface Due {
  readonly id: TimerId;
  readonly at: number;
}

/**
 * Periods that wait for their first TICK, and started timers ordered by (deadline, id). Cancelled timers stay in the
 * heap until they surface or outnumber those that run; `started` is the truth. Spec: `spec/05-committees.md`, time.
 */
export class Timers {
  /** Period length in ms by name; starts at the log time of the next TICK. */
  readonly unstarted = new Map<TimerId, number>();
  /** Deadline in log time by name. */
  readonly started = new Map<TimerId, number>();
  #heap: Due[] = [];

  /** Places that timers take, cancelled ones with them. Invariant: at most `SLACK` + 2 for each that runs. */
  get held(): number {
    return this.#heap.length;
  }

  /** Opens a period of `durationMs` that starts at the next TICK. Replaces one of the same name. */
  open(id: TimerId, durationMs: number): void {
    invariant('INV-TIMER', Number.isSafeInteger(durationMs) && durationMs > 0, `${id} lasts ${durationMs}`);
    this.cancel(id);
    this.unstarted.set(id, durationMs);
  }

  /** Starts a timer that fires once log time reaches `at`. Replaces one of the same name. */
  start(id: TimerId, at: number): void {
    this.cancel(id);
    this.started.set(id, at);
    pushHeap(this.#heap, { id, at }, before);
  }

  cancel(id: TimerId): void {
    this.unstarted.delete(id);
    if (this.started.delete(id)) this.#clear();
  }

  /** The earliest deadline, or null when no timer runs. */
  next(): number | null {
    return this.#top()?.at ?? null;
  }

  /** Takes the earliest timer due at `time`, or null. */
  takeDue(time: number): TimerId | null {
    const top = this.#top();
    if (top === undefined || top.at > time) return null;
    popHeap(this.#heap, before);
    this.started.delete(top.id);
    this.#clear();
    return top.id;
  }

  /** Deadlines in firing order, for the state root and for people. */
  list(): readonly Due[] {
    return [...this.started].map(([id, at]) => ({ id, at })).sort((a, b) => (before(a, b) ? -1 : 1));
  }

  /** A timer may be cancelled long before its time: were it kept until then, who starts and cancels would fill memory for nothing. */
  #clear(): void {
    if (this.#heap.length <= SLACK + 2 * this.started.size) return;
    // What is sorted is a heap.
    this.#heap = [...this.list()];
  }

  #top(): Due | undefined {
    for (;;) {
      const top = this.#heap[0];
      if (top === undefined || this.started.get(top.id) === top.at) return top;
      popHeap(this.#heap, before);
    }
  }
}

const before = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.id < b.id);
