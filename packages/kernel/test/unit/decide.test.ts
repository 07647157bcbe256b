import { asEnvelopeId, type VerifiedEnvelope, wholeTask } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { LYING } from '../support/documents.ts';
import { type Agent, agent } from '../support/keys.ts';
import { net, PRICE_CAP, SEAT_FEE, Story } from '../support/story.ts';
import { ADA, AUTHORITY, BOB, BYSTANDER, CREDIT, CYD, DAN, REQUESTER, World } from '../world.ts';

const PRICE = 4 * CREDIT;
/** A difference of price that moves the score: a thousandth of the cap. */
const STEP = CREDIT / 100;

function voting(world = new World()): { world: World; story: Story; seats: readonly Agent[] } {
  const story = new Story(world).toPlanVotes();
  return { world, story, seats: story.seats(story.plan) };
}

const refusal = (applied: ReturnType<Story['decide']>): string =>
  applied.outcome.accepted ? 'accepted' : applied.outcome.code;

describe('DECIDE', () => {
  it('adopts the winner, keeps runners-up, pays the seats and leases the task', () => {
    const { world, story, seats } = voting();
    const before = seats.map((seat) => world.free(seat));
    const bids = [
      story.bid(ADA, PRICE),
      story.bid(BOB, PRICE + STEP),
      story.bid(CYD, PRICE + 2 * STEP),
      story.bid(DAN, PRICE + 3 * STEP),
    ];
    expect(story.decide([...story.planVotes(bids), ...bids]).outcome.accepted).toBe(true);
    expect(seats.map((seat) => world.free(seat))).toEqual(before.map((free) => free + SEAT_FEE));
    expect(story.lease.bid).toMatchObject({ worker: ADA.did, price: PRICE, planner: null });
    expect(story.need.runnersUp.map((bid) => bid.worker)).toEqual([BOB.did, CYD.did, DAN.did]);
    expect(story.need).toMatchObject({ status: 'decided', phase: 'leased', attempt: 1, planK: 3 });
    expect(world.state.committees.size).toBe(0);
    expect(world.balance(`bond/work/${story.id}/${ADA.did}`)).toBe(9 * SEAT_FEE + PRICE_CAP / 10);
  });

  it('happens once a round', () => {
    const { story } = voting();
    const bid = story.bid(ADA, PRICE);
    const evidence = [...story.planVotes([bid]), bid];
    const { ballot } = story.plan;
    story.decide(evidence);
    const body = { need: story.id, round: 1, ballot };
    story.world.refuse('need_not_open', REQUESTER, 'DECIDE', body, { envelopes: evidence });
    story.world.refuse('need_not_open', REQUESTER, 'DECIDE', { ...body, round: 2 }, { envelopes: evidence });
  });

  it('is about an open need, in its round and ballot, after the bid window', () => {
    const world = new World();
    const story = new Story(world);
    const body = { need: story.id, round: 1, ballot: 1 };
    const none = { envelopes: [] };
    world.refuse('committee_not_voting', REQUESTER, 'DECIDE', body, none);
    world.tickUntil(() => story.plan.phase === 'bidding');
    world.refuse('committee_not_voting', REQUESTER, 'DECIDE', body, none);
    world.tickUntil(() => story.plan.phase === 'voting');
    world.refuse('need_not_open', REQUESTER, 'DECIDE', { ...body, round: 2 }, none);
    world.refuse('ballot_other', REQUESTER, 'DECIDE', { ...body, ballot: 2 }, none);
    world.accept(REQUESTER, 'CANCEL', { need: story.id });
    world.refuse('need_unknown', REQUESTER, 'DECIDE', body, none);
  });

  it('takes votes of its seats only, each once, in their own words', () => {
    const { world, story, seats } = voting();
    const bid = story.bid(ADA, PRICE);
    const [first, second] = seats as readonly [Agent, Agent];
    const vote = (seat: Agent, own: Parameters<Story['planVote']>[3] = {}) =>
      story.planVote(seat, bid.id, [bid.id], own);
    const body = { need: story.id, round: 1, ballot: 1 };
    const refuse = (code: Parameters<World['refuse']>[0], ...votes: readonly ReturnType<typeof vote>[]) =>
      world.refuse(code, REQUESTER, 'DECIDE', body, { envelopes: [...votes, bid] });
    const others = world.verifiers.map(({ who }) => who).filter((who) => !seats.includes(who));
    const { ballot, draw } = story.seatOf(story.plan, first.did);
    const said = { need: story.id, round: 1, ballot, draw, winner: bid.id, bidsSeen: [bid.id], policyDigest: null };
    refuse('vote_not_seated', world.gossip(others[0] ?? BYSTANDER, 'ATTEST_PLAN', said));
    refuse('vote_not_seated', vote(first, { draw: 1 }));
    refuse('vote_not_seated', vote(first, { ballot: 2 }));
    refuse('vote_other_subject', vote(first, { round: 2 }));
    refuse('vote_twice', vote(first), vote(first, { winner: null, bidsSeen: [] }));
    expect(second).toBeDefined();
  });

  it('takes votes that were made after the draw, in this history of this network', () => {
    const { world, story, seats } = voting();
    const [first] = seats as readonly [Agent];
    const { ballot, draw } = story.seatOf(story.plan, first.did);
    const said = { need: story.id, round: 1, ballot, draw, winner: null, bidsSeen: [], policyDigest: null };
    const drawn = story.plan.seeds[draw]?.position ?? 0;
    const body = { need: story.id, round: 1, ballot: 1 };
    const refuse = (code: Parameters<World['refuse']>[0], frame: Parameters<World['gossip']>[3]) =>
      world.refuse(code, REQUESTER, 'DECIDE', body, { envelopes: [world.gossip(first, 'ATTEST_PLAN', said, frame)] });
    refuse('vote_head_early', { head: world.head(drawn - 1) });
    refuse('vote_head_forked', { head: { ...world.head(), digest: new Uint8Array(32) } });
    refuse('vote_head_forked', { head: { ...world.head(), incarnation: 7 } });
    refuse('vote_head_forked', { head: { ...world.head(), position: 9999 } });
    refuse('network_other', { network: LYING.cid });
    refuse('votes_too_few', { head: world.head(drawn) });
  });

  it('needs every bid that K votes name, each fit, none better than the winner', () => {
    const { story } = voting();
    const dear = story.bid(BOB, PRICE + STEP);
    const cheap = story.bid(ADA, PRICE);
    const votes = story.planVotes([dear, cheap]);
    expect(refusal(story.decide(votes))).toBe('bids_lacking');
    expect(refusal(story.decide([...votes, dear]))).toBe('bids_lacking');
    expect(refusal(story.decide([...votes, dear, cheap]))).toBe('winner_outscored');
    const over = story.bid(CYD, PRICE_CAP + 1);
    expect(refusal(story.decide([...story.planVotes([over]), over]))).toBe('bid_unfit');
    const late = story.bid(CYD, PRICE, { etaMs: 60_001 });
    expect(refusal(story.decide([...story.planVotes([late]), late]))).toBe('bid_unfit');
    const elsewhere = [{ ...wholeTask(CYD.did, PRICE), task: 'other' }];
    const strange = story.bid(CYD, PRICE, { patch: elsewhere });
    expect(refusal(story.decide([...story.planVotes([strange]), strange]))).toBe('bid_unfit');
    const past = story.bid(CYD, PRICE, { round: 2 });
    expect(refusal(story.decide([...story.planVotes([past]), past]))).toBe('bid_unfit');
  });

  it('takes a bid that outdoes another by the step, with what it rests on', () => {
    const { story } = voting();
    const first = story.bid(ADA, PRICE);
    const by = (fall: number, own = {}) => story.bid(BOB, PRICE - fall, { outbids: first.id, ...own });
    const judged = (bid: VerifiedEnvelope, shown: readonly VerifiedEnvelope[] = [first]) =>
      refusal(story.decide([...story.planVotes([bid]), bid, ...shown]));
    expect(judged(by(PRICE / 100 - 1))).toBe('bid_unfit');
    expect(judged(by(PRICE / 100), [])).toBe('bid_unfit');
    expect(judged(by(PRICE / 100, { etaMs: 2_000 }))).toBe('bid_unfit');
    expect(judged(story.bid(ADA, PRICE / 2, { outbids: first.id }))).toBe('bid_unfit');
    const over = story.bid(CYD, PRICE_CAP + 1);
    expect(judged(by(PRICE / 2, { outbids: over.id }), [over])).toBe('bid_unfit');
    const second = by(PRICE / 100);
    const third = story.bid(ADA, PRICE / 2, { outbids: second.id });
    expect(judged(story.bid(BOB, CREDIT, { outbids: third.id }), [first, second, third])).toBe('bid_unfit');
    const evidence = [...story.planVotes([third, second, first]), third, second, first];
    expect(refusal(story.decide(evidence))).toBe('accepted');
    expect(story.lease.bid).toMatchObject({ worker: ADA.did, price: PRICE / 2 });
    expect(story.need.runnersUp.map((bid) => bid.id)).toEqual([second.id]);
  });

  it('takes a planner’s bid with the worker’s acceptance', () => {
    const { world, story } = voting();
    const [acceptance, planned] = story.plannedBid(BYSTANDER, ADA, PRICE, PRICE + 5);
    const votes = story.planVotes([planned]);
    expect(refusal(story.decide([...votes, planned]))).toBe('bid_unfit');
    const [otherAcceptance] = story.plannedBid(BYSTANDER, ADA, PRICE + 1, PRICE + 5);
    expect(refusal(story.decide([...votes, planned, otherAcceptance]))).toBe('bid_unfit');
    expect(refusal(story.decide([...story.planVotes([acceptance]), acceptance]))).toBe('bid_unfit');
    expect(refusal(story.decide([...votes, planned, acceptance]))).toBe('accepted');
    expect(story.lease.bid).toMatchObject({
      worker: ADA.did,
      planner: BYSTANDER.did,
      price: PRICE + 5,
      workerPrice: PRICE,
    });
    const before = [world.free(ADA), world.free(BYSTANDER)];
    const bond = world.balance(`bond/work/${story.id}/${ADA.did}`);
    story.deliver().judge('pass').toWindowEnd().finalize();
    expect([world.free(ADA), world.free(BYSTANDER)]).toEqual([
      (before[0] ?? 0) + net(PRICE) + bond,
      (before[1] ?? 0) + net(5),
    ]);
  });

  it('passes over bidders whose bond is not free', () => {
    const { world, story } = voting();
    const bids = [story.bid(ADA, PRICE), story.bid(BOB, PRICE + STEP)];
    world.accept(ADA, 'TRANSFER', { to: AUTHORITY.did, amount: world.free(ADA), create: false });
    story.decide([...story.planVotes(bids), ...bids]);
    expect(story.lease.bid.worker).toBe(BOB.did);
  });

  it('scores price and time as the need weighs them', () => {
    for (const [priceBps, winner] of [
      [8000, 1],
      [2000, 0],
    ] as const) {
      const world = new World();
      const story = new Story(world, {
        scoring: { priceBps, etaBps: 10_000 - priceBps, reputationBps: 0 },
      }).toPlanVotes();
      const bids = [story.bid(ADA, 5 * CREDIT, { etaMs: 0 }), story.bid(BOB, 4 * CREDIT, { etaMs: 6_000 })];
      const [quick, cheap] = winner === 0 ? bids : bids.toReversed();
      const named = [quick, cheap].filter((bid) => bid !== undefined);
      expect(refusal(story.decide([...story.planVotes(named.toReversed()), ...bids]))).toBe('winner_outscored');
      expect(refusal(story.decide([...story.planVotes(named), ...bids]))).toBe('accepted');
      const { etaBps } = story.need.body.scoring;
      const score = winner === 0 ? priceBps * 5000 + etaBps * 10_000 : priceBps * 6000 + etaBps * 9000;
      expect(story.lease.bid.score).toBe(score);
    }
  });

  it('keeps the best bid of an entity', () => {
    const { story } = voting();
    const bids = [story.bid(ADA, PRICE), story.bid(ADA, PRICE + STEP), story.bid(BOB, PRICE + 2 * STEP)];
    story.decide([...story.planVotes(bids), ...bids]);
    expect(story.need.runnersUp.map((bid) => bid.worker)).toEqual([BOB.did]);
  });
});

