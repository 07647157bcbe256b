import { describe, expect, it } from 'vitest';
import { LYING, TRUTHFUL } from '../support/documents.ts';
import type { Agent } from '../support/keys.ts';
import { net, PRICE_CAP, SEAT_FEE, Story } from '../support/story.ts';
import { ADA, BOB, BYSTANDER, CREDIT, CYD, REQUESTER, World } from '../world.ts';

const BOND = 9 * SEAT_FEE + PRICE_CAP / 10;
const telemetry = { wallMs: 1, bytesRead: 1, bytesWritten: 1 };
const result = { outputs: [TRUTHFUL], telemetry, trace: null };

function leased(workers: readonly Agent[] = [ADA, BOB]): { world: World; story: Story } {
  const world = new World();
  return { world, story: new Story(world).hire(workers) };
}

function opened(): { world: World; story: Story } {
  const { world, story } = leased([ADA]);
  world.accept(ADA, 'YIELD', { ...story.held(), reason: '' });
  return { world, story };
}

describe('every entry about a lease', () => {
  it('is refused without one, from another key, of another attempt or fence', () => {
    const { world, story } = leased();
    const held = story.held();
    const renew = { ...held, progress: null };
    world.refuse('holder_only', BOB, 'RENEW', renew);
    world.refuse('holder_only', BOB, 'YIELD', { ...held, reason: '' });
    world.refuse('holder_only', BOB, 'COMMIT', { ...held, ...result });
    world.refuse('attempt_other', ADA, 'RENEW', { ...renew, attempt: 2 });
    world.refuse('fence_other', ADA, 'RENEW', { ...renew, fence: { ...held.fence, position: 1 } });
    world.refuse('fence_other', ADA, 'COMMIT', { ...held, ...result, fence: { ...held.fence, incarnation: 2 } });
    story.deliver();
    world.refuse('lease_none', ADA, 'RENEW', renew);
    world.refuse('lease_none', ADA, 'COMMIT', { ...held, ...result });
    story.judge('pass').toWindowEnd().finalize().settle();
    world.refuse('need_unknown', ADA, 'RENEW', renew);
  });

  it('of a lost lease is refused although the same key holds nothing else (P4)', () => {
    const { world, story } = leased();
    const held = story.held();
    world.accept(ADA, 'YIELD', { ...held, reason: '' });
    expect(story.lease.bid.worker).toBe(BOB.did);
    world.refuse('attempt_other', ADA, 'COMMIT', { ...held, ...result });
  });
});

describe('CLAIM', () => {
  const claim = (story: Story) => {
    return { need: story.id, task: 'main', attempt: 2, ttlMs: 10_000, cost: CREDIT, etaMs: 1 };
  };

  it('takes a task that no runner-up is left for', () => {
    const { world, story } = opened();
    const before = world.free(BYSTANDER);
    world.accept(BYSTANDER, 'CLAIM', claim(story));
    expect(story.lease).toMatchObject({ attempt: 2, bid: { worker: BYSTANDER.did, price: CREDIT, planner: null } });
    expect(world.free(BYSTANDER)).toBe(before - BOND);
    world.refuse('task_not_ready', CYD, 'CLAIM', claim(story));
  });

  it('refuses another attempt, one who failed, a price over the cap and a bond that is not free', () => {
    const { world, story } = opened();
    const body = claim(story);
    world.refuse('attempt_other', BYSTANDER, 'CLAIM', { ...body, attempt: 1 });
    world.refuse('failed_before', ADA, 'CLAIM', body);
    world.refuse('price_over_cap', BYSTANDER, 'CLAIM', { ...body, cost: PRICE_CAP + 1 });
    world.accept(BYSTANDER, 'TRANSFER', { to: ADA.did, amount: world.free(BYSTANDER) - BOND + 1, create: false });
    world.refuse('funds_lacking', BYSTANDER, 'CLAIM', body);
    world.accept(REQUESTER, 'CANCEL', { need: story.id });
    world.refuse('need_unknown', BYSTANDER, 'CLAIM', body);
  });

  it('may cost all that is left of the price', () => {
    const { world, story } = opened();
    world.accept(BYSTANDER, 'CLAIM', { ...claim(story), cost: PRICE_CAP });
    const before = world.free(BYSTANDER);
    story.deliver().judge('pass').settle();
    expect(world.free(BYSTANDER)).toBe(before + net(PRICE_CAP) + BOND);
  });

  it('lasts as long as it asks for, never longer than the need allows', () => {
    for (const ttlMs of [1, 3000, 90_000]) {
      const { world, story } = opened();
      world.accept(BYSTANDER, 'CLAIM', { ...claim(story), ttlMs });
      world.tick();
      if (ttlMs > 50) expect(story.lease.expiresAt).toBe(world.state.time + Math.min(ttlMs, 10_000));
      world.tick();
      expect(story.need.phase).toBe(ttlMs === 1 ? 'ready' : 'leased');
    }
  });
});

describe('a lease and the deadline that pass in one TICK', () => {
  it('end the need: nobody gets a task that it cannot hand in any more', () => {
    const world = new World();
    const story = new Story(world).hire([ADA, BOB]);
    world.tick(2000);
    const before = world.free(BOB);
    world.tick(59_500);
    expect(story.settled).toBe(true);
    expect(world.events('lease_granted').map(({ holder }) => holder)).toEqual([ADA.did]);
    expect(world.events('need_closed')).toMatchObject([{ status: 'expired', reason: 'deadline passed' }]);
    expect(world.free(BOB)).toBe(before);
  });
});

