import { describe, expect, it } from 'vitest';
import { freeAccount, stakeAccount } from '../../src/accounts.ts';
import { rankedBids } from '../../src/duties/auction.ts';
import type { Me, OwnDuty, SharedDuty } from '../../src/duties/duty.ts';
import { evaluationKey, inspectionKey, ownDuties, rehearsalKey, workFunds, workKey } from '../../src/duties/own.ts';
import { sharedDuties } from '../../src/duties/shared.ts';
import { rejoinDuty, reportDuty, tickDue, tickDuty } from '../../src/duties/time.ts';
import { workBond } from '../../src/need-money.ts';
import { lay, missingCitation } from '../support/accusation.ts';
import { LYING } from '../support/documents.ts';
import { GossipView } from '../support/gossip-view.ts';
import { type Agent, sha256 } from '../support/keys.ts';
import { Story } from '../support/story.ts';
import { ADA, AUTHORITY, BOB, BYSTANDER, CREDIT, CYD, DAN, LOG_FEES, World } from '../world.ts';

const PRICE = 4 * CREDIT;

const me = (who: Agent, own: Partial<Me> = {}): Me => ({
  did: who.did,
  worksOn: new Set(),
  verifies: false,
  inspects: false,
  acceptsPlansOf: null,
  plans: false,
  ...own,
});
const worker = (who: Agent): Me => me(who, { worksOn: new Set(['brief']) });

/** The duties of a need that anyone may do now, done: each entry must be accepted. */
function doShared(story: Story, view: GossipView): readonly SharedDuty['type'][] {
  const { world } = story;
  const duties = sharedDuties(world.state, view, story.need, sha256);
  for (const duty of duties) {
    if (duty.type === 'tick') throw new Error('a TICK is no duty of a need');
    const evidence = 'evidence' in duty ? { envelopes: duty.evidence } : undefined;
    if (duty.type === 'decide') {
      world.accept(BYSTANDER, 'DECIDE', { need: duty.need, round: duty.round, ballot: duty.ballot }, evidence);
    } else if (duty.type === 'certify') {
      world.accept(BYSTANDER, 'CERTIFY', { commit: duty.commit, ballot: duty.ballot }, evidence);
    } else if (duty.type === 'release') {
      const { need, attempt, fence } = duty;
      world.accept(BYSTANDER, 'RELEASE', { need, task: 'main', attempt, fence }, evidence);
    } else if (duty.type === 'rule') {
      throw new Error('nothing is disputed');
    } else {
      world.accept(BYSTANDER, 'FINALIZE', { commit: duty.commit });
    }
  }
  return duties.map(({ type }) => type);
}

const typesOf = (duties: readonly OwnDuty[]): readonly OwnDuty['type'][] => duties.map(({ type }) => type);
const own = (story: Story, view: GossipView, who: Me, now = story.world.now): readonly OwnDuty['type'][] =>
  typesOf(ownDuties(story.world.state, view, who, story.need, now).duties);

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

