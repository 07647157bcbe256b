import type { Bodies, EnvelopeId, VerifiedEnvelope } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { planFault } from '../../src/plan-seats.ts';
import type { PlanSeat } from '../../src/state.ts';
import { type Accusation, accuse, equivocation, lay, opening } from '../support/accusation.ts';
import type { Agent } from '../support/keys.ts';
import { Story, who } from '../support/story.ts';
import { ADA, BOB, BYSTANDER, CREDIT, REQUESTER, World } from '../world.ts';

/** A need whose plan seats may vote, and the first of them. */
function voting(): { world: World; story: Story; seat: PlanSeat; key: Agent } {
  const world = new World();
  const story = new Story(world).toPlanVotes();
  const [seat] = story.need.planSat;
  if (seat === undefined) throw new Error('a plan has seats');
  return { world, story, seat, key: who(seat.did) };
}

function said(
  { story, seat, key }: ReturnType<typeof voting>,
  bids: readonly EnvelopeId[],
  own: Partial<Bodies['ATTEST_PLAN']> = {},
): VerifiedEnvelope {
  const { round, ballot, draw } = seat;
  const body = { need: story.id, round, ballot, draw, winner: bids[0] ?? null, bidsSeen: bids, policyDigest: null };
  return story.world.gossip(key, 'ATTEST_PLAN', { ...body, ...own });
}

const stakeOf = (world: World, { did }: PlanSeat): number => world.balance(`stake/${did}`);

const worse = (vote: VerifiedEnvelope, ...shown: readonly VerifiedEnvelope[]): Accusation => ({
  class: 'worse_bid',
  claim: { output: 0, key: '', step: 0 },
  envelopes: [vote, ...shown],
});

describe('a plan seat that votes twice', () => {
  it('pays what a result seat would have reserved, a part of it to the challenger, and its vote is gone', () => {
    const scene = voting();
    const { world, story, seat } = scene;
    const bid = story.bid(ADA, CREDIT);
    const [one, other] = [said(scene, [bid.id]), said(scene, [])];
    const [stake, free, burnt] = [stakeOf(world, seat), world.free(BYSTANDER), world.balance('burn')];
    const due = planFault(world.state, story.need);
    expect(accuse(world, BYSTANDER, story.id, equivocation(one, other))).toMatchObject({ upheld: true });
    expect(stakeOf(world, seat)).toBe(stake - due);
    expect(world.free(BYSTANDER)).toBe(free + Math.floor(due / 4));
    expect(world.balance('burn')).toBe(burnt + due - Math.floor(due / 4));
    expect(story.plan.seats.find(({ did }) => did === seat.did)?.status).toBe('void');
    // Once for all: a second proof gets its bond back and nothing more.
    const again = { ...equivocation(said(scene, [bid.id]), other), salt: 'again' };
    expect(accuse(world, BYSTANDER, story.id, again).upheld).toBe(true);
    expect(stakeOf(world, seat)).toBe(stake - due);
  });

  it('is reached until its need is settled, which waits for the proof', () => {
    const scene = voting();
    const { world, story, seat } = scene;
    const [one, other] = [said(scene, [story.bid(ADA, CREDIT).id]), said(scene, [])];
    story.hire([ADA]).deliver().judge('pass').toWindowEnd().finalize();
    const stake = stakeOf(world, seat);
    expect(lay(world, BYSTANDER, story.id, equivocation(one, other)).outcome.accepted).toBe(true);
    world.tickUntil(() => story.need.commits.length === 0, 200);
    expect(story.need.phase).toBe('final');
    const late = lay(world, BYSTANDER, story.id, { ...equivocation(one, other), salt: 'late' });
    expect(late.outcome).toMatchObject({ accepted: false, code: 'challenge_window' });
    expect(world.apply(opening(world, BYSTANDER, story.id, equivocation(one, other))).outcome.accepted).toBe(true);
    expect(stakeOf(world, seat)).toBeLessThan(stake + 1);
    expect(story.settled).toBe(true);
    const gone = lay(world, BYSTANDER, story.id, equivocation(one, other));
    expect(gone.outcome).toMatchObject({ accepted: false, code: 'challenge_subject' });
  });

  it('is not one that says the same twice, in another draw, or never sat', () => {
    const scene = voting();
    const { world, story } = scene;
    const ids = [story.bid(ADA, CREDIT).id];
    const body = said(scene, []).payload.body as Bodies['ATTEST_PLAN'];
    const strangers = [body, { ...body, winner: ids[0] ?? null, bidsSeen: ids }].map((vote) =>
      world.gossip(BOB, 'ATTEST_PLAN', vote),
    );
    const pairs = [
      [said(scene, ids), said(scene, ids)],
      [said(scene, ids), said(scene, [], { draw: 1 })],
      [said(scene, ids, { round: 2 }), said(scene, [], { round: 2 })],
      [said(scene, ids), strangers[0]],
      strangers,
    ] as [VerifiedEnvelope, VerifiedEnvelope][];
    for (const [index, [one, other]] of pairs.entries()) {
      const accusation = { ...equivocation(one, other), salt: `${index}` };
      expect(accuse(world, BYSTANDER, story.id, accusation).upheld, `${index}`).toBe(false);
    }
  });
});

