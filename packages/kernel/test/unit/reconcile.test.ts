import type { Bodies, EnvelopeId, NeedId, VerifiedEnvelope } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { LYING, TRUTHFUL } from '../support/documents.ts';
import type { Agent } from '../support/keys.ts';
import { SEAT_FEE, Story } from '../support/story.ts';
import { ADA, BOB, BYSTANDER, CREDIT, CYD, LOG_FEES, REQUESTER, World } from '../world.ts';

/** What was chosen where the log could not be had: by K seats for the bid of a worker, which did the work. */
interface Branch {
  readonly bid: VerifiedEnvelope;
  readonly votes: readonly VerifiedEnvelope[];
  readonly alternate: VerifiedEnvelope;
}

function branch(story: Story, worker: Agent, seats = story.seats(story.plan).slice(0, story.plan.k)): Branch {
  const bid = story.bid(worker, 3 * CREDIT);
  return { bid, votes: story.planVotes([bid], seats), alternate: made(story, worker, bid.id) };
}

const made = (story: Pick<Story, 'id' | 'world'>, worker: Agent, bid: EnvelopeId): VerifiedEnvelope =>
  story.world.gossip(worker, 'ALTERNATE', { need: story.id, bid, outputs: [TRUTHFUL] });

/** A need whose seats chose Ada without the log, which has Bob. */
function healed() {
  const world = new World({ params: LOG_FEES });
  const story = new Story(world).toPlanVotes();
  const lost = branch(story, ADA);
  const bid = story.bid(BOB, 4 * CREDIT);
  story.decide([...story.planVotes([bid]), bid]);
  const body = (own: Partial<Bodies['RECONCILE']> = {}): Bodies['RECONCILE'] => ({
    need: story.id,
    merged: bid.id,
    orphaned: [lost.bid.id],
    salvaged: [lost.alternate.id],
    ...own,
  });
  const all = [...lost.votes, lost.bid, lost.alternate];
  return { world, story, lost, bid, body, all };
}

