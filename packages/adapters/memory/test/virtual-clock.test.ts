import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { virtualClock } from '../src/index.ts';

describe('virtualClock', () => {
  it('runs everything that promises do before the next event', async () => {
    const clock = virtualClock();
    const order: string[] = [];
    const chain = async (name: string, length: number): Promise<void> => {
      for (let i = 0; i < length; i += 1) await null;
      order.push(name);
    };
    clock.schedule(5, () => void chain('first', 100));
    clock.schedule(5, () => order.push('second'));
    await clock.runUntil(() => false);
    expect(order).toEqual(['first', 'second']);
  });

  it('says how a run ended, and goes on from there', async () => {
    const clock = virtualClock({ startMs: 1000 });
    let count = 0;
    const again = (): void => {
      count += 1;
      if (count < 10) clock.schedule(10, again);
    };
    clock.schedule(10, again);
    expect(await clock.runUntil(() => count === 2)).toEqual({ end: 'done', steps: 2 });
    expect(clock.now()).toBe(1020);
    expect(await clock.runUntil(() => false, { steps: 3 })).toEqual({ end: 'steps', steps: 3 });
    expect(await clock.runUntil(() => false, { untilMs: 1075 })).toEqual({ end: 'time', steps: 2 });
    expect(clock.now()).toBe(1075);
    expect(clock.pending()).toBe(1);
    expect(await clock.runUntil(() => false)).toEqual({ end: 'idle', steps: 3 });
    expect(await clock.runUntil(() => false, { untilMs: 5000 })).toEqual({ end: 'idle', steps: 0 });
    expect(clock.now()).toBe(5000);
  });

  it('rejects with what a task throws, and can be run on', async () => {
    const clock = virtualClock();
    const failure = new Error('broken invariant');
    let ran = false;
    clock.schedule(1, () => {
      throw failure;
    });
    clock.schedule(2, () => {
      ran = true;
    });
    await expect(clock.runUntil(() => false)).rejects.toBe(failure);
    await clock.runUntil(() => false);
    expect(ran).toBe(true);
  });

  it('refuses a second run at once', async () => {
    const clock = virtualClock();
    const first = clock.runUntil(() => false);
    await expect(clock.runUntil(() => false)).rejects.toThrow('already running');
    await first;
  });

  it('waits for a promise, and says when it cannot settle any more', async () => {
    const clock = virtualClock();
    expect(await clock.settled(new Promise((resolve) => clock.schedule(7, () => resolve(clock.now()))))).toBe(7);
    await expect(clock.settled(Promise.reject(new Error('its own')))).rejects.toThrow('its own');
    await expect(clock.settled(new Promise(() => {}))).rejects.toThrow('still unsettled after 0 events');
  });

  it('orders like a sorted list, whatever is scheduled and cancelled', async () => {
    const actions = fc.array(fc.record({ delayMs: fc.nat(20), cancels: fc.option(fc.nat(50)) }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(actions, async (given) => {
        const clock = virtualClock({ turn: async () => {} });
        const ran: number[] = [];
        const cancels = given.map(({ delayMs }, i) => clock.schedule(delayMs, () => ran.push(i)));
        const cancelled = new Set<number>();
        for (const { cancels: victim } of given) {
          if (victim === null) continue;
          cancels[victim]?.();
          cancelled.add(victim);
        }
        const expected = given
          .map(({ delayMs }, i) => ({ delayMs, i }))
          .filter(({ i }) => !cancelled.has(i))
          .sort((left, right) => left.delayMs - right.delayMs || left.i - right.i)
          .map(({ i }) => i);
        expect(clock.pending()).toBe(expected.length);
        const { steps } = await clock.runUntil(() => false);
        expect(ran).toEqual(expected);
        expect(steps).toBe(expected.length);
      }),
    );
  });
});
