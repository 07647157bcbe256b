import type { KernelEvent, State } from '@canswarm/kernel';
import type { AppliedEntry } from '@canswarm/node';
import type { EnvelopeId, NeedId } from '@canswarm/protocol';
import { expect, test } from 'vitest';
import { NeedBook } from '../../src/host/need-book.ts';

const [root, task] = ['root', 'task'] as NeedId[] as [NeedId, NeedId];
const seal = 'the seal' as EnvelopeId;

/** A book with a need, and a plan of it adopted; `take` has the book take an entry. */
function planned() {
  const body = { capSeal: null, skill: 'skill', plan: null };
  const of = { part: null, goal: null, price: 1 };
  const tasks = [
    { ...of, task: 'one', need: task, after: [] },
    { ...of, task: 'main', need: root, after: ['one'] },
  ];
  const plan = { planner: null, share: 0, tasks };
  const state = { time: 1, needs: new Map([[root, { planVersion: 1, body, plan }]]) } as unknown as State;
  const book = new NeedBook((did) => did);
  let position = 0;
  const take = (
    id: string,
    verb: string,
    thread: NeedId | null,
    events: readonly object[],
    said: object = {},
  ): void => {
    position += 1;
    const envelope = { id, payload: { verb, thread, from: 'somebody', body: said } };
    const applied = { entry: { envelope, evidence: { envelopes: [] } }, outcome: { accepted: true }, position, events };
    book.take(applied as unknown as AppliedEntry, state);
  };
  take(root, 'NEED', null, [], body);
  take('decide', 'DECIDE', root, [
    { type: 'plan_adopted', need: root },
    { type: 'task_ready', need: task, attempt: 1 },
    posting('escrow_task', `escrow/${root}`, `escrow/${task}`),
  ]);
  const told = (): readonly KernelEvent[] => book.events(root).flatMap(({ events }) => events);
  return { book, take, told };
}

const posting = (code: string, debit: string, credit: string) => ({ type: 'posting', code, debit, credit, amount: 1 });

test('a challenge of a result of a task is known, and its story is that of the whole', () => {
  const { book, take, told } = planned();
  const about = { subject: 'a commit', class: 'wrong_output', challenger: 'somebody' };
  take('commit', 'COMMIT', task, [{ type: 'committed', need: task, commit: 'a commit' }], { outputs: [] });
  take(seal, 'CHALLENGE', task, [{ type: 'challenge_sealed', ...about }]);
  take('opening', 'CHALLENGE', task, [{ type: 'dispute_opened', challenge: seal, ...about }]);
  take('tick', 'TICK', null, [{ type: 'instance_opened', challenge: seal, instance: 1, by: 'jury', seats: 9 }]);
  take('other tick', 'TICK', null, [{ type: 'challenge_lapsed', ...about }]);
  expect(book.challenge(seal)).toMatchObject({ id: seal, need: task, story: root, position: 4 });
  expect(told().map(({ type }) => type)).toEqual([
    'plan_adopted',
    'posting',
    'challenge_sealed',
    'dispute_opened',
    'instance_opened',
    'challenge_lapsed',
  ]);
});

test('the story of a need has what is its own of an entry, and what moves between it and a task', () => {
  const { take, told } = planned();
  const bond = posting('bond_returned', `bond/plan/${root}`, 'free/planner');
  const returned = posting('task_returned', `escrow/${task}`, `escrow/${root}`);
  take('finalize', 'FINALIZE', task, [
    posting('price', `escrow/${task}`, 'free/worker'),
    { type: 'finalized', need: task, worker: 'worker', commit: 'a commit' },
    { type: 'task_ready', need: root, attempt: 1 },
  ]);
  take('tick', 'TICK', null, [{ type: 'need_settled', need: task, refund: 1 }, returned, bond]);
  expect(told().slice(2)).toEqual([{ type: 'task_ready', need: root, attempt: 1 }, returned, bond]);
});
