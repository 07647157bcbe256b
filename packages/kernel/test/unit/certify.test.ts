import { describe, expect, it } from 'vitest';
import type { Agent } from '../support/keys.ts';
import { PRICE_CAP, SEAT_FEE, Story } from '../support/story.ts';
import { ADA, BYSTANDER, CREDIT, REQUESTER, World } from '../world.ts';

function judging(): { world: World; story: Story; seats: readonly Agent[] } {
  const world = new World();
  const story = new Story(world).hire().deliver().toJudging();
  return { world, story, seats: story.seats(story.jury) };
}

const refusal = (applied: ReturnType<Story['certify']>): string =>
  applied.outcome.accepted ? 'accepted' : applied.outcome.code;

describe('a result committee', () => {
  it('has 2K - 1 seats that reserve twice the value at risk over K', () => {
    const { world, story, seats } = judging();
    expect(seats).toHaveLength(5);
    const value = 4 * CREDIT + 5 * SEAT_FEE;
    for (const seat of story.jury.seats) {
      expect(seat.reserved).toBe(Math.ceil((2 * value) / 3));
      expect(world.balance(`reserve/${seat.did}`)).toBe(seat.reserved);
    }
  });
});

describe('CERTIFY', () => {
  it('is about a known commit, in its ballot, while seats answer', () => {
    const world = new World();
    const story = new Story(world).hire().deliver();
    const { id: commit } = story.commit;
    const refuse = (code: Parameters<World['refuse']>[0], ballot: number) =>
      world.refuse(code, REQUESTER, 'CERTIFY', { commit, ballot }, { envelopes: [] });
    refuse('committee_not_voting', 1);
    story.toJudging();
    refuse('ballot_other', 2);
    refuse('votes_too_few', 1);
    story.judge('pass').toWindowEnd();
    refuse('committee_not_voting', 1);
    story.finalize().settle();
    refuse('commit_unknown', 1);
  });

  it('takes votes on results only, of its seats, in its ballot and draw', () => {
    const { world, story, seats } = judging();
    const [first] = seats as readonly [Agent];
    const { id: commit } = story.commit;
    const refuse = (code: Parameters<World['refuse']>[0], ...envelopes: ReturnType<Story['votes']>) =>
      world.refuse(code, REQUESTER, 'CERTIFY', { commit, ballot: 1 }, { envelopes });
    refuse('vote_not_vote', world.report(first));
    refuse('vote_not_seated', story.vote(first, 'pass', { draw: 1 }));
    refuse('vote_not_seated', story.vote(first, 'pass', { ballot: 2 }));
    refuse('vote_twice', story.vote(first, 'pass'), story.vote(first, 'fail'));
    const steps = Array.from({ length: 16 }, () => new Uint8Array(32));
    const said = { commit, ballot: 1, draw: 0, steps, salt: null, policyDigest: null };
    refuse('vote_not_seated', world.gossip(BYSTANDER, 'ATTEST', said));
    const drawn = story.jury.seeds[0]?.position ?? 0;
    refuse('vote_head_early', world.gossip(first, 'ATTEST', said, { head: world.head(drawn - 1) }));
    const other = new Story(world).hire().deliver();
    refuse('vote_other_subject', world.gossip(first, 'ATTEST', { ...said, commit: other.commit.id }));
  });

  it('needs K matching votes, whatever else is said', () => {
    for (const verdict of ['pass', 'fail', 'undecidable'] as const) {
      const { world, story, seats } = judging();
      const others = verdict === 'fail' ? 'pass' : 'fail';
      const votes = [...story.votes(verdict, seats.slice(0, 3)), ...story.votes(others, seats.slice(3))];
      expect(refusal(story.certify(votes))).toBe('accepted');
      expect(world.events('certified').at(-1)).toMatchObject({ verdict, votes: 3 });
    }
  });

  it('records fewer from half the answer period on', () => {
    const { world, story, seats } = judging();
    const early = story.votes('pass', seats.slice(0, 2));
    expect(refusal(story.certify(early))).toBe('votes_too_few');
    world.tick(500);
    expect(refusal(story.certify(early))).toBe('accepted');
    expect(refusal(story.certify(early))).toBe('votes_too_few');
    expect(story.commit.verdict).toBe(null);
    expect(refusal(story.certify(story.votes('pass', seats.slice(2, 3))))).toBe('accepted');
    expect(story.commit.verdict).toBe('pass');
  });

  it('records agreeing votes after the verdict, and pays all that agree when the hold ends', () => {
    const { world, story, seats } = judging();
    const before = seats.map((seat) => world.free(seat));
    const { id: commit } = story.commit;
    story.certify(story.votes('pass', seats.slice(0, 3)));
    const again = story.votes('pass', seats.slice(0, 3));
    world.refuse('commit_judged', REQUESTER, 'CERTIFY', { commit, ballot: 1 }, { envelopes: again });
    const late = [...story.votes('pass', seats.slice(3, 4)), ...story.votes('fail', seats.slice(4))];
    expect(refusal(story.certify(late))).toBe('accepted');
    story.toWindowEnd().finalize();
    expect(seats.map((seat) => world.free(seat))).toEqual(before);
    story.settle();
    expect(seats.map((seat, index) => world.free(seat) - (before[index] ?? 0))).toEqual(
      [1, 1, 1, 1, 0].map((n) => n * SEAT_FEE),
    );
    for (const seat of seats) expect(world.balance(`reserve/${seat.did}`)).toBe(0);
  });

  it('frees seats that said nothing by the deadline, without fee or charge', () => {
    const { world, story, seats } = judging();
    const silent = seats[4] ?? ADA;
    const [stake, free] = [world.balance(`stake/${silent.did}`), world.free(silent)];
    story.certify(story.votes('pass', seats.slice(0, 4)));
    const { reserved } = story.seatOf(story.jury, silent.did);
    world.tick(1050);
    expect(world.balance(`stake/${silent.did}`)).toBe(stake + reserved);
    story.toWindowEnd().finalize().settle();
    expect(world.free(silent)).toBe(free);
    expect(world.state.members.get(silent.did)?.silences).toBe(0);
  });
});

describe('late votes of a need that ended', () => {
  it('are recorded and paid out of what was kept for them', () => {
    for (const verdict of ['fail', 'undecidable'] as const) {
      const world = new World();
      const before = world.free(REQUESTER);
      const story = new Story(world).hire([ADA]).deliver().toJudging();
      const seats = story.seats(story.jury);
      story.certify(story.votes(verdict, seats.slice(0, 3)));
      if (verdict === 'fail') world.accept(REQUESTER, 'CANCEL', { need: story.id });
      expect(story.need.phase).toBe('final');
      expect(refusal(story.certify(story.votes(verdict, seats.slice(3))))).toBe('accepted');
      story.settle();
      const paid = verdict === 'fail' ? 0 : (4 * CREDIT * 3) / 10;
      expect(before - world.free(REQUESTER)).toBe(11 * SEAT_FEE + paid);
      expect(PRICE_CAP).toBeGreaterThan(paid);
    }
  });
});
