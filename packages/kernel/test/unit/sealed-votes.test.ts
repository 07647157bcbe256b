import { toHex, voteSeal } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { checkInvariants } from '../../src/invariants.ts';
import { type Agent, sha256 } from '../support/keys.ts';
import { SALT, SEAT_FEE, Story } from '../support/story.ts';
import { ADA, BYSTANDER, REQUESTER, verifiersOf, World } from '../world.ts';

/** A result of tier 6 that five seats judge, in a network with seats for two ballots. */
function judging(tier = 6): { world: World; story: Story; seats: readonly Agent[] } {
  const world = new World({ verifiers: verifiersOf(13, 13) });
  const story = new Story(world, { tier }).hire([ADA]).deliver().toJudging();
  return { world, story, seats: story.seats(story.jury) };
}

const told = (applied: ReturnType<Story['certify']>): string =>
  applied.outcome.accepted ? 'accepted' : applied.outcome.code;

const sealed = (story: Story, votes: ReturnType<Story['votes']>) => votes.map((vote) => story.sealOf(vote));

describe('a committee that seals', () => {
  it('judges results of tiers 4 and 6', () => {
    expect([1, 2, 3, 4, 5, 6].filter((tier) => judging(tier).story.jury.sealed)).toEqual([4, 6]);
  });

  it('takes seals first, then what was sealed', () => {
    const { world, story, seats } = judging();
    const votes = story.votes('pass');
    expect(told(story.certify(votes))).toBe('seals_due');
    expect(told(story.certify(sealed(story, votes)))).toBe('accepted');
    expect(world.events('votes_opened').at(-1)).toMatchObject({ seals: seats.length });
    expect(story.jury.phase).toBe('opening');
    expect(told(story.certify(sealed(story, votes)))).toBe('vote_not_vote');
    expect(told(story.certify(votes.slice(0, 3)))).toBe('accepted');
    expect(world.events('certified').at(-1)).toMatchObject({ verdict: 'pass', votes: 3 });
    expect(told(story.certify(votes.slice(3)))).toBe('accepted');
    story.toWindowEnd().finalize().settle();
    for (const seat of seats) expect(world.state.members.get(seat.did)?.silences).toBe(0);
  });

  it('counts a vote only as its seat sealed it', () => {
    const { story, seats } = judging();
    const [first, second] = seats as readonly [Agent, Agent];
    const votes = story.votes('pass');
    story.certify(sealed(story, votes));
    const refused = [
      story.vote(first, 'fail'),
      story.vote(first, 'pass', { salt: null }),
      story.vote(first, 'pass', { salt: new Uint8Array(32) }),
      story.vote(first, 'pass', { steps: story.steps(first) }),
    ];
    for (const vote of refused) expect(told(story.certify([vote]))).toBe('vote_seal_other');
    // The same words by another key have another seal.
    const { payload } = story.vote(first, 'pass');
    if (payload.verb !== 'ATTEST') throw new Error('a pass is an ATTEST');
    expect(toHex(voteSeal(second.did, payload, sha256))).not.toBe(story.seatOf(story.jury, first.did).seal);
    expect(told(story.certify(votes))).toBe('accepted');
  });

  it('records fewer seals than seats from half of the period on, and opens what K sealed at its end', () => {
    const { world, story, seats } = judging();
    const votes = story.votes('pass', seats.slice(0, 3));
    expect(told(story.certify(sealed(story, votes)))).toBe('votes_too_few');
    world.tick(500);
    expect(told(story.certify(sealed(story, votes)))).toBe('accepted');
    expect(told(story.certify(sealed(story, votes)))).toBe('votes_too_few');
    expect(story.jury.phase).toBe('voting');
    world.tick(550);
    expect(story.jury.phase).toBe('opening');
    for (const silent of seats.slice(3)) expect(world.state.members.get(silent.did)?.silences).toBe(1);
    expect(told(story.certify([story.vote(seats[0] ?? ADA, 'pass')]))).toBe('votes_too_few');
    expect(told(story.certify(votes))).toBe('accepted');
    expect(story.commit.verdict).toBe('pass');
  });

  it('draws those that lack where fewer than K sealed, and keeps the seals it has', () => {
    const { world, story, seats } = judging();
    const [first] = seats as readonly [Agent];
    const votes = story.votes('pass', seats.slice(0, 2));
    world.tick(500);
    story.certify(sealed(story, votes));
    const kept = story.seatOf(story.jury, first.did).seal;
    world.tick(550);
    story.toJudging();
    expect([story.jury.ballot, story.jury.draw]).toEqual([1, 1]);
    expect(story.seatOf(story.jury, first.did).seal).toBe(kept);
    const late = story.votes('pass', story.seats(story.jury).slice(2));
    expect(told(story.certify(sealed(story, late)))).toBe('accepted');
    expect(story.jury.phase).toBe('opening');
    expect(told(story.certify([...votes, ...late]))).toBe('accepted');
  });

  it('begins another ballot where too few opened: whoever is drawn then has seen votes', () => {
    const { world, story, seats } = judging();
    const votes = story.votes('pass');
    story.certify(sealed(story, votes));
    world.tick(500);
    expect(told(story.certify(votes.slice(0, 2)))).toBe('accepted');
    world.tick(550);
    story.toJudging();
    expect([story.jury.ballot, story.jury.draw]).toEqual([2, 1]);
    expect(story.seats(story.jury).some((seat) => seats.includes(seat))).toBe(false);
    const silences = seats.map((seat) => world.state.members.get(seat.did)?.silences);
    expect(silences).toEqual([0, 0, 1, 1, 1]);
    for (const seat of seats) expect(world.balance(`reserve/${seat.did}`)).toBe(0);
  });

  it('charges who sealed and did not open, needed or not', () => {
    const { world, story, seats } = judging();
    const votes = story.votes('pass');
    const silent = seats[4] ?? ADA;
    const stake = world.balance(`stake/${silent.did}`) + world.balance(`reserve/${silent.did}`);
    story.certify(sealed(story, votes));
    story.certify(votes.slice(0, 4));
    expect(story.commit.verdict).toBe('pass');
    world.tick(1050);
    expect(world.balance(`stake/${silent.did}`)).toBe(stake - SEAT_FEE);
    expect(world.state.members.get(silent.did)?.silences).toBe(1);
  });

  it('takes seals of its seats only, in their ballot and draw, once', () => {
    const { world, story, seats } = judging();
    const [first] = seats as readonly [Agent];
    const vote = story.vote(first, 'pass');
    const { id: commit } = story.commit;
    const refuse = (code: Parameters<World['refuse']>[0], ...envelopes: ReturnType<Story['votes']>) =>
      world.refuse(code, REQUESTER, 'CERTIFY', { commit, ballot: 1 }, { envelopes });
    refuse('vote_not_vote', world.report(first));
    refuse('vote_not_seated', story.sealOf(vote, { draw: 1 }));
    refuse('vote_not_seated', world.gossip(BYSTANDER, 'SEAL', { commit, ballot: 1, draw: 0, seal: SALT }));
    refuse('vote_twice', story.sealOf(vote), story.sealOf(story.vote(first, 'fail')));
    refuse('vote_other_subject', story.sealOf(vote, { commit: story.id as string as typeof commit }));
    const drawn = story.jury.seeds[0]?.position ?? 0;
    refuse('vote_head_early', story.sealOf(vote, {}, { head: world.head(drawn - 1) }));
  });
});

