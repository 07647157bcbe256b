import { describe, expect, it } from 'vitest';
import { rejoinDuty, reportDuty } from '../../src/duties/time.ts';
import { owesReveal } from '../../src/reports.ts';
import { GossipView } from '../support/gossip-view.ts';
import { type Agent, agent } from '../support/keys.ts';
import { Story } from '../support/story.ts';
import { ADA, AUTHORITY, BOB, CREDIT, chainOf, REQUESTER, verifiersOf, World } from '../world.ts';

const STRANGER = agent('stranger');

describe('TRANSFER', () => {
  it('moves free credits', () => {
    const world = new World();
    const [before, after] = [world.free(REQUESTER), world.free(ADA)];
    world.accept(REQUESTER, 'TRANSFER', { to: ADA.did, amount: 7, create: false });
    expect(world.free(REQUESTER)).toBe(before - 7);
    expect(world.free(ADA)).toBe(after + 7);
  });

  it('to oneself makes nothing', () => {
    const world = new World();
    const before = world.free(REQUESTER);
    world.accept(REQUESTER, 'TRANSFER', { to: REQUESTER.did, amount: before, create: false });
    expect(world.free(REQUESTER)).toBe(before);
  });

  it('refuses a mistyped receiver unless the sender says that it is new', () => {
    const world = new World();
    world.refuse('account_unknown', REQUESTER, 'TRANSFER', { to: STRANGER.did, amount: 7, create: false });
    world.accept(REQUESTER, 'TRANSFER', { to: STRANGER.did, amount: 7, create: true });
    world.accept(REQUESTER, 'TRANSFER', { to: STRANGER.did, amount: 7, create: false });
    expect(world.free(STRANGER)).toBe(14);
  });

  it('refuses more than is free', () => {
    const world = new World();
    const amount = world.free(REQUESTER) + 1;
    world.refuse('funds_lacking', REQUESTER, 'TRANSFER', { to: ADA.did, amount, create: false });
  });
});

describe('MINT', () => {
  it('is the authority’s, under the cap', () => {
    const world = new World({ supplyCap: 40_000 * CREDIT });
    const minted = -world.balance('mint');
    const room = 40_000 * CREDIT - minted;
    world.refuse('authority_only', ADA, 'MINT', { to: ADA.did, amount: 1, create: false });
    world.refuse('supply_cap', AUTHORITY, 'MINT', { to: ADA.did, amount: room + 1, create: false });
    world.refuse('account_unknown', AUTHORITY, 'MINT', { to: STRANGER.did, amount: 1, create: false });
    const before = world.free(ADA);
    world.accept(AUTHORITY, 'MINT', { to: ADA.did, amount: room, create: false });
    expect(world.free(ADA)).toBe(before + room);
    world.refuse('supply_cap', AUTHORITY, 'MINT', { to: ADA.did, amount: 1, create: false });
  });
});

describe('STAKE', () => {
  it('moves free credits of a key to its stake', () => {
    const world = new World();
    const before = world.free(ADA);
    world.accept(ADA, 'STAKE', { amount: 5 });
    expect(world.free(ADA)).toBe(before - 5);
    expect(world.balance(`stake/${ADA.did}`)).toBe(5);
    world.refuse('funds_lacking', ADA, 'STAKE', { amount: before });
  });
});

const DAY_MS = 86_400_000;

