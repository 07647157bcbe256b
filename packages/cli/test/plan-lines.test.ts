import type { NeedRecord } from '@canswarm/api';
import { expect, it } from 'vitest';
import { rendered } from '../src/need/line.ts';
import { Names } from '../src/need/names.ts';
import { planLines, tasksText } from '../src/need/plan-lines.ts';

type Plan = NonNullable<NeedRecord['plan']>;
type Task = Plan['tasks'][number];

const task = (name: string, after: readonly string[], own: Partial<Task> = {}): Task => ({
  task: name,
  need: `need-${name}`,
  skill: 'sum-rows',
  goal: null,
  after: [...after],
  price: 200_000,
  stage: 'open',
  worker: null,
  reason: null,
  attempt: 0,
  ...own,
});

function drawn(tasks: readonly Task[]): readonly string[] {
  const plan = { version: 1, planner: 'did:key:planner', share: 50_000, tasks: [...tasks] };
  return planLines(plan, new Names(), 120).map((line) => rendered(line, 120, (_tone, text) => text).trimEnd());
}

it('a plan is a tree: each task once, below what comes after it, with state, worker and price', () => {
  const lines = drawn([
    task('load', [], { stage: 'final', worker: 'did:key:ada' }),
    task('left', ['load'], { stage: 'working', worker: 'did:key:bob', attempt: 2 }),
    task('right', ['load'], { stage: 'expired', reason: 'nobody took it' }),
    task('main', ['left', 'right'], { skill: 'sum-column' }),
  ]);
  expect(lines[0]).toMatch(/^plan 1 by .*planner.*, who is paid 0\.05 credits:$/);
  expect(lines[1]).toMatch(/^task +state +worker +price +skill$/);
  const rows = lines.slice(2, 6).map((line) => line.split(/ {2,}/).map((cell) => cell.trim()));
  expect(rows.map(([name, state]) => [name, state])).toEqual([
    ['main', 'waits for left, right'],
    ['├ left', 'working, attempt 2'],
    ['│ └ load', 'final'],
    ['└ right', 'expired: nobody took it'],
  ]);
  expect(lines[2]).toMatch(/0\.2 credits +sum-column$/);
});

it('work that is whole has no tree', () => {
  expect(planLines(null, new Names(), 80)).toEqual([]);
});

it('says how many tasks are done that the last waits for, until all are', () => {
  const planOf = (...stages: readonly Task['stage'][]) => {
    const halves = stages.map((stage, at) => task(`half-${at}`, [], { stage }));
    const names = halves.map((one) => one.task);
    return { version: 1, planner: null, share: 0, tasks: [...halves, task('main', names)] };
  };
  expect(tasksText(planOf('final', 'judging'))).toBe('tasks of the plan are done: 1 of 2 before the last');
  expect(tasksText(planOf('final', 'final'))).toBeNull();
  expect(tasksText(planOf())).toBeNull();
  expect(tasksText(null)).toBeNull();
});