describe('a committee that does not seal', () => {
  it('takes no seal, and no vote that could have been sealed', () => {
    const { story, seats } = judging(3);
    const [first] = seats as readonly [Agent];
    expect(told(story.certify([story.vote(first, 'pass', { salt: SALT })]))).toBe('vote_seal_other');
    const salted = story.vote(first, 'pass', { salt: SALT });
    expect(told(story.certify([story.sealOf(salted)]))).toBe('vote_not_vote');
  });
});

describe('INV-SEALED', () => {
  it('is broken by a vote without seal, before the opening, and by a seal where none is due', () => {
    const { story, seats } = judging();
    const [first] = seats as readonly [Agent];
    const seat = story.seatOf(story.jury, first.did);
    const broken = (): boolean => checkInvariants(story.world.state).some(({ id }) => id === 'INV-SEALED');
    expect(broken()).toBe(false);
    const vote = { id: story.vote(first, 'pass').id, verdict: 'pass', bids: [], position: 1 };
    seat.vote = vote;
    expect(broken()).toBe(true);
    seat.seal = 'aa';
    expect(broken()).toBe(true);
    story.jury.phase = 'opening';
    expect(broken()).toBe(false);
    const open = judging(1);
    const [one] = open.seats as readonly [Agent];
    open.story.seatOf(open.story.jury, one.did).seal = 'aa';
    expect(checkInvariants(open.world.state).map(({ id }) => id)).toEqual(['INV-SEALED']);
  });
});
