import { wholeTask } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { bidKey, rankedBids } from '../../src/duties/auction.ts';
import type { Me, OwnDuty } from '../../src/duties/duty.ts';
import { ownDuties, rehearsalKey } from '../../src/duties/own.ts';
import { doShared, me, worker } from '../support/duties.ts';
import { GossipView } from '../support/gossip-view.ts';
import { PRICE_CAP, SALT, Story, sealed } from '../support/story.ts';
import { ADA, BOB, BYSTANDER, CREDIT, CYD, REQUESTER, World } from '../world.ts';

const PRICE = 3 * CREDIT;
const voting = (cap: number | null = null) => new Story(new World(), sealed(cap)).toPlanVotes();

/** How DECIDE for the first of these bids is judged, with what else is shown. */
function judged(story: Story, bids: Parameters<Story['planVotes']>[0], shown: Parameters<Story['decide']>[0]) {
  const { outcome } = story.decide([...story.planVotes(bids), ...bids, ...shown]);
  return outcome.accepted ? 'accepted' : outcome.code;
}

describe('DECIDE in a sealed auction', () => {
  it('adopts what was sealed, with its runners-up', () => {
    const story = voting();
    const [first, firstSeal] = story.sealedBid(ADA, PRICE);
    const [second, secondSeal] = story.sealedBid(BOB, PRICE + CREDIT);
    expect(judged(story, [first, second], [firstSeal, secondSeal])).toBe('accepted');
    expect(story.lease.bid.worker).toBe(ADA.did);
    expect(story.need.runnersUp.map((bid) => bid.worker)).toEqual([BOB.did]);
    story.world.accept(ADA, 'YIELD', { ...story.held(), reason: '' });
    expect(story.lease.bid.worker).toBe(BOB.did);
  });

  it('takes no bid that was not sealed as it is, by who makes it, for this need and round', () => {
    const story = voting();
    const [bid, seal] = story.sealedBid(ADA, PRICE);
    const [other] = story.sealedBid(ADA, PRICE - 1);
    const [copied] = story.sealedBid(BOB, PRICE);
    const hash = seal.payload.verb === 'SEAL_BID' ? seal.payload.body.seal : SALT;
    const own = { need: story.id, round: 1, seal: hash };
    const copy = story.world.gossip(BOB, 'SEAL_BID', own);
    const late = story.world.gossip(ADA, 'SEAL_BID', { ...own, round: 2 });
    expect(judged(story, [story.bid(ADA, PRICE)], [seal])).toBe('bid_unfit');
    expect(judged(story, [bid], [])).toBe('bid_unfit');
    expect(judged(story, [other], [seal])).toBe('bid_unfit');
    expect(judged(story, [copied], [copy])).toBe('bid_unfit');
    expect(judged(story, [bid], [late])).toBe('bid_unfit');
    const patch = [wholeTask(ADA.did, PRICE, story.bid(ADA, PRICE, { planner: CYD.did }).id)];
    expect(judged(story, [story.bid(CYD, PRICE, { planner: CYD.did, patch })], [seal])).toBe('bid_unfit');
    expect(judged(story, [bid], [copy, late, seal])).toBe('accepted');
  });

  it('is open where the need says so: nothing is opened there', () => {
    const story = new Story(new World()).toPlanVotes();
    const [bid, seal] = story.sealedBid(ADA, PRICE);
    expect(judged(story, [bid], [seal])).toBe('bid_unfit');
  });

  it('hires nobody before the cap that was sealed is shown, and nobody above it', () => {
    const story = voting(PRICE);
    const [bid, seal] = story.sealedBid(ADA, PRICE);
    const [dear, dearSeal] = story.sealedBid(BOB, PRICE + 1);
    expect(judged(story, [bid], [seal])).toBe('cap_sealed');
    expect(judged(story, [bid], [seal, story.openCap(PRICE + 1)])).toBe('cap_sealed');
    expect(judged(story, [bid], [seal, story.openCap(PRICE, BYSTANDER)])).toBe('cap_sealed');
    expect(judged(story, [dear], [dearSeal, story.openCap(PRICE)])).toBe('bid_unfit');
    const free = story.world.free(REQUESTER);
    expect(judged(story, [bid], [seal, story.openCap(PRICE)])).toBe('accepted');
    expect(story.world.free(REQUESTER) - free).toBe(PRICE_CAP - PRICE);
    expect([story.need.pricePool, story.need.capSealed]).toEqual([PRICE, false]);
    expect(story.world.events('cap_opened')).toMatchObject([{ cap: PRICE, refund: PRICE_CAP - PRICE }]);
  });

  it('takes no cap above what is in escrow', () => {
    const story = voting(PRICE_CAP + 1);
    const [bid, seal] = story.sealedBid(ADA, PRICE);
    expect(judged(story, [bid], [seal, story.openCap(PRICE_CAP + 1)])).toBe('cap_sealed');
  });
});

