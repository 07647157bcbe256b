import { describe, expect, it } from 'vitest';
import { freeAccount, stakeAccount } from '../../src/accounts.ts';
import { rankedBids } from '../../src/duties/auction.ts';
import { ownDuties, rehearsalKey, workFunds } from '../../src/duties/own.ts';
import { rejoinDuty, reportDuty, tickDue, tickDuty } from '../../src/duties/time.ts';
import { workBond } from '../../src/need-money.ts';
import { LYING } from '../support/documents.ts';
import { doShared, me, own, worker } from '../support/duties.ts';
import { GossipView } from '../support/gossip-view.ts';
import { sha256 } from '../support/keys.ts';
import { Story } from '../support/story.ts';
import { ADA, BOB, BYSTANDER, CREDIT, CYD, DAN, LOG_FEES, World } from '../world.ts';

const PRICE = 4 * CREDIT;

describe('TICK as a duty', () => {
  it('is due while a period waits, a seed is pending or a timer has passed', () => {
    const world = new World();
    expect(tickDue(world.state, world.now)).toBe(false);
    const story = new Story(world);
    expect(tickDue(world.state, world.now)).toBe(true);
    world.tick();
    world.tick();
    const next = world.state.timers.next() ?? 0;
    expect(tickDue(world.state, next - 1)).toBe(false);
    expect(tickDue(world.state, next)).toBe(true);
    expect(story.plan.phase).toBe('bidding');
  });

  it('leaves out every report that the rule would refuse, so that one of them keeps nobody out', () => {
    const world = new World();
    new Story(world);
    world.now += 50;
    const [first = ADA, ...others] = world.reporters;
    const forked = world.report(first, {}, { head: { ...world.head(), digest: new Uint8Array(32) } });
    const foreign = world.report(first, { time: world.now + 1 }, { network: LYING.cid });
    const beyond = world.report(first, { time: 2 ** 53 - 1 });
    for (const bad of [forked, foreign, beyond, world.report(BYSTANDER)]) {
      const view = new GossipView().hear(...others.map((who) => world.report(who, { reveal: true })), bad);
      const [duty] = tickDuty(world.state, view, world.now, sha256).duties;
      if (duty?.type !== 'tick') throw new Error('a TICK is due');
      expect(duty.evidence).not.toContain(bad);
    }
    const view = new GossipView().hear(...others.map((who) => world.report(who, { reveal: true })), forked);
    const [duty] = tickDuty(world.state, view, world.now, sha256).duties;
    if (duty?.type === 'tick') world.accept(others[0] ?? ADA, 'TICK', {}, { envelopes: duty.evidence });
    expect(world.events('bidding_opened')).toHaveLength(1);
  });

  it('comes for the reveals that complete a seed, although time stands still', () => {
    const world = new World();
    new Story(world);
    const reports = world.reporters.slice(0, 3).map((who) => world.report(who, { reveal: true }));
    expect(tickDuty(world.state, new GossipView().hear(...reports.slice(1)), world.now, sha256).duties).toEqual([]);
    const [duty] = tickDuty(world.state, new GossipView().hear(...reports), world.now, sha256).duties;
    if (duty?.type !== 'tick') throw new Error('a TICK is due');
    world.accept(world.reporters[0] ?? ADA, 'TICK', {}, { envelopes: duty.evidence });
    expect(world.events('bidding_opened')).toHaveLength(1);
    expect(world.events('time_advanced')).toHaveLength(0);
  });

  it('waits for enough reports and for the tick period', () => {
    const world = new World();
    new Story(world);
    world.now += 50;
    const reports = world.reporters.map((who) => world.report(who));
    const few = new GossipView().hear(...reports.slice(0, 3));
    expect(tickDuty(world.state, few, world.now, sha256).duties).toEqual([]);
    const all = new GossipView().hear(...reports);
    expect(tickDuty(world.state, all, world.now, sha256).duties).toHaveLength(1);
    all.ticked = world.now;
    expect(tickDuty(world.state, all, world.now + 1, sha256)).toEqual({ duties: [], wakeAt: world.now + 50 });
  });
});

describe('REPORT as a duty', () => {
  it('is a verifier’s while a TICK is due, once a period, with a preimage for each new draw', () => {
    const world = new World();
    const [{ who } = { who: ADA }] = world.verifiers;
    const view = new GossipView();
    expect(reportDuty(world.state, view, who.did, world.now).duties).toEqual([]);
    new Story(world);
    expect(reportDuty(world.state, view, BYSTANDER.did, world.now).duties).toEqual([]);
    expect(reportDuty(world.state, view, who.did, world.now).duties).toMatchObject([{ type: 'report', reveal: true }]);
    view.last = { timeAt: world.now, revealAt: world.state.position };
    expect(reportDuty(world.state, view, who.did, world.now)).toEqual({ duties: [], wakeAt: world.now + 50 });
    expect(reportDuty(world.state, view, who.did, world.now + 50).duties).toMatchObject([{ reveal: false }]);
  });
});

