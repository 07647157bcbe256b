import { taskNeedId } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { checkInvariants } from '../../src/invariants.ts';
import { LYING, TRUTHFUL } from '../support/documents.ts';
import { type Agent, sha256 } from '../support/keys.ts';
import { DIVISION, PRICE_CAP, SEAT_FEE, Story, type TaskDraft } from '../support/story.ts';
import { ADA, BOB, BYSTANDER, CREDIT, CYD, DAN, REQUESTER, World } from '../world.ts';

const PLANNER = BYSTANDER;
/** A planner's bond: a worker's of the whole. */
const BOND = 9 * SEAT_FEE + PRICE_CAP / 10;
const SHARE = CREDIT / 10;
/** What a worker keeps of its price: the rest is what reputation costs. */
const PAID = CREDIT - CREDIT / 50;

const draft = (task: string, worker: Agent | null, after: readonly string[] = [], own: Partial<TaskDraft> = {}) => ({
  task,
  worker,
  after,
  price: CREDIT,
  ...own,
});
const CHAIN = [draft('find', ADA), draft('main', BOB, ['find'])];

function divided(drafts: readonly TaskDraft[], own: { deadlineMs?: number } = {}): { world: World; story: Story } {
  const world = new World();
  const story = new Story(world, { plan: DIVISION, ...own }).toPlanVotes();
  story.divide([story.dividedBid(PLANNER, drafts, { share: SHARE })]);
  return { world, story };
}

/** What a key has, in whatever account of its own. */
const owned = (world: World, { did }: Agent): number =>
  [...world.state.accounts].reduce((sum, [account, held]) => sum + (account.endsWith(did) ? held : 0), 0);

const finish = (task: Story): Story => task.deliver().judge('pass').toWindowEnd().finalize();
const whyUnfit = (story: Story, drafts: readonly TaskDraft[], own: { base?: number } = {}): unknown => {
  const { bid, shown } = story.dividedBid(PLANNER, drafts, own);
  const { outcome } = story.decide([...story.planVotes([bid]), ...shown]);
  return outcome.accepted ? 'accepted' : [outcome.code, outcome.facts['why']];
};