/** A sealed auction in which ADA and BOB sealed in time; what a key does then. */
function auction(cap: number | null = null, world = new World()) {
  const story = new Story(world, sealed(cap));
  const [first, firstSeal] = story.sealedBid(ADA, PRICE);
  const [second, secondSeal] = story.sealedBid(BOB, PRICE + CREDIT);
  const view = new GossipView();
  const duties = (who: Me, now = world.now): readonly OwnDuty[] =>
    ownDuties(world.state, view, who, story.need, now).duties;
  return { world, story, view, bids: [first, second] as const, seals: [firstSeal, secondSeal] as const, duties };
}

describe('what keys do in a sealed auction', () => {
  it('is to seal while the window runs, then to open what counts', () => {
    const { story, view, bids, seals, duties } = auction();
    const key = bidKey(story.need, worker(ADA));
    expect(duties(worker(ADA))).toMatchObject([{ type: 'bid', key }]);
    expect(duties({ ...worker(ADA), acceptsPlansOf: CYD.did })).toEqual([]);
    view.signed.set(key, 1);
    view.hear(...seals);
    expect(duties(worker(ADA))).toEqual([]);
    story.toPlanVotes();
    expect(duties(worker(CYD))).toEqual([]);
    const [open] = duties(worker(ADA));
    expect(open).toMatchObject({ type: 'open_bid', sealKey: key });
    view.signed.set(open?.key ?? '', 1);
    view.hear(...bids);
    expect(duties(worker(ADA))).toEqual([]);
    expect(duties(worker(BOB)).map(({ type }) => type)).toEqual(['open_bid']);
  });

  it('is to open the cap where somebody bid', () => {
    const { story, view, seals, duties } = auction(PRICE);
    story.toPlanVotes();
    expect(duties(me(REQUESTER))).toEqual([]);
    view.hear(...seals);
    expect(duties(me(REQUESTER)).map(({ type }) => type)).toEqual(['open_cap']);
    view.hear(story.openCap(PRICE));
    expect(duties(me(REQUESTER))).toEqual([]);
  });

  it('is to wait, as a seat, for what was sealed: as long as a bid window', () => {
    const { world, story, view, bids, seals, duties } = auction(PRICE + CREDIT);
    view.hear(...seals, bids[0]);
    story.toPlanVotes();
    const [seat = ADA] = story.seats(story.plan);
    view.works.set(rehearsalKey(story.id, seat.did), 'done');
    const judge = me(seat, { verifies: true });
    const closedAt = (story.plan.halfAt ?? 0) - 500;
    expect(duties(judge, closedAt + 299)).toEqual([]);
    expect(duties(judge, closedAt + 300)).toMatchObject([{ type: 'vote_plan', winner: null }]);
    view.hear(story.openCap(PRICE + CREDIT));
    expect(duties(judge, closedAt + 299)).toEqual([]);
    expect(duties(judge, closedAt + 300)).toMatchObject([{ type: 'vote_plan', winner: bids[0].id }]);
    view.hear(bids[1]);
    expect(duties(judge, closedAt)).toMatchObject([{ bidsSeen: bids.map(({ id }) => id) }]);
    expect(rankedBids(world.state, view, story.need).map(({ id }) => id)).toEqual(bids.map(({ id }) => id));
  });

  it('is to decide with all that shows it', () => {
    const { story, view, bids, seals } = auction(PRICE);
    story.toPlanVotes();
    view.hear(...seals, ...bids, story.openCap(PRICE), ...story.planVotes([bids[0]]));
    expect(doShared(story, view)).toEqual(['decide']);
    expect(story.lease.bid.worker).toBe(ADA.did);
  });
});
