import { expect } from 'vitest';
import { CLOCK_DELAY_MS_MAX, type Clock } from '../clock.ts';
import { signal } from './fixtures.ts';
import { type Check, registerSuite, type World } from './suite.ts';

export interface ClockHarness extends World {
  readonly clock: Clock;
}

/** Resolves when a task scheduled now with that delay has run. */
function after(clock: Clock, delayMs: number): Promise<void> {
  const done = signal();
  clock.schedule(delayMs, () => done.resolve());
  return done.promise;
}

export const clockChecks: readonly Check<ClockHarness>[] = [
  {
    name: 'now is an integer of milliseconds that never goes backwards',
    run: async ({ clock, drive }) => {
      let last = clock.now();
      for (const delayMs of [0, 1, 7, 0, 3]) {
        await drive(after(clock, delayMs));
        const now = clock.now();
        expect(Number.isSafeInteger(now)).toBe(true);
        expect(now).toBeGreaterThanOrEqual(last);
        last = now;
      }
    },
  },
  {
    name: 'a task runs once, not inside schedule, and not before its delay',
    run: async ({ clock, drive, settle }) => {
      let runs = 0;
      const startMs = clock.now();
      const ran = signal<number>();
      clock.schedule(0, () => {
        runs += 1;
      });
      clock.schedule(30, () => ran.resolve(clock.now()));
      expect(runs).toBe(0);
      expect((await drive(ran.promise)) - startMs).toBeGreaterThanOrEqual(30);
      await settle();
      expect(runs).toBe(1);
    },
  },
  {
    name: 'tasks run by due time, and in the order scheduled where it is the same',
    run: async ({ clock, drive }) => {
      const order: string[] = [];
      const delays: readonly (readonly [string, number])[] = [
        ['late', 40],
        ['early', 10],
        ['early too', 10],
        ['at once', 0],
        ['early three', 10],
      ];
      for (const [name, delayMs] of delays) {
        clock.schedule(delayMs, () => order.push(name));
      }
      await drive(after(clock, 60));
      expect(order).toEqual(['at once', 'early', 'early too', 'early three', 'late']);
    },
  },
  {
    name: 'a cancelled task does not run, and cancelling again or too late does nothing',
    run: async ({ clock, drive }) => {
      const ran: string[] = [];
      const cancel = clock.schedule(5, () => ran.push('cancelled'));
      const cancelLate = clock.schedule(5, () => ran.push('kept'));
      cancel();
      cancel();
      await drive(after(clock, 20));
      cancelLate();
      await drive(after(clock, 10));
      expect(ran).toEqual(['kept']);
    },
  },
  {
    name: 'a task may schedule and cancel others',
    run: async ({ clock, drive }) => {
      const ran: string[] = [];
      const victim = clock.schedule(20, () => ran.push('victim'));
      clock.schedule(1, () => {
        victim();
        clock.schedule(1, () => ran.push('inner'));
      });
      await drive(after(clock, 40));
      expect(ran).toEqual(['inner']);
    },
  },
  {
    name: 'refuses delays that are no integers in range',
    run: async ({ clock }) => {
      for (const delayMs of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, CLOCK_DELAY_MS_MAX + 1]) {
        expect(() => clock.schedule(delayMs, () => undefined)).toThrow(RangeError);
      }
      clock.schedule(CLOCK_DELAY_MS_MAX, () => undefined)();
    },
  },
];

/** What every `Clock` must do. */
export function clockCompliance(name: string, make: () => ClockHarness | Promise<ClockHarness>): void {
  registerSuite(`${name} is a Clock`, clockChecks, make);
}
