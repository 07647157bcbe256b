import { afterEach, expect, it } from 'vitest';
import { CREDIT } from '../../src/network/cast.ts';
import { network } from '../../src/work/open-network.ts';
import { SUM, sumHalf } from './divided/skills.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const divider = new URL('./divided/divider.ts', import.meta.url);
const one = new URL('./divided/counter-one.ts', import.meta.url);
const two = new URL('./divided/counter-two.ts', import.meta.url);
const broken = new URL('./divided/counter-broken.ts', import.meta.url);
const joiner = new URL('./divided/joiner.ts', import.meta.url);

const CSV = Array.from({ length: 101 }, (_, row) => row).join('\n');
const OPTIONS = { budget: 6, plan: { tasks: 3, parts: [{ skill: sumHalf(0) }, { skill: sumHalf(1) }] } };

it('a planner divides work: two workers do halves at the same time, a third joins them, and all are paid', async () => {
  const net = await network({ agents: [divider, one, two, joiner] });
  closers.push(() => net.close());
  const work = await net.hire(SUM, { csv: CSV }, OPTIONS);
  const told: string[] = [];
  for await (const event of work) {
    if (event.type !== 'entry') continue;
    for (const one of event.events)
      if (one.type === 'plan_adopted') told.push(`adopted ${one.tasks}`);
      else if (one.type.startsWith('task_') && 'task' in one) told.push(`${one.type} ${one.task}`);
  }
  expect(await work.result()).toEqual({ rows: 101, sum: 5_050 });
  // Entries of its tasks are in their own stories.
  expect(told).toEqual(['adopted 3', 'task_started main']);
  const { tasks } = await work.state();
  expect(tasks.map(({ task, after, price, stage }) => ({ task, after, price, stage }))).toEqual([
    { task: 'half-0', after: [], price: 200_000, stage: 'final' },
    { task: 'half-1', after: [], price: 200_000, stage: 'final' },
    { task: 'main', after: ['half-0', 'half-1'], price: 100_000, stage: 'final' },
  ]);
  expect(new Set(tasks.map(({ worker }) => worker)).size).toBe(3);
  const gained = ['divider', 'counter-one', 'counter-two', 'joiner'].map((name) => net.balance(name) - 100 * CREDIT);
  for (const amount of gained) expect(amount).toBeGreaterThan(0);
}, 120_000);

it('a task whose worker fails is begun again by another', async () => {
  const net = await network({ agents: [divider, broken, one, joiner] });
  closers.push(() => net.close());
  const work = await net.hire(SUM, { csv: CSV }, OPTIONS);
  expect(await work.result()).toEqual({ rows: 101, sum: 5_050 });
  const { tasks } = await work.state();
  expect(tasks.map(({ attempt }) => attempt).sort()).toEqual([1, 1, 2]);
  expect(net.balance('counter-broken')).toBeLessThan(100 * CREDIT);
}, 120_000);
