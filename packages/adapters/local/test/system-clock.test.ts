import { describe, expect, it } from 'vitest';
import { systemClock } from '../src/index.ts';

/** Two clocks that a test moves by hand. */
function hands() {
  const at = { wallMs: 1_000_000, monotonicMs: 50 };
  const clock = systemClock({ wall: () => at.wallMs, monotonic: () => at.monotonicMs });
  const pass = (ms: number): void => {
    at.wallMs += ms;
    at.monotonicMs += ms;
  };
  return { at, clock, pass };
}

describe('systemClock', () => {
  it('follows the wall clock, forward jumps included', () => {
    const { at, clock, pass } = hands();
    pass(10);
    expect(clock.now()).toBe(1_000_010);
    at.wallMs += 60_000;
    expect(clock.now()).toBe(1_060_010);
  });

  it('goes on at half speed while the wall clock, set back, catches up', () => {
    const { at, clock, pass } = hands();
    at.wallMs -= 100;
    expect(clock.now()).toBe(1_000_000);
    pass(100);
    expect(clock.now()).toBe(1_000_050);
    pass(50);
    expect(clock.now()).toBe(1_000_075);
    pass(50);
    expect(clock.now()).toBe(1_000_100);
    pass(50);
    expect(clock.now()).toBe(1_000_150);
  });

  it('never goes backwards, whatever the wall clock does', () => {
    const { at, clock } = hands();
    let last = clock.now();
    for (const jump of [5, -3, 100, -1000, 2, -2, 0, 7, 990]) {
      at.wallMs += jump;
      at.monotonicMs += 1;
      const now = clock.now();
      expect(now).toBeGreaterThanOrEqual(last);
      last = now;
    }
  });

  it('runs a task on time though the wall clock was set back meanwhile', async () => {
    let backMs = 0;
    const clock = systemClock({ wall: () => Date.now() - backMs });
    const startMs = performance.now();
    const ran = new Promise<number>((resolve) => clock.schedule(30, () => resolve(performance.now())));
    backMs = 3_600_000;
    expect((await ran) - startMs).toBeLessThan(2000);
  });

  it('lets promises and other tasks go between tasks that are due together', async () => {
    const clock = systemClock();
    const order: string[] = [];
    const done = new Promise<void>((resolve) => {
      clock.schedule(0, () => {
        order.push('first');
        void Promise.resolve().then(() => order.push('its promise'));
      });
      clock.schedule(0, () => {
        order.push('second');
        resolve();
      });
    });
    await done;
    expect(order).toEqual(['first', 'its promise', 'second']);
  });
});
