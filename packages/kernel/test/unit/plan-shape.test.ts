import type { Did, EnvelopeId, PatchTask } from '@canswarm/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conflictsBetween, mergeProposals, type Offer, type Proposal, plannerShare } from '../../src/plan/merge.ts';
import { orderTasks } from '../../src/plan/order.ts';
import { type PlanBase, readPatch } from '../../src/plan/read-patch.ts';
import { ACCEPTANCE } from '../support/documents.ts';

const names = ['main', 'a', 'b', 'c', 'd'] as const;
const name = fc.constantFrom(...names);
const links = fc.uniqueArray(fc.record({ task: name, after: fc.uniqueArray(name, { maxLength: 4 }) }), {
  selector: ({ task }) => task,
  minLength: 1,
});

type Listed = readonly { readonly task: string; readonly after: readonly string[] }[];

describe('the order of a plan', () => {
  it('has each task after those it comes after, or names tasks that go round', () => {
    const check = (tasks: Listed): void => {
      const listed = new Set(tasks.map(({ task }) => task));
      const ordered = orderTasks(tasks);
      if ('order' in ordered) {
        const stand = new Set<string>();
        for (const { task, after } of ordered.order) {
          expect(after.filter((one) => listed.has(one) && !stand.has(one))).toEqual([]);
          stand.add(task);
        }
        expect(stand).toEqual(listed);
        return;
      }
      const { cycle } = ordered;
      expect(cycle.length).toBeGreaterThan(1);
      expect(cycle.at(-1)).toBe(cycle[0]);
      for (const [index, task] of cycle.slice(0, -1).entries())
        expect(tasks.find((one) => one.task === task)?.after).toContain(cycle[index + 1]);
    };
    fc.assert(fc.property(links, check));
  });

  it('is the same however the tasks are listed', () => {
    const shuffled = links.chain((tasks) =>
      fc.tuple(fc.constant(tasks), fc.shuffledSubarray(tasks, { minLength: tasks.length, maxLength: tasks.length })),
    );
    const check = ([one, other]: readonly [Listed, Listed]): void => expect(orderTasks(other)).toEqual(orderTasks(one));
    fc.assert(
      fc.property(shuffled, (both) => {
        check(both);
      }),
    );
  });
});

describe('a sound patch', () => {
  const part = { skill: 'search', acceptance: ACCEPTANCE, tier: 1 };
  const base: PlanBase = { version: 1, division: { tasks: 3, parts: [part] }, done: new Set(['old']), affordable: 9 };
  const task = (task: string, after: readonly string[] = [], own: Partial<PatchTask> = {}): PatchTask => ({
    task,
    part: task === 'main' ? null : 0,
    goal: null,
    after,
    assignee: null,
    price: 1,
    acceptance: null,
    ...own,
  });
  const fault = (patch: readonly PatchTask[], own: Partial<PlanBase> = {}, version = 1) => {
    const read = readPatch({ ...base, ...own }, version, patch);
    return typeof read === 'string' ? read : null;
  };
  const sound = [task('a'), task('main', ['a', 'old'])];

  it('builds on the version that stands', () => {
    expect(fault(sound)).toBeNull();
    expect(fault(sound, {}, 0)).toBe('builds on version 0 of the plan, which is at 1');
    expect(fault(sound, {}, 2)).toBe('builds on version 2 of the plan, which is at 1');
  });

  it('has no more tasks than the need allows and its fees pay for', () => {
    expect(fault([...sound, task('b'), task('c', ['b'])])).toBe('4 tasks where 3 may be');
    expect(fault(sound, { affordable: 1 })).toBe('2 tasks where 1 may be');
    expect(fault(sound, { division: null })).toBe('2 tasks where 1 may be');
    expect(fault([task('main', ['old'])], { division: null })).toBeNull();
  });

  it('names each task once, and none that is done', () => {
    expect(fault([task('a'), task('a'), task('main', ['a'])])).toBe('a task stands twice');
    expect(fault([task('old'), task('main', ['old'])])).toBe('old is done already');
  });

  it('has the need’s own work and parts of it', () => {
    expect(fault([task('a')])).toBe('no task main');
    expect(fault([task('main', [], { part: 0 })])).toMatch(/^main is the need.s own work$/);
    expect(fault([task('main', [], { goal: 'more' })])).toMatch(/own work/);
    expect(fault([task('a', [], { part: 1 }), task('main', ['a'])])).toMatch(/^a is no part/);
    expect(fault([task('a', [], { part: null }), task('main', ['a'])])).toMatch(/^a is no part/);
  });

  it('comes after what there is, goes round nowhere, and leads to main', () => {
    expect(fault([task('a', ['x']), task('main', ['a'])])).toBe('a comes after x, which is no task');
    expect(fault([task('a', ['b']), task('b', ['a']), task('main', ['a'])])).toBe('a circle: a after b after a');
    expect(fault([task('main', ['main'])])).toBe('a circle: main after main');
    expect(fault([task('a'), task('main')])).toBe('nothing comes after a');
  });
});