describe('ESCROW and SETTLE', () => {
  const held = (own: Partial<{ amount: number; periodMs: number }> = {}) => {
    const world = new World();
    const escrow = { to: ADA.did, amount: 10, periodMs: DAY_MS, create: false, ...own };
    world.accept(REQUESTER, 'ESCROW', escrow);
    const id = world.events('escrow_opened').at(-1)?.escrow;
    if (id === undefined) throw new Error('an escrow was opened');
    return { world, id, before: [world.free(REQUESTER), world.free(ADA)] as const };
  };

  it('sets credits aside: they can be spent by nobody', () => {
    const { world, id, before } = held();
    expect(world.balance(`hold/${id}`)).toBe(10);
    world.refuse('funds_lacking', REQUESTER, 'TRANSFER', { to: ADA.did, amount: before[0] + 1, create: false });
    world.refuse('funds_lacking', REQUESTER, 'ESCROW', {
      to: ADA.did,
      amount: before[0] + 1,
      periodMs: 1,
      create: true,
    });
    world.refuse('account_unknown', REQUESTER, 'ESCROW', {
      to: STRANGER.did,
      amount: 1,
      periodMs: DAY_MS,
      create: false,
    });
  });

  it('the payer pays all or a part, the rest comes back, once', () => {
    const { world, id, before } = held();
    world.refuse('escrow_exceeded', REQUESTER, 'SETTLE', { escrow: id, amount: 11 });
    world.refuse('escrow_party_only', BOB, 'SETTLE', { escrow: id, amount: 0 });
    world.accept(REQUESTER, 'SETTLE', { escrow: id, amount: 7 });
    expect([world.free(REQUESTER), world.free(ADA)]).toEqual([before[0] + 3, before[1] + 7]);
    expect(world.events('escrow_settled').at(-1)).toMatchObject({ escrow: id, paid: 7, returned: 3 });
    world.refuse('escrow_unknown', REQUESTER, 'SETTLE', { escrow: id, amount: 0 });
    world.refuse('escrow_unknown', ADA, 'SETTLE', { escrow: id, amount: 0 });
  });

  it('the payee gives it back and takes nothing', () => {
    const { world, id, before } = held();
    world.refuse('escrow_exceeded', ADA, 'SETTLE', { escrow: id, amount: 1 });
    world.accept(ADA, 'SETTLE', { escrow: id, amount: 0 });
    expect([world.free(REQUESTER), world.free(ADA)]).toEqual([before[0] + 10, before[1]]);
  });

  it('goes back by itself when its period passes', () => {
    const { world, id, before } = held({ periodMs: 500 });
    world.tickUntil(() => world.state.escrows.size === 0);
    expect([world.free(REQUESTER), world.free(ADA)]).toEqual([before[0] + 10, before[1]]);
    world.refuse('escrow_unknown', REQUESTER, 'SETTLE', { escrow: id, amount: 10 });
  });

  it('a key has sixteen open at most', () => {
    const { world, id } = held();
    const another = { to: ADA.did, amount: 1, periodMs: DAY_MS, create: false };
    for (let open = 1; open < 16; open += 1) world.accept(REQUESTER, 'ESCROW', another);
    world.refuse('too_many_open', REQUESTER, 'ESCROW', another);
    world.accept(REQUESTER, 'SETTLE', { escrow: id, amount: 10 });
    world.accept(REQUESTER, 'ESCROW', another);
  });
});

describe('UNBOND and WITHDRAW', () => {
  const unbonding = (amount: number) => {
    const world = new World();
    const [{ who } = { who: ADA }] = world.verifiers;
    world.accept(who, 'UNBOND', { delegate: null, amount });
    const id = world.events('unbonding_opened').at(-1)?.unbonding;
    if (id === undefined) throw new Error('an unbonding was opened');
    return { world, who, id };
  };

  it('stake becomes free when its period has passed, and not before', () => {
    const { world, who, id } = unbonding(40 * CREDIT);
    const free = world.free(who);
    expect(world.balance(`stake/${who.did}`)).toBe(960 * CREDIT);
    expect(world.balance(`unbonding/${id}`)).toBe(40 * CREDIT);
    world.refuse('unbonding_runs', who, 'WITHDRAW', { unbonding: id });
    world.refuse('unbonding_unknown', ADA, 'WITHDRAW', { unbonding: id });
    world.tickUntil(() => world.events('unbonding_over').length > 0, 250);
    world.refuse('unbonding_unknown', ADA, 'WITHDRAW', { unbonding: id });
    world.accept(who, 'WITHDRAW', { unbonding: id });
    expect(world.free(who)).toBe(free + 40 * CREDIT);
    world.refuse('unbonding_unknown', who, 'WITHDRAW', { unbonding: id });
  });

  it('is of stake that backs nothing: what a seat reserves stays', () => {
    const world = new World({ verifiers: verifiersOf(9, 9) });
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    const [seat] = story.jury.seats;
    if (seat === undefined) throw new Error('a jury has seats');
    const [by] = story.seats(story.jury);
    const free = world.balance(`stake/${seat.did}`);
    if (by === undefined) throw new Error('a seat has a key');
    world.refuse('stake_lacking', by, 'UNBOND', { delegate: null, amount: free + 1 });
    world.accept(by, 'UNBOND', { delegate: null, amount: free });
    expect(world.balance(`reserve/${seat.did}`)).toBe(seat.reserved);
  });

  it('stays within reach of a charge until it is withdrawn, the earliest first', () => {
    const world = new World({ verifiers: verifiersOf(9, 9), params: { unbondingMs: 600_000 } });
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    const [by] = story.seats(story.jury);
    if (by === undefined) throw new Error('a seat has a key');
    const fee = story.need.body.seatFee;
    world.accept(by, 'UNBOND', { delegate: null, amount: fee - 1 });
    world.accept(by, 'UNBOND', { delegate: null, amount: world.balance(`stake/${by.did}`) });
    const [first, second] = (world.state.unbondings.get(by.did) ?? []).map(({ id }) => id);
    const burned = world.balance('burn');
    const later = world.balance(`unbonding/${second ?? ''}`);
    world.tickUntil(() => world.events('seat_silent').some(({ did }) => did === by.did), 100);
    // Its reserve came back first, and pays the charge as stake that backs nothing does.
    expect(world.balance('burn')).toBeGreaterThanOrEqual(burned + fee);
    expect(world.balance(`unbonding/${first ?? ''}`)).toBe(fee - 1);
    expect(world.balance(`unbonding/${second ?? ''}`)).toBe(later);
  });

  it('a key has sixteen open at most', () => {
    const { world, who } = unbonding(1);
    for (let open = 1; open < 16; open += 1) world.accept(who, 'UNBOND', { delegate: null, amount: 1 });
    world.refuse('too_many_open', who, 'UNBOND', { delegate: null, amount: 1 });
    world.tickUntil(() => world.events('unbonding_over').length === 16, 250);
    world.refuse('too_many_open', who, 'UNBOND', { delegate: null, amount: 1 });
    const [first] = world.state.unbondings.get(who.did) ?? [];
    if (first === undefined) throw new Error('the key has unbondings');
    world.accept(who, 'WITHDRAW', { unbonding: first.id });
    world.accept(who, 'UNBOND', { delegate: null, amount: 1 });
  });
});