describe('RECONCILE', () => {
  it('marks what was chosen without the log, keeps what was made, and moves no money and no lease', () => {
    const { world, story, lost, body, all } = healed();
    const before = new Map(world.state.accounts);
    const { lease } = story.need;
    const events = world.accept(BYSTANDER, 'RECONCILE', body(), { envelopes: all });
    expect(events.filter(({ type }) => type !== 'posting')).toEqual([
      { type: 'branch_orphaned', need: story.id, round: 1, bid: lost.bid.id, votes: lost.votes.length },
      { type: 'alternate_kept', need: story.id, alternate: lost.alternate.id, worker: ADA.did, bid: lost.bid.id },
    ]);
    expect(story.need.alternates).toEqual([
      { id: lost.alternate.id, worker: ADA.did, bid: lost.bid.id, outputs: [TRUTHFUL] },
    ]);
    expect(story.need.lease).toBe(lease);
    const moved = [...world.state.accounts].filter(([account, held]) => before.get(account) !== held);
    // The log fee of who says it, and nothing else: nobody is owed for it.
    expect(moved.map(([account]) => account).sort()).toEqual(['burn', `free/${BYSTANDER.did}`]);
  });

  it('can come in parts: the branch first, what was made by it later', () => {
    const { world, story, lost, body, all } = healed();
    world.accept(BYSTANDER, 'RECONCILE', body({ salvaged: [] }), { envelopes: all });
    const rest = body({ orphaned: [] });
    world.accept(CYD, 'RECONCILE', rest, { envelopes: [lost.bid, lost.alternate] });
    expect(story.need.alternates).toHaveLength(1);
  });

  it('is refused about no open need, with another merged bid, and of what is marked already', () => {
    const { world, story, lost, body, all } = healed();
    world.refuse('merged_other', BYSTANDER, 'RECONCILE', body({ merged: null }), { envelopes: all });
    world.refuse('merged_other', BYSTANDER, 'RECONCILE', body({ merged: lost.bid.id }), { envelopes: all });
    world.accept(BYSTANDER, 'RECONCILE', body(), { envelopes: all });
    world.refuse('heal_known', BYSTANDER, 'RECONCILE', body({ salvaged: [] }), { envelopes: all });
    world.refuse('heal_known', BYSTANDER, 'RECONCILE', body({ orphaned: [] }), { envelopes: all });
    story.deliver().judge('pass').settle();
    world.refuse('need_unknown', BYSTANDER, 'RECONCILE', body(), { envelopes: all });
  });

  it('is refused where fewer than K seats of one ballot chose the bid', () => {
    const { world, lost, body, all } = healed();
    const few = all.filter((envelope) => envelope !== lost.votes[0]);
    world.refuse('votes_too_few', BYSTANDER, 'RECONCILE', body(), { envelopes: few });
    world.refuse('votes_too_few', BYSTANDER, 'RECONCILE', body({ salvaged: [] }), { envelopes: [lost.bid] });
  });

  it('is refused with votes that no seat of the need cast so, or cast twice, or of another history', () => {
    const { world, story, lost, body, all } = healed();
    const [vote] = lost.votes;
    if (vote?.payload.verb !== 'ATTEST_PLAN') throw new Error('a vote is due');
    const said = vote.payload.body;
    const seat = world.verifiers.find(({ who }) => who.did === vote.payload.from)?.who ?? ADA;
    const put = (code: Parameters<World['refuse']>[0], odd: VerifiedEnvelope): void =>
      void world.refuse(code, BYSTANDER, 'RECONCILE', body(), { envelopes: [odd, ...all] });
    put('vote_not_seated', world.gossip(seat, 'ATTEST_PLAN', { ...said, draw: 7 }));
    put('vote_not_seated', world.gossip(CYD, 'ATTEST_PLAN', said));
    put('vote_twice', world.gossip(seat, 'ATTEST_PLAN', { ...said, bidsSeen: [lost.bid.id, story.lease.bid.id] }));
    const other = LYING.cid as string as NeedId;
    put('vote_other_subject', world.gossip(seat, 'ATTEST_PLAN', { ...said, need: other }));
    put('network_other', world.gossip(seat, 'ATTEST_PLAN', said, { network: LYING.cid }));
    const head = { ...world.head(), digest: new Uint8Array(32) };
    put('vote_head_forked', world.gossip(seat, 'ATTEST_PLAN', said, { head }));
    put('vote_head_early', world.gossip(seat, 'ATTEST_PLAN', said, { head: world.head(0) }));
  });

  it('is refused where the bid is not shown, or is of another round than its votes', () => {
    const { world, lost, body, all } = healed();
    const hidden = all.filter((envelope) => envelope !== lost.bid);
    world.refuse('bids_lacking', BYSTANDER, 'RECONCILE', body({ salvaged: [] }), { envelopes: hidden });
  });

  it('is refused of a bid of a later round, which may be adopted: seats of a round that was given up have no say in it', () => {
    const world = new World();
    const story = new Story(world).toPlanVotes();
    const { plan } = story;
    const seats = story.seats(plan).slice(0, plan.k);
    const places = seats.map((seat) => ({ seat, place: story.seatOf(plan, seat.did) }));
    story.decide(story.planVotes([]));
    while (story.plan.phase !== 'voting') world.tick(100);
    const bid = story.bid(ADA, 3 * CREDIT);
    const votes = places.map(({ seat, place: { ballot, draw } }) => {
      const said = { need: story.id, round: 1, ballot, draw, winner: bid.id, bidsSeen: [bid.id], policyDigest: null };
      return world.gossip(seat, 'ATTEST_PLAN', said);
    });
    const body = { need: story.id, merged: null, orphaned: [bid.id], salvaged: [] };
    world.refuse('bids_lacking', CYD, 'RECONCILE', body, { envelopes: [...votes, bid] });
    story.decide([...story.planVotes([bid]), bid]);
    expect(story.lease.bid.worker).toBe(ADA.did);
  });

  it('is refused of what was adopted, and of what may be', () => {
    const world = new World();
    const story = new Story(world).toPlanVotes();
    const lost = branch(story, ADA);
    const about = { need: story.id, orphaned: [lost.bid.id], salvaged: [] };
    world.refuse(
      'branch_live',
      BYSTANDER,
      'RECONCILE',
      { ...about, merged: null },
      { envelopes: [...lost.votes, lost.bid] },
    );
    story.decide([...lost.votes, lost.bid]);
    expect(story.lease.bid.worker).toBe(ADA.did);
    const merged = lost.bid.id;
    world.refuse('branch_live', BYSTANDER, 'RECONCILE', { ...about, merged }, { envelopes: [...lost.votes, lost.bid] });
  });

  it('marks a bid of a round that was given up', () => {
    const world = new World();
    const story = new Story(world).toPlanVotes();
    const lost = branch(story, ADA);
    story.decide(story.planVotes([]));
    expect(story.need).toMatchObject({ round: 2, phase: 'bidding' });
    const body = { need: story.id, merged: null, orphaned: [lost.bid.id], salvaged: [lost.alternate.id] };
    world.accept(CYD, 'RECONCILE', body, { envelopes: [...lost.votes, lost.bid, lost.alternate] });
    expect(story.need.orphaned).toEqual([lost.bid.id]);
  });

  it('keeps only what the bidder of an orphaned bid on this need made, and one of it', () => {
    const { world, story, lost, body, all } = healed();
    const put = (odd: VerifiedEnvelope): void =>
      void world.refuse('alternate_unfit', CYD, 'RECONCILE', body({ salvaged: [odd.id] }), {
        envelopes: [...all, odd],
      });
    put(made(story, BYSTANDER, lost.bid.id));
    put(made(story, ADA, story.lease.bid.id));
    put(made({ id: LYING.cid as string as NeedId, world }, ADA, lost.bid.id));
    const hidden = all.filter((envelope) => envelope !== lost.alternate);
    world.refuse('alternate_unfit', CYD, 'RECONCILE', body(), { envelopes: hidden });
    const head = { ...world.head(), digest: new Uint8Array(32) };
    const said = { need: story.id, bid: lost.bid.id, outputs: [TRUTHFUL] };
    const forked = world.gossip(ADA, 'ALTERNATE', said, { head });
    world.refuse('vote_head_forked', CYD, 'RECONCILE', body({ salvaged: [forked.id] }), {
      envelopes: [...all, forked],
    });
    world.accept(CYD, 'RECONCILE', body({ salvaged: [] }), { envelopes: all });
    const later = body({ orphaned: [] });
    world.refuse('alternate_unfit', CYD, 'RECONCILE', later, { envelopes: [lost.alternate] });
    world.accept(CYD, 'RECONCILE', later, { envelopes: [lost.bid, lost.alternate] });
    const again = world.gossip(ADA, 'ALTERNATE', { ...said, outputs: [LYING] });
    world.refuse('alternate_unfit', CYD, 'RECONCILE', body({ orphaned: [], salvaged: [again.id] }), {
      envelopes: [lost.bid, again],
    });
  });

  it('keeps nothing for who lost the task', () => {
    const { world, story, body, all } = healed();
    world.accept(BOB, 'YIELD', { ...story.held(), reason: '' });
    const claim = { need: story.id, task: 'main', attempt: 2, ttlMs: 10_000, cost: CREDIT, etaMs: 1 };
    world.accept(ADA, 'CLAIM', claim);
    world.accept(ADA, 'YIELD', { ...story.held(), reason: '' });
    world.refuse('failed_before', CYD, 'RECONCILE', body(), { envelopes: all });
  });

  it('marks eight at most', () => {
    const world = new World();
    const story = new Story(world).toPlanVotes();
    const bids = Array.from({ length: 9 }, (_, index) => story.bid(ADA, (index + 1) * SEAT_FEE));
    const seats = story.seats(story.plan).slice(0, story.plan.k);
    const votes = bids.map((bid) => story.planVotes([bid], seats));
    story.decide(story.planVotes([]));
    for (let index = 0; index < 9; index += 1) {
      const body = { need: story.id, merged: null, orphaned: [bids[index]?.id as EnvelopeId], salvaged: [] };
      const evidence = { envelopes: [...(votes[index] ?? []), ...bids.slice(index, index + 1)] };
      if (index < 8) world.accept(REQUESTER, 'RECONCILE', body, evidence);
      else world.refuse('too_many_open', REQUESTER, 'RECONCILE', body, evidence);
    }
  });
});