describe('DECIDE with few votes', () => {
  it('records them from half the answer period on, and then decides with the rest', () => {
    const { world, story, seats } = voting();
    const bids = [story.bid(ADA, PRICE), story.bid(BOB, PRICE + STEP)];
    const early = story.planVotes(bids, seats.slice(0, 2));
    expect(refusal(story.decide([...early, ...bids]))).toBe('votes_too_few');
    world.tick(500);
    expect(refusal(story.decide(early))).toBe('accepted');
    expect(refusal(story.decide(early))).toBe('votes_too_few');
    expect(refusal(story.decide([]))).toBe('votes_too_few');
    const alone = [
      story.planVote(
        seats[2] ?? ADA,
        bids[0]?.id ?? null,
        bids.slice(0, 1).map(({ id }) => id),
      ),
    ];
    expect(refusal(story.decide(alone))).toBe('bids_lacking');
    expect(refusal(story.decide([...alone, ...bids]))).toBe('accepted');
    expect(story.lease.bid.worker).toBe(ADA.did);
  });

  it('does not let the last vote alone choose the runners-up', () => {
    const { world, story, seats } = voting();
    const bids = [story.bid(ADA, PRICE), story.bid(BOB, PRICE + STEP)];
    const extra = story.bid(CYD, PRICE + 2 * STEP);
    world.tick(500);
    story.decide(story.planVotes(bids, seats.slice(0, 2)));
    const last = story.planVotes([...bids, extra], seats.slice(2, 3));
    expect(refusal(story.decide([...last, ...bids]))).toBe('accepted');
    expect(story.need.runnersUp.map((bid) => bid.worker)).toEqual([BOB.did]);
  });
});

