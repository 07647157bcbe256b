import { MAIN_TASK } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { divisionKey } from '../../src/duties/divided.ts';
import type { Me } from '../../src/duties/duty.ts';
import { evaluationKey, inspectionKey, ownDuties, workKey } from '../../src/duties/own.ts';
import { workerPriceLeft } from '../../src/plan/tasks.ts';
import { lay, missingCitation } from '../support/accusation.ts';
import { LYING, UNFIT } from '../support/documents.ts';
import { doShared, me, own, worker } from '../support/duties.ts';
import { GossipView } from '../support/gossip-view.ts';
import type { Agent } from '../support/keys.ts';
import { DIVISION, Story, type TaskDraft } from '../support/story.ts';
import { ADA, AUTHORITY, BOB, BYSTANDER, CREDIT, CYD, World } from '../world.ts';

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

describe('duties of divided work', () => {
  const two = (price: number): readonly TaskDraft[] => [
    { task: 'a', price, worker: null },
    { task: 'b', price, worker: null },
    { task: MAIN_TASK, price, after: ['a', 'b'], worker: null },
  ];
  const searcher = (who: Agent, price = 0): Me => me(who, { worksOn: new Set(['search']), least: () => price });
  const dues = (story: Story, of: Me) => ownDuties(story.world.state, new GossipView(), of, story.need, 0).duties;

  it('are a planner’s to divide once a round while bids are taken, and then to bid with the plan', () => {
    const story = new Story(new World(), { plan: DIVISION });
    const view = new GossipView();
    const planner = me(CYD, { divides: new Set(['brief']) });
    const [duty] = ownDuties(story.world.state, view, planner, story.need, 0).duties;
    expect(duty).toMatchObject({ type: 'divide', round: 1 });
    expect(own(story, view, me(CYD, { divides: new Set(['other']) }))).toEqual([]);
    const key = divisionKey(story.id, 1, CYD.did);
    view.works.set(key, 'running');
    expect(own(story, view, planner)).toEqual([]);
    view.works.set(key, 'done');
    expect(own(story, view, planner)).toEqual(['propose_division']);
    view.signed.set(`bid/${key}`, 1);
    expect(own(story, view, planner)).toEqual([]);
    view.signed.clear();
    story.toPlanVotes();
    expect(own(story, view, planner)).toEqual([]);
  });

  it('are a bid on the whole where the planner left it whole, or nothing may be divided', () => {
    const view = new GossipView();
    const planner = me(CYD, { divides: new Set(['brief']), worksOn: new Set(['brief']) });
    expect(own(new Story(new World()), view, planner)).toEqual(['bid']);
    const story = new Story(new World(), { plan: DIVISION });
    expect(own(story, view, planner)).toEqual(['divide']);
    view.works.set(divisionKey(story.id, 1, CYD.did), 'failed');
    expect(own(story, view, planner)).toEqual(['bid']);
  });

  it('are a claim on the first open task, on one at a time, for no less than its price', () => {
    const story = new Story(new World(), { plan: DIVISION });
    story.toPlanVotes().divide([story.dividedBid(CYD, two(CREDIT), { share: CREDIT })]);
    const [first, second] = [story.task('a'), story.task('b')];
    expect(dues(first, searcher(ADA)).map(({ type }) => type)).toEqual(['claim']);
    expect(dues(second, searcher(ADA))).toEqual([]);
    expect(dues(first, searcher(ADA, CREDIT + 1))).toEqual([]);
    expect(dues(first, me(ADA, { worksOn: new Set(['search']), least: () => null }))).toEqual([]);
    const claim = { task: 'a', attempt: 1, ttlMs: 10_000, cost: CREDIT, etaMs: 1_000 };
    story.world.accept(ADA, 'CLAIM', { need: first.id, ...claim });
    expect(dues(second, searcher(ADA))).toEqual([]);
    expect(dues(second, searcher(BOB)).map(({ type }) => type)).toEqual(['claim']);
    expect(workerPriceLeft(second.need)).toBe(CREDIT);
    expect(workerPriceLeft(story.need)).toBe(story.need.pricePool - CREDIT);
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
    expect(duty()).toMatchObject([{ type: 'challenge', commit: story.commit.id }]);
    lay(story.world, BYSTANDER, story.commit.id, missingCitation(story));
    expect(duty()).toEqual([]);
    const [laid] = story.world.state.challenges.get(story.commit.id) ?? [];
    view.seals.add(laid?.seal ?? '');
    expect(duty()).toMatchObject([{ type: 'open', seal: laid?.seal }]);
    expect(own(story, view, me(CYD))).toEqual([]);
  });

  it('are a look at what failed too, where a seat passed it, until its seats are paid', () => {
    const story = new Story(new World()).hire([ADA]).deliver(UNFIT).toJudging();
    const [lazy = ADA, ...others] = story.seats(story.jury);
    const view = new GossipView().hear(story.vote(lazy, 'pass'), ...others.map((seat) => story.vote(seat, 'fail')));
    const bystander = me(BYSTANDER, { inspects: true });
    expect(doShared(story, view)).toEqual(['certify']);
    expect(story.commit.verdict).toBe('fail');
    expect(own(story, view, bystander)).toEqual([]);
    expect(doShared(story, view)).toEqual(['certify']);
    expect(story.seatOf(story.jury, lazy.did).vote?.verdict).toBe('pass');
    expect(own(story, view, bystander)).toEqual(['inspect']);
    view.works.set(inspectionKey(story.commit.id, BYSTANDER.did), 'done');
    expect(own(story, view, bystander)).toEqual(['challenge']);
    // Who cannot pay the bond would pay for one refusal after the other.
    const { world } = story;
    world.accept(BYSTANDER, 'TRANSFER', { to: ADA.did, amount: world.free(BYSTANDER) - 1, create: false });
    expect(own(story, view, bystander)).toEqual([]);
  });
});