describe('RENEW', () => {
  it('starts the period anew, so often without progress and as often as it moves with it', () => {
    const { world, story } = leased();
    world.tick();
    const renew = (progress: typeof LYING.cid | null) => ({ ...story.held(), progress });
    for (let count = 0; count < 3; count += 1) {
      world.tick(1000);
      world.accept(ADA, 'RENEW', renew(null));
      expect(story.lease.expiresAt).toBe(null);
      world.tick();
      expect(story.lease.expiresAt).toBe(world.state.time + 10_000);
    }
    world.refuse('renewals_spent', ADA, 'RENEW', renew(null));
    world.accept(ADA, 'RENEW', renew(LYING.cid));
    expect(story.lease.renewals).toBe(0);
    for (let count = 0; count < 3; count += 1) world.accept(ADA, 'RENEW', renew(LYING.cid));
    world.refuse('renewals_spent', ADA, 'RENEW', renew(LYING.cid));
  });

  it('never reaches beyond the deadline', () => {
    const { world, story } = leased();
    for (let count = 0; story.need.phase === 'leased'; count += 1) {
      world.accept(ADA, 'RENEW', { ...story.held(), progress: count % 2 === 0 ? LYING.cid : TRUTHFUL.cid });
      world.tick(1000);
      if (count > 100) throw new Error('the lease outlived the deadline');
      if (story.settled) break;
      expect(story.need.lease?.expiresAt ?? 0).toBeLessThanOrEqual(story.need.deadlineAt ?? 0);
    }
    expect(world.events('need_closed').at(-1)).toMatchObject({ status: 'expired' });
  });
});

describe('YIELD', () => {
  it('costs half the bond and promotes the runner-up', () => {
    const { world, story } = leased();
    const [free, burned] = [world.free(ADA), world.balance('burn')];
    world.accept(ADA, 'YIELD', { ...story.held(), reason: 'too hard' });
    expect(world.free(ADA)).toBe(free + BOND / 2);
    expect(world.balance('burn')).toBe(burned + BOND / 2);
    expect(story.lease).toMatchObject({ attempt: 2, bid: { worker: BOB.did } });
    expect(story.need.level).toBe(1);
  });
});

describe('an expired lease', () => {
  it('costs all the bond and promotes the runner-up', () => {
    const { world, story } = leased();
    const [free, burned] = [world.free(ADA), world.balance('burn')];
    world.tick();
    world.tick(9_950);
    expect(story.lease.bid.worker).toBe(ADA.did);
    world.tick(50);
    expect(story.lease).toMatchObject({ attempt: 2, bid: { worker: BOB.did } });
    expect(world.free(ADA)).toBe(free);
    expect(world.balance('burn')).toBe(burned + BOND);
  });
});

describe('RELEASE', () => {
  const misses = (story: Story, seats: readonly Agent[], own: object = {}) =>
    seats.map((seat) => story.world.gossip(seat, 'MISS', { ...story.held(), interval: 3, ...own }));
  const plan = (story: Story): readonly Agent[] =>
    story.world.verifiers.map(({ who }) => who).filter(({ did }) => story.need.planSeats.includes(did));

  it('takes the lease of a holder that K plan seats miss, and all its bond', () => {
    const { world, story } = leased();
    const [free, burned] = [world.free(ADA), world.balance('burn')];
    world.accept(BYSTANDER, 'RELEASE', story.held(), { envelopes: misses(story, plan(story).slice(0, 3)) });
    expect(story.lease.bid.worker).toBe(BOB.did);
    expect(world.free(ADA)).toBe(free);
    expect(world.balance('burn')).toBe(burned + BOND);
  });

  it('needs K distinct plan seats', () => {
    const { world, story } = leased();
    const [first, second] = plan(story) as readonly [Agent, Agent];
    const refuse = (code: Parameters<World['refuse']>[0], envelopes: ReturnType<typeof misses>) =>
      world.refuse(code, BYSTANDER, 'RELEASE', story.held(), { envelopes });
    refuse('votes_too_few', misses(story, [first, second]));
    refuse('vote_twice', [...misses(story, [first, second]), ...misses(story, [first], { interval: 4 })]);
    refuse('miss_unfit', misses(story, [first, second, BYSTANDER]));
    refuse('miss_unfit', [world.report(first)]);
  });

  it('needs misses of this lease, newer than the holder’s last entry', () => {
    const { world, story } = leased();
    const seats = plan(story).slice(0, 3);
    const old = misses(story, seats);
    const wrongs = [{ attempt: 2 }, { fence: { ...story.lease.fence, position: 1 } }];
    for (const wrong of wrongs) {
      world.refuse('miss_unfit', BYSTANDER, 'RELEASE', story.held(), { envelopes: misses(story, seats, wrong) });
    }
    world.accept(ADA, 'RENEW', { ...story.held(), progress: null });
    world.refuse('vote_head_early', BYSTANDER, 'RELEASE', story.held(), { envelopes: old });
    world.accept(BYSTANDER, 'RELEASE', story.held(), { envelopes: misses(story, seats) });
  });
});

describe('COMMIT', () => {
  it('ends the lease, keeps the bond and opens a committee without requester and worker', () => {
    const { world, story } = leased();
    story.deliver();
    expect(story.need).toMatchObject({ phase: 'committed', lease: null });
    expect(world.balance(`bond/work/${story.id}/${ADA.did}`)).toBe(BOND);
    expect(story.jury.excluded).toEqual(['org:work-ada', 'unverified']);
    expect(story.jury.phase).toBe('drawing');
  });

  it('is refused after the deadline', () => {
    const { world, story } = leased();
    // No entry brings a lease after its deadline about: INV-LEASE.
    world.check = () => undefined;
    story.need.deadlinePassed = true;
    world.state.timers.cancel(`deadline:${story.id}`);
    world.refuse('deadline_passed', ADA, 'COMMIT', { ...story.held(), ...result });
  });
});
