import { afterEach, expect, it } from 'vitest';
import { network } from '../../src/work/open-network.ts';
import { SUM, sumHalf } from './divided/skills.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const AGENTS = [
  new URL('./divided/divider.ts', import.meta.url),
  new URL('./divided/counter-one.ts', import.meta.url),
  new URL('./divided/counter-two.ts', import.meta.url),
  new URL('./divided/joiner.ts', import.meta.url),
];
const CSV = Array.from({ length: 101 }, (_, row) => row).join('\n');
const PLAN = { tasks: 3, parts: [{ skill: sumHalf(0) }, { skill: sumHalf(1) }] };

it('a planner divides work: two workers do halves at the same time, a third joins them, and all are paid', async () => {
  const net = await network({ agents: AGENTS });
  closers.push(() => net.close());
  const before = new Map(['divider', 'counter-one', 'counter-two', 'joiner'].map((name) => [name, net.balance(name)]));
  const work = await net.hire(SUM, { csv: CSV }, { budget: 6, plan: PLAN });
  const told: string[] = [];
  for await (const event of work) {
    if (event.type !== 'entry') continue;
    for (const one of event.events)
      if (one.type === 'plan_adopted') told.push(`adopted ${one.tasks}`);
      else if (one.type.startsWith('task_') && 'task' in one) told.push(`${one.type} ${one.task}`);
  }
  expect(await work.result()).toEqual({ rows: 101, sum: 5_050 });
  expect(told.slice(0, 3)).toEqual(['adopted 3', 'task_opened half-0', 'task_opened half-1']);
  expect(told.at(-1)).toBe('task_started main');
  for (const [name, had] of before) expect(net.balance(name), name).toBeGreaterThan(had);
}, 90_000);