describe('duties of a lease', () => {
  it('are to work, to show life, to renew, to commit or to yield', () => {
    const story = new Story(new World()).hire([ADA]);
    const view = new GossipView();
    view.alive = story.world.now;
    expect(own(story, view, worker(ADA))).toEqual(['execute']);
    const key = workKey(story.id, 1);
    view.works.set(key, 'running');
    expect(own(story, view, worker(ADA), view.alive + 1000)).toEqual(['heartbeat']);
    story.world.tick();
    view.alive = (story.lease.expiresAt ?? 0) - 1000;
    expect(own(story, view, worker(ADA), view.alive)).toEqual(['renew']);
    view.works.set(key, 'done');
    expect(own(story, view, worker(ADA))).toEqual(['commit']);
    view.works.set(key, 'failed');
    expect(own(story, view, worker(ADA))).toEqual(['yield']);
  });

  it('are to yield what cannot be done any more: the skill is gone, or was away until the last third', () => {
    const story = new Story(new World()).hire([ADA]);
    const view = new GossipView();
    view.alive = story.world.now;
    expect(own(story, view, me(ADA, {}))).toEqual(['yield']);
    story.world.tick();
    const { lease } = story;
    const last = (lease.expiresAt ?? 0) - Math.floor(lease.durationMs / 3);
    lease.renewals = story.world.state.params.maxRenewals;
    story.world.tick(last - story.world.state.time - 100);
    expect(own(story, view, worker(ADA))[0]).toBe('execute');
    story.world.tick(200);
    expect(own(story, view, worker(ADA))).toEqual(['yield']);
    view.works.set(workKey(story.id, 1), 'running');
    expect(own(story, view, worker(ADA))).not.toContain('yield');
  });

  it('are a plan seat’s MISS after missed heartbeats, and RELEASE by anyone with K of them', () => {
    const story = new Story(new World()).hire([ADA, BOB]);
    const seats = story.world.verifiers.map(({ who }) => who).filter(({ did }) => story.need.planSeats.includes(did));
    const view = new GossipView();
    view.alive = story.world.now;
    const [seat = ADA] = seats;
    expect(own(story, view, me(seat, { verifies: true }), view.alive + 3999)).toEqual([]);
    expect(own(story, view, me(seat, { verifies: true }), view.alive + 4000)).toEqual(['miss']);
    expect(own(story, view, me(BYSTANDER, { verifies: true }), view.alive + 4000)).toEqual([]);
    const misses = seats.map((who) => story.world.gossip(who, 'MISS', { ...story.held(), interval: 3 }));
    expect(doShared(story, view.hear(...misses.slice(0, 2)))).toEqual([]);
    expect(doShared(story, view.hear(...misses.slice(2)))).toEqual(['release']);
    expect(story.lease.bid.worker).toBe(BOB.did);
  });

  it('are a claim on an open task', () => {
    const story = new Story(new World()).hire([ADA]);
    story.world.accept(ADA, 'YIELD', { ...story.held(), reason: '' });
    expect(own(story, new GossipView(), worker(ADA))).toEqual([]);
    expect(own(story, new GossipView(), worker(BOB))).toEqual(['claim']);
    story.world.accept(BOB, 'TRANSFER', { to: AUTHORITY.did, amount: story.world.free(BOB), create: false });
    expect(own(story, new GossipView(), worker(BOB))).toEqual([]);
  });
});

describe('duties of a result', () => {
  it('are to evaluate, to vote, to certify, to record late votes and to finalize', () => {
    const story = new Story(new World()).hire([ADA]).deliver().toJudging();
    const seats = story.seats(story.jury);
    const [seat = ADA] = seats;
    const view = new GossipView();
    const verifier = me(seat, { verifies: true });
    expect(own(story, view, verifier)).toEqual(['evaluate']);
    expect(own(story, view, me(BYSTANDER, { verifies: true }))).toEqual([]);
    const { id } = story.commit;
    view.works.set(evaluationKey(id, seat.did), 'running');
    expect(own(story, view, verifier)).toEqual([]);
    view.works.set(evaluationKey(id, seat.did), 'done');
    expect(own(story, view, verifier)).toEqual(['vote_result']);
    const votes = story.votes('pass');
    expect(doShared(story, view.hear(...votes.slice(0, 3)))).toEqual(['certify']);
    expect(doShared(story, view)).toEqual([]);
    expect(doShared(story, view.hear(...votes.slice(3)))).toEqual(['certify']);
    expect(doShared(story, view)).toEqual([]);
    story.toWindowEnd();
    expect(doShared(story, view)).toEqual(['finalize']);
    expect(doShared(story, view)).toEqual([]);
  });

  it('are no certificate once the answer period is over', () => {
    const story = new Story(new World()).hire([ADA]).deliver().toJudging();
    const votes = story.votes('pass');
    story.certify(votes.slice(0, 3));
    story.world.tick(1050);
    expect(doShared(story, new GossipView().hear(...votes))).toEqual([]);
  });

  it('are a bystander’s look at it, then a seal and an opening', () => {
    const story = new Story(new World()).hire([ADA]).deliver(LYING).judge('pass');
    const view = new GossipView();
    const bystander = me(BYSTANDER, { inspects: true });
    expect(own(story, view, bystander)).toEqual(['inspect']);
    view.works.set(inspectionKey(story.commit.id, BYSTANDER.did), 'done');
    const duty = () => ownDuties(story.world.state, view, bystander, story.need, 0).duties;
    expect(duty()).toMatchObject([{ type: 'challenge', sealed: false }]);
    lay(story.world, BYSTANDER, story.commit.id, missingCitation(story));
    expect(duty()).toMatchObject([{ type: 'challenge', sealed: true }]);
    expect(own(story, view, me(CYD))).toEqual([]);
  });
});