describe('a plan seat that attests a worse bid', () => {
  it('is proved by its vote and two bids that it names', () => {
    const scene = voting();
    const { world, story, seat } = scene;
    const [cheap, dear] = [story.bid(ADA, CREDIT), story.bid(BOB, 2 * CREDIT)];
    const stake = stakeOf(world, seat);
    const vote = said(scene, [dear.id, cheap.id]);
    for (const shown of [[], [dear], [cheap, dear], [dear, story.bid(BOB, CREDIT / 2)]])
      expect(
        accuse(world, BYSTANDER, story.id, {
          ...worse(vote, ...shown),
          salt: `${shown.length}${shown[0]?.id}${shown[1]?.id}`,
        }).upheld,
      ).toBe(false);
    const fair = said(scene, [cheap.id, dear.id]);
    expect(accuse(world, BYSTANDER, story.id, worse(fair, cheap, dear)).upheld).toBe(false);
    expect(accuse(world, BYSTANDER, story.id, worse(vote, dear, cheap)).upheld).toBe(true);
    expect(stakeOf(world, seat)).toBe(stake - planFault(world.state, story.need));
  });

  it('is no fault of a result', () => {
    const world = new World();
    const story = new Story(world).hire([ADA]).deliver().judge('pass');
    const vote = story.vote(story.seats(story.jury)[0] ?? ADA, 'pass');
    const laid = lay(world, BYSTANDER, story.commit.id, worse(vote));
    expect(laid.outcome).toMatchObject({ accepted: false, code: 'challenge_window' });
    for (const kind of ['false_digest', 'schema_violation', 'missing_citation'] as const) {
      const { outcome } = lay(world, BYSTANDER, story.id, { ...worse(vote), class: kind });
      expect(outcome).toMatchObject({ accepted: false, code: 'challenge_window' });
    }
  });
});

describe('the seals of one key', () => {
  it('are at most so many at a time, over all subjects', () => {
    const world = new World({ params: { maxSealsPerKey: 2 } });
    const [first, second] = [new Story(world), new Story(world)];
    world.tick();
    const seal = (by: Agent, { id }: Story, byte: number) => {
      const body = { subject: id, class: 'equivocation', seal: new Uint8Array(32).fill(byte), opening: null } as const;
      return world.submit(by, 'CHALLENGE', body).outcome;
    };
    expect(seal(BYSTANDER, first, 1).accepted).toBe(true);
    expect(seal(BYSTANDER, second, 1).accepted).toBe(true);
    expect(seal(BYSTANDER, first, 2)).toMatchObject({ code: 'too_many_open' });
    expect(seal(REQUESTER, first, 2).accepted).toBe(true);
    world.tickUntil(() => world.events('challenge_lapsed').length === 3, 500);
    expect(seal(BYSTANDER, second, 2).accepted).toBe(true);
  });
});