describe('JOIN again as a duty', () => {
  it('is a verifier’s that silence made inactive, while it has stake and reveals left', () => {
    const world = new World();
    const [{ who } = { who: ADA }] = world.verifiers;
    const member = world.state.members.get(who.did);
    if (member === undefined) throw new Error('a verifier is a member');
    const silent = { ...member, active: false };
    const due = (now: Partial<typeof silent>): unknown => {
      world.state.members.set(who.did, { ...silent, ...now });
      return rejoinDuty(world.state, who.did);
    };
    expect(rejoinDuty(world.state, who.did)).toBeNull();
    expect(due({})).toMatchObject({ type: 'rejoin', tip: member.tip, length: member.revealsLeft });
    expect(due({ revealsLeft: 0 })).toBeNull();
    const anew = { tip: 'ab'.repeat(32), length: 5 };
    expect(rejoinDuty({ ...world.state, members: new Map([[who.did, member]]) }, who.did, anew)).toMatchObject(anew);
    const left = { ...member, left: true };
    expect(rejoinDuty({ ...world.state, members: new Map([[who.did, left]]) }, who.did, anew)).toBeNull();
    expect(due({ tip: null })).toBeNull();
    world.state.accounts.set(stakeAccount(who.did), 0);
    expect(due({})).toBeNull();
    expect(rejoinDuty(world.state, BYSTANDER.did)).toBeNull();
  });
});

describe('bidding duties', () => {
  it('are a worker’s bid with a free bond, once, while bids are taken', () => {
    const story = new Story(new World());
    const view = new GossipView();
    expect(own(story, view, worker(ADA))).toEqual(['bid']);
    expect(own(story, view, me(ADA, { worksOn: new Set(['other']) }))).toEqual([]);
    const [bid] = ownDuties(story.world.state, view, worker(ADA), story.need, 0).duties;
    view.signed.set(bid?.key ?? '', 1);
    expect(own(story, view, worker(ADA))).toEqual([]);
    story.world.accept(BOB, 'TRANSFER', { to: ADA.did, amount: story.world.free(BOB), create: false });
    expect(own(story, view, worker(BOB))).toEqual([]);
    story.toPlanVotes();
    expect(own(story, view, worker(CYD))).toEqual([]);
  });

  it('are a planner’s plan once a worker accepted', () => {
    const story = new Story(new World());
    const [acceptance] = story.plannedBid(BYSTANDER, ADA, PRICE, PRICE + 5);
    const planner = me(BYSTANDER, { plans: true });
    expect(own(story, new GossipView(), planner)).toEqual([]);
    expect(own(story, new GossipView().hear(acceptance), planner)).toEqual(['plan']);
  });

  it('rank fit bids of free bonds, the best of each entity', () => {
    const story = new Story(new World());
    const view = new GossipView().hear(
      story.bid(ADA, PRICE + CREDIT),
      story.bid(ADA, PRICE),
      story.bid(BOB, PRICE - CREDIT),
      story.bid(CYD, 11 * CREDIT),
      story.bid(DAN, CREDIT),
    );
    story.world.accept(DAN, 'TRANSFER', { to: ADA.did, amount: story.world.free(DAN), create: false });
    expect(rankedBids(story.world.state, view, story.need).map((bid) => bid.lead)).toEqual([BOB.did, ADA.did]);
  });

  it('count a bond that is free to the unit', () => {
    const story = new Story(new World());
    const { world } = story;
    const view = new GossipView().hear(story.bid(ADA, PRICE));
    const bond = workBond(world.state, story.need);
    world.accept(ADA, 'TRANSFER', { to: BOB.did, amount: world.free(ADA) - bond, create: false });
    expect(rankedBids(world.state, view, story.need)).toHaveLength(1);
    expect(own(story, new GossipView(), worker(ADA))).toEqual(['bid']);
    world.accept(ADA, 'TRANSFER', { to: BOB.did, amount: 1, create: false });
    expect(rankedBids(world.state, view, story.need)).toEqual([]);
    expect(own(story, new GossipView(), worker(ADA))).toEqual([]);
  });

  it('ask for the log space of the work beside its bond', () => {
    const story = new Story(new World({ params: LOG_FEES }));
    const { world, need } = story;
    const funds = workFunds(world.state, need);
    expect(funds).toBeGreaterThan(workBond(world.state, need));
    world.state.accounts.set(freeAccount(ADA.did), funds);
    expect(own(story, new GossipView(), worker(ADA))).toEqual(['bid']);
    world.state.accounts.set(freeAccount(ADA.did), funds - 1);
    expect(own(story, new GossipView(), worker(ADA))).toEqual([]);
  });

  it('are a seat’s vote for the best bid, once, after the bid window', () => {
    const story = new Story(new World());
    story.world.tickUntil(() => story.plan.phase === 'bidding');
    const [early = ADA] = story.seats(story.plan);
    const eager = new GossipView();
    eager.works.set(rehearsalKey(story.id, early.did), 'done');
    expect(own(story, eager, me(early, { verifies: true }))).toEqual([]);
    story.toPlanVotes();
    const [seat = ADA] = story.seats(story.plan);
    const bids = [story.bid(BOB, PRICE), story.bid(ADA, PRICE - CREDIT)];
    const view = new GossipView().hear(...bids);
    view.works.set(rehearsalKey(story.id, seat.did), 'done');
    const verifier = me(seat, { verifies: true });
    const [duty] = ownDuties(story.world.state, view, verifier, story.need, 0).duties;
    expect(duty).toMatchObject({
      type: 'vote_plan',
      ballot: 1,
      draw: 0,
      winner: bids[1]?.id,
      bidsSeen: [bids[1]?.id, bids[0]?.id],
    });
    view.signed.set(duty?.key ?? '', 1);
    expect(own(story, view, verifier)).toEqual([]);
    expect(own(story, view, me(BYSTANDER, { verifies: true }))).toEqual([]);
  });

  it('are a seat’s run of the example, from the draw on; nobody is voted for whose work it shows to be impossible', () => {
    const story = new Story(new World());
    story.world.tickUntil(() => story.plan.phase === 'bidding');
    const [seat = ADA] = story.seats(story.plan);
    const verifier = me(seat, { verifies: true });
    const view = new GossipView().hear(story.bid(BOB, PRICE));
    const key = rehearsalKey(story.id, seat.did);
    expect(own(story, view, verifier)).toEqual(['rehearse']);
    expect(own(story, view, me(BYSTANDER, { verifies: true }))).toEqual([]);
    view.works.set(key, 'running');
    expect(own(story, view, verifier)).toEqual([]);
    story.toPlanVotes();
    expect(own(story, view, verifier)).toEqual([]);
    view.works.set(key, 'failed');
    const [duty] = ownDuties(story.world.state, view, verifier, story.need, 0).duties;
    expect(duty).toMatchObject({ type: 'vote_plan', winner: null, bidsSeen: [] });
  });
});