describe('related seats', () => {
  const orgs = ['o0', 'o1', 'o2', 'o3', 'o4', 'o5', 'o6', 'o7', 'o8', 'work-ada'];
  const verifiers = orgs.map((org, index) => {
    return { who: agent(`v${index}`), org, asn: index, region: `r${index}`, stake: 1000 * CREDIT };
  });

  it('do not count and are not paid', () => {
    for (let tries = 0; tries < 40; tries += 1) {
      const world = new World({ verifiers });
      for (let count = 0; count < tries; count += 1) world.accept(BOB, 'STAKE', { amount: 1 });
      const { story, seats } = voting(world);
      const related = seats.find((seat) => seat === agent('v9'));
      if (related === undefined) continue;
      const bid = story.bid(ADA, PRICE);
      const two = seats.filter((seat) => seat !== related).slice(0, 2);
      expect(refusal(story.decide([...story.planVotes([bid], [...two, related]), bid]))).toBe('votes_related');
      const before = world.free(related);
      expect(refusal(story.decide([...story.planVotes([bid]), bid]))).toBe('accepted');
      expect(world.free(related)).toBe(before);
      return;
    }
    throw new Error('the related verifier was never drawn');
  });
});

describe('a winner that nobody shows', () => {
  it('is lacking, whatever K votes say', () => {
    const { story } = voting();
    const ghost = asEnvelopeId(LYING.cid);
    const votes = story.seats(story.plan).map((seat) => story.planVote(seat, ghost, [ghost]));
    expect(refusal(story.decide(votes))).toBe('bids_lacking');
  });
});