describe('a divided need', () => {
  it('goes its way task by task: each is paid, the whole is final by main', () => {
    const { world, story } = divided(CHAIN);
    const find = story.task('find');
    expect(find.id).toBe(taskNeedId(story.id, 1, 'find', sha256));
    expect([story.need.phase, find.need.phase, find.lease.bid.worker]).toEqual(['waiting', 'leased', ADA.did]);
    expect(find.need.body).toMatchObject({ ...DIVISION.parts[0], priceCap: CREDIT, plan: null });
    const before = { ada: owned(world, ADA), bob: owned(world, BOB), planner: owned(world, PLANNER) };
    finish(find);
    expect(owned(world, ADA) - before.ada).toBe(PAID);
    expect([story.need.phase, story.lease.bid.worker]).toEqual(['leased', BOB.did]);
    expect(story.need.inputs).toEqual([...story.need.body.inputs, TRUTHFUL]);
    expect(owned(world, PLANNER)).toBe(before.planner);
    finish(story);
    expect(owned(world, BOB) - before.bob).toBe(PAID);
    expect(owned(world, PLANNER) - before.planner).toBe(SHARE - SHARE / 50 + BOND);
    story.settle();
    expect(world.state.needs.size).toBe(0);
    expect(world.free(REQUESTER)).toBeGreaterThan(0);
  });

  it('begins side by side what waits for nothing, and main when all is done', () => {
    const { story } = divided([
      draft('find', ADA),
      draft('sort', CYD, [], { part: 1 }),
      draft('main', BOB, ['sort', 'find']),
    ]);
    const [find, sort] = [story.task('find'), story.task('sort')];
    expect([find.need.phase, sort.need.phase]).toEqual(['leased', 'leased']);
    finish(sort);
    expect(story.need.phase).toBe('waiting');
    finish(find);
    expect(story.need.phase).toBe('leased');
    expect(story.need.inputs.length).toBe(story.need.body.inputs.length + 2);
  });

  it('is judged, failed and tried again task by task; the bond of a task pays its next attempt', () => {
    const { world, story } = divided([draft('find', ADA), draft('main', BOB, ['find'])]);
    const find = story.task('find');
    find.deliver(LYING).judge('fail');
    expect(find.need).toMatchObject({ phase: 'ready', level: 2 });
    expect(story.need.phase).toBe('waiting');
    world.accept(CYD, 'CLAIM', { need: find.id, task: 'find', attempt: 2, ttlMs: 10_000, cost: CREDIT / 2, etaMs: 1 });
    const pool = story.need.pricePool;
    finish(find);
    expect(story.need.pricePool).toBe(pool + CREDIT / 2);
    expect(story.need.phase).toBe('leased');
  });

  it('reopens bidding once when a task fails for good; what is done stays and is built on', () => {
    const { world, story } = divided([
      draft('find', ADA),
      draft('sort', CYD, ['find'], { part: 1 }),
      draft('main', BOB, ['sort']),
    ]);
    finish(story.task('find'));
    story.task('sort').deliver().judge('undecidable');
    expect(world.events('task_started').map(({ task }) => task)).toEqual(['find', 'sort']);
    expect(world.events('task_failed')).toMatchObject([{ root: story.id, task: 'sort' }]);
    expect(story.need).toMatchObject({ phase: 'bidding', round: 2, planVersion: 1 });
    expect(world.free(PLANNER)).toBe(1000 * CREDIT);
    story.toPlanVotes();
    expect(whyUnfit(story, CHAIN, { base: 0 })).toEqual([
      'bid_unfit',
      'builds on version 0 of the plan, which is at 1',
    ]);
    expect(whyUnfit(story, CHAIN)).toEqual(['bid_unfit', 'find is done already']);
    const again = [draft('sort', DAN, ['find'], { part: 1 }), draft('main', BOB, ['find', 'sort'])];
    story.divide([story.dividedBid(PLANNER, again)]);
    expect(story.need.plan?.tasks.map(({ task, status }) => [task, status])).toEqual([
      ['find', 'done'],
      ['sort', 'open'],
      ['main', 'waiting'],
    ]);
    finish(story.task('sort'));
    finish(story).settle();
    expect(world.state.needs.size).toBe(0);
    expect(checkInvariants(world.state)).toEqual([]);
  });

  it('ends when a task fails in the second round too; the rest goes back', () => {
    const { world, story } = divided(CHAIN);
    story.task('find').deliver().judge('undecidable');
    story.toPlanVotes();
    story.divide([story.dividedBid(PLANNER, [draft('find', CYD), draft('main', BOB, ['find'])])]);
    story.task('find').deliver().judge('undecidable');
    expect(world.events('need_closed').at(-1)).toMatchObject({ need: story.id, status: 'expired' });
    story.settle();
    expect(world.free(PLANNER)).toBe(1000 * CREDIT);
  });

  it('lets what is committed go to its end when another task fails, and begins nothing more', () => {
    const { world, story } = divided([
      draft('find', ADA),
      draft('sort', CYD, [], { part: 1 }),
      draft('main', BOB, ['sort', 'find']),
    ]);
    const [find, sort] = [story.task('find'), story.task('sort')];
    sort.deliver();
    find.deliver().judge('undecidable');
    expect([story.need.phase, sort.need.phase]).toEqual(['waiting', 'committed']);
    const before = owned(world, CYD);
    sort.judge('pass').toWindowEnd().finalize();
    expect(owned(world, CYD) - before).toBe(PAID);
    expect(story.need).toMatchObject({ phase: 'bidding', round: 2 });
  });

  it('is cancelled with its tasks while nobody works, never task by task', () => {
    const { world, story } = divided([draft('find', null), draft('main', null, ['find'])]);
    const find = story.task('find');
    world.refuse('work_pending', REQUESTER, 'CANCEL', { need: find.id });
    world.accept(ADA, 'CLAIM', { need: find.id, task: 'find', attempt: 1, ttlMs: 10_000, cost: 5, etaMs: 1 });
    world.refuse('work_pending', REQUESTER, 'CANCEL', { need: story.id });
    world.accept(ADA, 'YIELD', { ...find.held(), reason: '' });
    world.accept(REQUESTER, 'CANCEL', { need: story.id });
    expect(world.state.needs.size).toBe(0);
    expect(world.free(PLANNER)).toBe(1000 * CREDIT);
  });

  it('costs its planner the bond when a task that it left open is never taken', () => {
    const { world, story } = divided([draft('find', null), draft('main', BOB, ['find'])]);
    expect(world.free(PLANNER)).toBe(1000 * CREDIT - BOND);
    story.settle(5000);
    expect(world.free(PLANNER)).toBe(1000 * CREDIT - BOND);
    expect(owned(world, PLANNER)).toBe(1000 * CREDIT - BOND);
  });

  it('begins no task for which no lease is left: nobody loses a bond by the delay of those before', () => {
    for (const last of [BOB, null]) {
      const { world, story } = divided([draft('find', ADA), draft('main', last, ['find'])], { deadlineMs: 12_000 });
      const before = owned(world, BOB) + owned(world, PLANNER);
      finish(story.task('find'));
      const left = (story.need.deadlineAt ?? 0) - world.state.time;
      expect([left > 0, left < 10_000, story.need.phase]).toEqual([true, true, 'waiting']);
      story.settle();
      expect(world.events('need_closed').at(-1)).toMatchObject({ status: 'expired', reason: 'deadline passed' });
      expect(owned(world, BOB) + owned(world, PLANNER)).toBe(before + BOND);
    }
  });

  it('names its task in each entry about a lease', () => {
    const { world, story } = divided(CHAIN);
    const held = story.task('find').held();
    world.refuse('task_other', ADA, 'RENEW', { ...held, task: 'main', progress: null });
    world.accept(ADA, 'RENEW', { ...held, progress: null });
  });
});