describe('DECIDE as a duty', () => {
  it('comes with K votes and all bids they name, acceptances too', () => {
    const story = new Story(new World()).toPlanVotes();
    const [acceptance, planned] = story.plannedBid(BYSTANDER, ADA, CREDIT, 2 * CREDIT);
    const bids = [planned, story.bid(BOB, PRICE)];
    const votes = story.planVotes(bids);
    const view = new GossipView().hear(acceptance, ...bids, ...votes.slice(0, 2));
    expect(doShared(story, view)).toEqual([]);
    expect(doShared(story, view.hear(...votes.slice(2)))).toEqual(['decide']);
    expect(story.lease.bid).toMatchObject({ worker: ADA.did, planner: BYSTANDER.did });
  });

  it('records few votes from half the period on, then decides with the bids of those too', () => {
    const story = new Story(new World()).toPlanVotes();
    const bids = [story.bid(ADA, PRICE), story.bid(BOB, PRICE + CREDIT)];
    const votes = story.planVotes(bids);
    const view = new GossipView().hear(...bids, ...votes.slice(0, 2));
    story.world.tick(500);
    expect(doShared(story, view)).toEqual(['decide']);
    expect(doShared(story, view)).toEqual([]);
    expect(doShared(story, view.hear(...votes.slice(2, 3)))).toEqual(['decide']);
    expect(story.need.phase).toBe('leased');
  });

  it('leaves out votes that the rule would refuse', () => {
    const story = new Story(new World()).toPlanVotes();
    const [first = ADA] = story.seats(story.plan);
    const bid = story.bid(ADA, PRICE);
    const stray = story.planVote(first, bid.id, [bid.id], { draw: 3 });
    const view = new GossipView().hear(bid, stray, ...story.planVotes([bid], story.seats(story.plan).slice(1)));
    expect(doShared(story, view)).toEqual(['decide']);
  });
});
