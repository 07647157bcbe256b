import { describe, expect, it } from 'vitest';
import { SEAT_FEE, Story } from '../support/story.ts';
import { ADA, CREDIT, REQUESTER, verifiersOf, World } from '../world.ts';

const THRESHOLD = 8;
const MS = 60_000;

/** A network of `active` verifiers, each of an organisation; more wait without stake. */
const young = (active: number, params = {}): World =>
  new World({
    verifiers: verifiersOf(10, 10).map((one, index) => (index < active ? one : { ...one, stake: 0 })),
    params: { bootstrapVerifiers: THRESHOLD, bootstrapMs: MS, bootstrapNeeds: 3, ...params },
  });

/** Verifiers that wait become active. */
function stake(world: World, from: number, to: number): void {
  for (const { who } of world.verifiers.slice(from, to)) world.accept(who, 'STAKE', { amount: 100 * CREDIT });
}

const finished = (world: World): Story => new Story(world).hire([ADA]).deliver().judge('pass').settle();

describe('bootstrap', () => {
  it('lets those who are there judge, says so, and gives nobody reputation', () => {
    for (const [active, k] of [
      [1, 1],
      [2, 1],
      [4, 1],
      [6, 2],
    ] as const) {
      const world = young(active);
      const story = new Story(world).hire([ADA]).deliver().toJudging();
      expect(story.jury).toMatchObject({ k, n: 2 * k - 1, relaxed: true });
      expect(world.events('draw_relaxed').map((event) => [event.eligible, event.k])).toEqual([
        [active, k],
        [active, k],
      ]);
      story.judge('pass').settle();
      expect(world.events('finalized')).toHaveLength(1);
      expect(world.events('reputation_earned')).toEqual([]);
    }
  });

  it('takes K of 3 where enough may sit, and is not relaxed then', () => {
    const world = young(7);
    const story = new Story(world).toPlanVotes();
    expect(story.plan).toMatchObject({ k: 3, relaxed: false });
    expect(world.events('draw_relaxed')).toEqual([]);
  });

  it('lets a need put only little into escrow', () => {
    const most = 10 * CREDIT + 15 * SEAT_FEE;
    const world = young(3, { bootstrapValueMax: most });
    const { body } = new Story(world).need;
    world.refuse('value_over_cap', REQUESTER, 'NEED', { ...body, priceCap: 10 * CREDIT + 1 });
    new Story(young(8, { bootstrapValueMax: most }), { priceCap: 11 * CREDIT });
  });

  it('ends when enough verifiers were there for long enough, and begins anew when they are not', () => {
    const world = young(7);
    stake(world, 7, 8);
    world.tick(50);
    expect(world.state.bootstrap).toEqual({ since: world.state.time, finished: 0 });
    const [{ who } = { who: ADA }] = world.verifiers;
    world.accept(who, 'LEAVE', {});
    world.tick(50);
    expect(world.state.bootstrap).toEqual({ since: null, finished: 0 });
    stake(world, 8, 9);
    world.tick(50);
    world.tick(MS - 50);
    expect(world.state.bootstrap).not.toBeNull();
    world.tick(50);
    expect(world.state.bootstrap).toBeNull();
    expect(world.events('bootstrap_left')).toEqual([{ type: 'bootstrap_left', reason: 'time', active: 8 }]);
  });

  it('ends when so many results were final while they were there', () => {
    const world = young(7, { bootstrapMs: 24 * 3_600_000 });
    finished(world);
    stake(world, 7, 10);
    for (let count = 0; count < 3; count += 1) {
      expect(world.state.bootstrap).not.toBeNull();
      finished(world);
    }
    expect(world.events('bootstrap_left')).toMatchObject([{ reason: 'needs', active: 10 }]);
    const workers = () => world.events('reputation_earned').filter(({ domain }) => domain !== 'judge').length;
    expect(workers()).toBe(0);
    finished(world);
    expect(workers()).toBe(1);
  });

  it('never comes back: with too few verifiers needs wait and say so', () => {
    const world = young(8);
    expect(world.state.bootstrap).toBeNull();
    for (const { who } of world.verifiers.slice(0, 2)) world.accept(who, 'LEAVE', {});
    new Story(world);
    world.tickUntil(() => world.events('draw_waiting').length > 0);
    expect(world.events('draw_relaxed')).toEqual([]);
    world.accept(REQUESTER, 'CANCEL', { need: world.events('need_opened')[0]?.need as never });
    const [left] = world.verifiers;
    if (left !== undefined) world.accept(left.who, 'UNBOND', { amount: 1, delegate: null });
  });

  it('is never where the genesis does not ask for it', () => {
    const world = new World({ verifiers: verifiersOf(3, 3) });
    expect(world.state.bootstrap).toBeNull();
    new Story(world);
    world.tickUntil(() => world.events('draw_waiting').length > 0);
  });
});
