import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TimerId, Timers } from '../../src/timers.ts';

/** The dumbest timers: a map, searched whole each time. */
class Model {
  readonly started = new Map<TimerId, number>();

  takeDue(time: number): TimerId | null {
    const due = [...this.started].filter(([, at]) => at <= time);
    due.sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
    const [first] = due;
    if (first === undefined) return null;
    this.started.delete(first[0]);
    return first[0];
  }
}

type Step = { readonly do: 'start' | 'open' | 'cancel' | 'take'; readonly name: number; readonly at: number };

const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom('start', 'start', 'open', 'cancel', 'take'),
  name: fc.nat(8),
  at: fc.integer({ min: 1, max: 30 }),
});

describe('Timers', () => {
  it('fire by deadline, then by name, as the model does', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const timers = new Timers();
        const model = new Model();
        for (const { do: act, name, at } of steps) {
          const id: TimerId = `lease:${name}`;
          if (act === 'start') {
            timers.start(id, at);
            model.started.set(id, at);
          } else if (act === 'take') {
            expect(timers.takeDue(at)).toBe(model.takeDue(at));
          } else {
            if (act === 'open') timers.open(id, at);
            else timers.cancel(id);
            model.started.delete(id);
          }
          const next = [...model.started.values()];
          expect(timers.next()).toBe(next.length === 0 ? null : Math.min(...next));
          expect(timers.list().map((due) => due.id)).toHaveLength(model.started.size);
        }
        for (let id = timers.takeDue(99); id !== null; id = timers.takeDue(99)) expect(model.takeDue(99)).toBe(id);
        expect(model.started.size).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('that are opened wait for a start, and one name has one timer', () => {
    const timers = new Timers();
    timers.start('hold:a', 5);
    timers.open('hold:a', 7);
    expect(timers.takeDue(100)).toBe(null);
    expect([...timers.unstarted]).toEqual([['hold:a', 7]]);
    timers.start('hold:a', 9);
    expect(timers.unstarted.size).toBe(0);
    expect(timers.takeDue(8)).toBe(null);
    expect(timers.takeDue(9)).toBe('hold:a');
  });

  it('that are cancelled long before their time take no room', () => {
    const timers = new Timers();
    timers.start('hold:a', 5);
    for (let name = 0; name < 10_000; name += 1) {
      timers.start(`hold_end:${name}`, 1_000_000);
      timers.cancel(`hold_end:${name}`);
    }
    for (let name = 0; name < 100; name += 1) timers.start(`hold_end:${name}`, 1_000 - name);
    expect(timers.held).toBeLessThan(400);
    expect(timers.takeDue(9)).toBe('hold:a');
    expect(Array.from({ length: 100 }, () => timers.takeDue(1_000))).toEqual(
      Array.from({ length: 100 }, (_, name) => `hold_end:${99 - name}`),
    );
    expect(timers.held).toBeLessThan(100);
  });
});
