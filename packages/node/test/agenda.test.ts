import type { NeedId } from '@canswarm/protocol';
import { describe, expect, test } from 'vitest';
import { WorkList } from '../src/agenda.ts';

const need = (name: string): NeedId => name as NeedId;

describe('what a node looks at next', () => {
  test('is what was touched, once, and what is to be looked at again by now, the earliest first', () => {
    const list = new WorkList();
    list.wake(need('late'), 30);
    list.wake(need('b'), 10);
    list.wake(need('a'), 10);
    list.wake(need('soon'), 5);
    list.touch(need('touched'));
    list.touch(need('touched'));
    expect(list.nextWake()).toBe(5);
    expect(list.take(10)).toEqual(['touched', 'soon', 'a', 'b']);
    expect(list.nextWake()).toBe(30);
    expect(list.take(29)).toEqual([]);
    expect(list.take(30)).toEqual(['late']);
    expect(list.nextWake()).toBeNull();
  });

  test('is by the last time that was said: one that was put off, called off or forgotten does not come before', () => {
    const list = new WorkList();
    for (const name of ['off', 'called', 'forgotten']) list.wake(need(name), 10);
    list.wake(need('off'), 50);
    list.wake(need('called'), null);
    list.touch(need('forgotten'));
    list.forget(need('forgotten'));
    expect(list.nextWake()).toBe(50);
    expect(list.take(49)).toEqual([]);
    list.wake(need('off'), 20);
    expect(list.take(49)).toEqual(['off']);
  });

  test('comes in order however often needs are put off', () => {
    const list = new WorkList();
    const at = new Map<string, number>();
    for (let step = 0; step < 5_000; step += 1) {
      const name = `need-${step % 37}`;
      const time = (step * 7_919) % 1_000;
      at.set(name, time);
      list.wake(need(name), time);
    }
    while (at.size > 0) {
      const next = Math.min(...at.values());
      const due = [...at].filter(([, time]) => time === next).map(([name]) => name);
      expect(list.nextWake()).toBe(next);
      expect(list.take(next)).toEqual(due.sort());
      for (const name of due) at.delete(name);
    }
    expect(list.nextWake()).toBeNull();
  });
});