const offer = fc.record({
  part: fc.constantFrom(0, 1),
  goal: fc.constantFrom(null, 'by date'),
  price: fc.nat(3),
  worker: fc.constantFrom<Did | null>(null, 'did:key:a' as Did, 'did:key:b' as Did, 'did:key:c' as Did),
});
/** Two tasks and `main`, as some planner would have them. */
const proposals: fc.Arbitrary<readonly [Proposal, ...Proposal[]]> = fc
  .uniqueArray(
    fc.record({ id: fc.nat(50), score: fc.nat(3), offers: fc.tuple(offer, offer, offer), chain: fc.boolean() }),
    {
      selector: ({ id }) => id,
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((all) =>
    all.map(({ id, score, offers: [a, b, main], chain }): Proposal => {
      const offers: Offer[] = [
        { ...a, task: 'a', after: [] },
        { ...b, task: 'b', after: chain ? ['a'] : [] },
        { ...main, task: 'main', part: null, goal: null, after: ['a', 'b'] },
      ];
      const price = 1 + offers.reduce((sum, one) => sum + one.price, 0);
      const planner = `did:key:p${id}` as Did;
      return { id: `bid${id}` as EnvelopeId, planner, lead: main.worker ?? planner, price, score, offers };
    }),
  )
  .map(([first, ...rest]) => {
    if (first === undefined) throw new Error('one at least');
    return [first, ...rest] as const;
  });

describe('merging', () => {
  const merge = (all: readonly [Proposal, ...Proposal[]]) => mergeProposals(all, { most: 4, entityOf: (did) => did });
  const shuffled = proposals.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length, maxLength: all.length })),
  );

  it('gives the same plan in whatever order bids come', () => {
    const check = ([one, [first, ...rest]]: readonly [
      readonly [Proposal, ...Proposal[]],
      readonly Proposal[],
    ]): void => {
      if (first === undefined) throw new Error('one at least');
      expect(merge([first, ...rest])).toEqual(merge(one));
    };
    fc.assert(fc.property(shuffled, check));
  });

  it('keeps the best’s tasks, so that no circle can come of it and no price beyond the best’s', () => {
    const check = (all: readonly [Proposal, ...Proposal[]]): void => {
      const { base, tasks, conflicts } = merge(all);
      expect(all.filter((one) => one.score > base.score)).toEqual([]);
      expect(tasks.map((task) => task.offer)).toEqual(base.offers);
      expect('order' in orderTasks(tasks.map((task) => task.offer))).toBe(true);
      for (const { offer: due, queue } of tasks) {
        const share = due.task === 'main' ? plannerShare(base) : 0;
        for (const bid of queue) {
          expect(bid.workerPrice).toBeLessThanOrEqual(due.price);
          expect(bid.price - bid.workerPrice).toBe(share);
          expect(bid.planner).toBe(base.planner);
        }
        expect(new Set(queue.map(({ worker }) => worker)).size).toBe(queue.length);
      }
      for (const { bid, task } of conflicts) {
        const queue = tasks.find((one) => one.offer.task === task)?.queue ?? [];
        expect(queue.some(({ id }) => id === bid)).toBe(false);
      }
    };
    fc.assert(fc.property(proposals, check));
  });

  it('names the first field in which two patches change a task otherwise', () => {
    const at = (own: Partial<Offer>): Proposal => {
      const task: Offer = { task: 'a', part: 0, goal: null, after: [], price: 1, worker: null, ...own };
      return { id: 'bid' as EnvelopeId, planner: null, lead: 'did:key:a' as Did, price: 1, score: 0, offers: [task] };
    };
    const fields = (own: Partial<Offer>) => conflictsBetween(at({}), at(own)).map(({ field }) => field);
    expect(fields({})).toEqual([]);
    expect(fields({ price: 2, worker: 'did:key:b' as Did })).toEqual([]);
    expect(fields({ part: 1, goal: 'x' })).toEqual(['part']);
    expect(fields({ goal: 'x', after: ['b'] })).toEqual(['goal']);
    expect(fields({ after: ['b'] })).toEqual(['after']);
    expect(fields({ task: 'b' })).toEqual([]);
  });
});