describe('plans that compete', () => {
  it('are one plan: others that have a task just so are its runners-up', () => {
    const world = new World();
    const story = new Story(world, { plan: DIVISION }).toPlanVotes();
    const best = story.dividedBid(PLANNER, [draft('find', ADA), draft('main', BOB, ['find'])]);
    const same = story.dividedBid(DAN, [draft('find', CYD), draft('main', CYD, ['find'], { price: CREDIT + 1 })], {
      share: 3 * SHARE,
    });
    story.divide([best, same]);
    const find = story.task('find');
    expect(find.need.runnersUp.map(({ worker, planner }) => [worker, planner])).toEqual([[CYD.did, PLANNER.did]]);
    expect(story.need.runnersUp.map(({ worker }) => worker)).toEqual([BOB.did]);
    world.accept(ADA, 'YIELD', { ...find.held(), reason: '' });
    expect(find.lease.bid.worker).toBe(CYD.did);
  });

  it('leave out what conflicts, and say so', () => {
    const world = new World();
    const story = new Story(world, { plan: DIVISION }).toPlanVotes();
    const best = story.dividedBid(PLANNER, CHAIN);
    const other = story.dividedBid(DAN, [draft('find', CYD, [], { part: 1 }), draft('main', BOB, ['find'])], {
      share: SHARE,
    });
    story.divide([best, other]);
    expect(world.events('plan_conflict')).toEqual([
      { type: 'plan_conflict', need: story.id, bid: other.bid.id, task: 'find', field: 'part' },
    ]);
    expect(story.task('find').need.runnersUp).toEqual([]);
  });

  it('are no bids when they cannot be done', () => {
    const world = new World();
    const story = new Story(world, { plan: DIVISION }).toPlanVotes();
    const circle = [
      draft('find', ADA, ['sort']),
      draft('sort', CYD, ['find'], { part: 1 }),
      draft('main', BOB, ['sort']),
    ];
    expect(whyUnfit(story, circle)).toEqual(['bid_unfit', 'a circle: find after sort after find']);
    expect(whyUnfit(story, CHAIN, { base: 1 })).toEqual([
      'bid_unfit',
      'builds on version 1 of the plan, which is at 0',
    ]);
    const plain = new Story(world).toPlanVotes();
    expect(whyUnfit(plain, CHAIN)).toEqual(['bid_unfit', '2 tasks where 1 may be']);
  });

  it('count an acceptance only for just that task', () => {
    const world = new World();
    const story = new Story(world, { plan: DIVISION }).toPlanVotes();
    const meant = story.dividedBid(PLANNER, CHAIN);
    const acceptances = meant.shown.slice(1);
    const body = meant.bid.payload.verb === 'PROPOSE' ? meant.bid.payload.body : undefined;
    if (body === undefined) throw new Error('a bid is a PROPOSE');
    const patch = body.patch.map((task) => (task.task === 'find' ? { ...task, part: 1 } : task));
    const bent = world.gossip(PLANNER, 'PROPOSE', { ...body, patch });
    const { outcome } = story.decide([...story.planVotes([bent]), bent, ...acceptances]);
    expect(outcome).toMatchObject({ code: 'bid_unfit', facts: { why: 'assignee did not accept' } });
  });
});
