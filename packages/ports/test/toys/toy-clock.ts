import type { ClockHarness } from '../../src/compliance/index.ts';
import { assertDelay, type Clock } from '../../src/index.ts';
import { soon } from './toy-world.ts';

export type ClockFault =
  | 'runs backwards'
  | 'runs tasks inside'
  | 'last in, first out'
  | 'cannot cancel'
  | 'takes any delay';

/** A clock that jumps from task to task. */
export function toyClock(fault: ClockFault | null): ClockHarness {
  let nowMs = 0;
  let tasks: { readonly dueMs: number; readonly task: () => void }[] = [];

  const clock: Clock = {
    now: () => (fault === 'runs backwards' ? -nowMs : nowMs),
    schedule(delayMs, task) {
      if (fault !== 'takes any delay') assertDelay(delayMs);
      if (fault === 'runs tasks inside' && delayMs === 0) task();
      const timer = { dueMs: nowMs + delayMs, task };
      if (fault === 'last in, first out') tasks.unshift(timer);
      else tasks.push(timer);
      return () => {
        if (fault !== 'cannot cancel') tasks = tasks.filter((other) => other !== timer);
      };
    },
  };

  const step = async (): Promise<boolean> => {
    await soon();
    const next = tasks.toSorted((left, right) => left.dueMs - right.dueMs)[0];
    if (next === undefined) return false;
    tasks = tasks.filter((other) => other !== next);
    nowMs = Math.max(nowMs, next.dueMs);
    next.task();
    await soon();
    return true;
  };

  return {
    clock,
    async drive(promise) {
      let open = true;
      const close = () => {
        open = false;
      };
      promise.then(close, close);
      while (open && (await step()));
      if (open) throw new Error('nothing is left to happen');
      return promise;
    },
    async settle() {
      while (await step());
    },
    dispose: async () => {},
  };
}