describe('LEAVE', () => {
  it('a verifier is drawn no more, until it joins again', () => {
    const world = new World();
    const [{ who } = { who: ADA }] = world.verifiers;
    world.refuse('member_unknown', BOB, 'LEAVE', {});
    world.accept(who, 'LEAVE', {});
    world.refuse('member_unknown', who, 'LEAVE', {});
    expect(world.events('member_left')).toEqual([{ type: 'member_left', did: who.did }]);
    const story = new Story(world).toPlanVotes();
    expect(story.plan.seats.map(({ did }) => did)).not.toContain(who.did);
    // It left by its own word: its node does not have it join again.
    expect(rejoinDuty(world.state, who.did)).toBeNull();
    world.accept(who, 'JOIN', { tip: new Uint8Array(32), length: 1, credential: null });
    expect(world.state.members.get(who.did)).toMatchObject({ active: true, left: false });
  });

  for (const [how, go] of Object.entries({
    LEAVE: (world: World, who: Agent) => world.accept(who, 'LEAVE', {}),
    'UNBOND of all': (world: World, who: Agent) =>
      world.accept(who, 'UNBOND', { delegate: null, amount: world.balance(`stake/${who.did}`) }),
  })) {
    it(`a reveal that a verifier owed is taken after ${how}, and only while it is owed`, () => {
      const world = new World({ verifiers: verifiersOf(9, 9) });
      const [{ who } = { who: ADA }, ...others] = world.verifiers;
      const reporters = others.map((other) => other.who);
      const story = new Story(world);
      go(world, who);
      expect(reportDuty(world.state, new GossipView(), who.did, world.now).duties).toMatchObject([{ reveal: true }]);
      world.now += 50;
      const envelopes = [who, ...reporters.slice(0, 1)].map((one) => world.report(one, { reveal: true }));
      world.accept(reporters[0] ?? ADA, 'TICK', {}, { envelopes });
      expect(world.events('revealed').map(({ did }) => did)).toContain(who.did);
      world.tickUntil(() => story.plan.phase === 'bidding');
      expect(world.events('seat_silent')).toEqual([]);
      // Its time counts for nothing, and it owes no more.
      expect(reportDuty(world.state, new GossipView(), who.did, world.now).duties).toEqual([]);
      world.now += 50;
      const late = [who, ...reporters].map((one) => world.report(one));
      world.refuse('report_unfit', reporters[0] ?? ADA, 'TICK', {}, { envelopes: late });
    });
  }

  it('who joins again owes no reveal of before', () => {
    const world = new World({ verifiers: verifiersOf(9, 9) });
    const [{ who } = { who: ADA }] = world.verifiers;
    const story = new Story(world);
    world.accept(who, 'JOIN', { tip: chainOf(who).tip, length: 9, credential: null });
    world.accept(who, 'LEAVE', {});
    expect(owesReveal(world.state, who.did)).toBe(false);
    expect(story.plan.phase).toBe('drawing');
  });

  it('pays for a vote that it owed', () => {
    const world = new World({ verifiers: verifiersOf(9, 9) });
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    const [by] = story.seats(story.jury);
    if (by === undefined) throw new Error('a seat has a key');
    world.accept(by, 'LEAVE', {});
    world.tickUntil(() => world.events('seat_silent').some(({ did }) => did === by.did), 100);
  });
});
