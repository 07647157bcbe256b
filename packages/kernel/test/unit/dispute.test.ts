import { describe, expect, it } from 'vitest';
import { lay, missingCitation as missing, opening } from '../support/accusation.ts';
import { beforeJury, Hearing } from '../support/dispute.ts';
import { LYING } from '../support/documents.ts';
import { agent } from '../support/keys.ts';
import { SEAT_FEE, Story, who } from '../support/story.ts';
import { ADA, BYSTANDER, CREDIT, CYD, DAN, REQUESTER, verifiersOf, World, type WorldOptions } from '../world.ts';

/** Enough organisations for three juries after each other. */
const MANY: WorldOptions = { verifiers: verifiersOf(56, 56) };
const ARBITERS = [agent('bystander'), agent('stranger'), agent('v60')];

function verified(options: WorldOptions = MANY, own = {}): Story {
  return new Story(new World(options), own).hire().deliver(LYING).judge('pass');
}

const code = ({ outcome }: ReturnType<World['submit']>): string => (outcome.accepted ? 'accepted' : outcome.code);

describe('a challenge that a jury decides', () => {
  it('is refused where neither a jury nor an arbiter can be had', () => {
    const story = verified({});
    expect(code(lay(story.world, CYD, story.commit.id, beforeJury()))).toBe('jury_lacking');
  });

  it('costs the seat fees of its jury, which is larger than the committee that judged', () => {
    const story = verified();
    const { world } = story;
    const free = world.free(CYD);
    const hearing = new Hearing(story, CYD);
    expect(story.jury.k).toBe(3);
    expect(hearing.toVotes().committee).toMatchObject({ k: 5, n: 9 });
    expect(world.free(CYD)).toBe(free - 9 * SEAT_FEE);
  });

  it('is heard by entities that did not judge the result and are no parties', () => {
    const story = verified();
    const hearing = new Hearing(story, who(story.jury.seats[0]?.did ?? ADA.did)).toVotes();
    const before = story.jury.seats.map(({ entity }) => entity);
    expect(hearing.committee.seats.filter(({ entity }) => before.includes(entity))).toEqual([]);
    expect(hearing.committee.seats.every(({ reserved }) => reserved === 0)).toBe(true);
    expect(hearing.committee.parties).toContain(REQUESTER.did);
  });

  it('is opened once, and keeps the next of its class waiting', () => {
    const story = verified();
    const { world } = story;
    const { id } = story.commit;
    new Hearing(story, CYD);
    world.refuseEntry('seal_opened', opening(world, CYD, id, beforeJury()));
    expect(code(lay(world, DAN, id, beforeJury()))).toBe('accepted');
    world.refuseEntry('seal_earlier', opening(world, DAN, id, beforeJury()));
    expect(code(lay(world, DAN, id, beforeJury('semantic_contradiction')))).toBe('accepted');
    expect(world.apply(opening(world, DAN, id, beforeJury('semantic_contradiction'))).outcome.accepted).toBe(true);
  });

  it('keeps a result from being final', () => {
    const story = verified();
    new Hearing(story, CYD);
    story.toWindowEnd();
    story.world.refuse('challenge_open', ADA, 'FINALIZE', { commit: story.commit.id });
  });

  it('gives a jury that must fetch bytes the time for that besides', () => {
    const periods = (['wrong_output', 'unavailable'] as const).map((kind) => {
      const story = verified();
      const hearing = new Hearing(story, CYD, beforeJury(kind)).toVotes();
      return (
        (story.world.state.timers.started.get(`answer:${hearing.committee.subject}`) ?? 0) - story.world.state.time
      );
    });
    expect(periods).toEqual([1000, 2000]);
  });
});

describe('a ruling', () => {
  it('is refused if nothing is disputed, before the draw, for another ballot, or without K votes that say so', () => {
    const story = verified();
    const { world } = story;
    const { id: commit } = story.commit;
    const hearing = new Hearing(story, CYD);
    const challenge = hearing.id;
    const some = { envelopes: [world.report(REQUESTER)] };
    world.refuse('dispute_unknown', ADA, 'DISMISS', { commit, challenge: commit as never, ballot: 1 }, some);
    world.refuse('committee_not_voting', ADA, 'DISMISS', { commit, challenge, ballot: 1 }, some);
    hearing.toVotes();
    world.refuse('ballot_other', ADA, 'INVALIDATE', { commit, challenge, ballot: 2 }, some);
    world.refuse('vote_not_vote', ADA, 'INVALIDATE', { commit, challenge, ballot: 1 }, some);
    const votes = hearing.seats.map((seat) => hearing.vote(seat, 'uphold'));
    expect(code(hearing.say('INVALIDATE', votes.slice(0, 4)))).toBe('votes_too_few');
    expect(code(hearing.say('DISMISS', votes))).toBe('ruling_other');
    const [first] = hearing.seats;
    if (first === undefined) throw new Error('nobody sits');
    const with1 = (own: object) => [hearing.vote(first, 'uphold', own), ...votes.slice(1)];
    expect(code(hearing.say('INVALIDATE', with1({ instance: 2 })))).toBe('vote_other_subject');
    expect(code(hearing.say('INVALIDATE', with1({ draw: 1 })))).toBe('vote_not_seated');
    expect(code(hearing.say('INVALIDATE', [...votes, hearing.vote(DAN, 'uphold')]))).toBe('vote_not_seated');
    expect(code(hearing.say('INVALIDATE', [...votes, hearing.vote(first, 'dismiss')]))).toBe('vote_twice');
    expect(code(hearing.say('INVALIDATE', votes.slice(0, 5)))).toBe('accepted');
    expect(code(hearing.say('INVALIDATE', votes.slice(0, 5)))).toBe('commit_judged');
    expect(code(hearing.say('DISMISS', votes.slice(5)))).toBe('accepted');
  });

  it('of a jury moves nothing before nobody can appeal any more', () => {
    const story = verified();
    const { world } = story;
    const bond = world.balance(`bond/work/${story.id}/${ADA.did}`);
    const hearing = new Hearing(story, CYD).rule('uphold');
    world.tick(1900);
    expect(hearing.over).toBe(false);
    expect(world.balance(`bond/work/${story.id}/${ADA.did}`)).toBe(bond);
    expect(world.events('posting').filter(({ code: why }) => why === 'jury_fee')).toEqual([]);
    hearing.toEnd();
    expect(world.events('challenge_judged')).toMatchObject([{ upheld: true, challenger: CYD.did }]);
  });

  it('that upholds overturns the result, costs who passed it their fee and not their reserve, and pays the jury by the bond', () => {
    const story = verified();
    const { world } = story;
    const seats = story.seats(story.jury);
    const before = new Map(seats.map((seat) => [seat.did, world.free(seat)]));
    const stakes = seats.map(({ did }) => world.balance(`stake/${did}`) + world.balance(`reserve/${did}`));
    const free = world.free(CYD);
    const bond = world.balance(`bond/work/${story.id}/${ADA.did}`);
    const hearing = new Hearing(story, CYD).rule('uphold', 7);
    const jurors = hearing.seats.slice(0, 7).map((seat) => [seat, world.free(seat)] as const);
    hearing.toEnd();
    for (const [juror, had] of jurors) expect(world.free(juror)).toBe(had + SEAT_FEE);
    for (const seat of seats) expect(world.free(seat)).toBe(before.get(seat.did));
    expect(seats.map(({ did }) => world.balance(`stake/${did}`) + world.balance(`reserve/${did}`))).toEqual(stakes);
    expect(world.events('slashed')).toEqual([]);
    // Nine seat fees of the next attempt, seven of jurors, and nine tenths of what is left are for the challenger.
    expect(world.free(CYD)).toBe(free + Math.floor(((bond - 16 * SEAT_FEE) * 9) / 10));
    expect(story.need).toMatchObject({ phase: 'leased', level: 2 });
  });

  it('that dismisses pays its jury by the bond of the challenger and burns the rest; the result becomes final', () => {
    const story = verified();
    const { world } = story;
    const free = world.free(CYD);
    const hearing = new Hearing(story, CYD).rule('dismiss', 6);
    const jurors = hearing.seats.slice(0, 6).map((seat) => [seat, world.free(seat)] as const);
    hearing.toEnd();
    for (const [juror, had] of jurors) expect(world.free(juror)).toBe(had + SEAT_FEE);
    expect(world.free(CYD)).toBe(free - 9 * SEAT_FEE);
    story.settle();
    expect(world.events('finalized')).toHaveLength(1);
  });

  it('comes no more when no jury agrees: the bond goes back and the result stands', () => {
    const story = verified();
    const { world } = story;
    const free = world.free(CYD);
    const hearing = new Hearing(story, CYD);
    world.tickUntil(() => hearing.over, 250);
    expect(world.events('instance_failed')).toHaveLength(1);
    expect(world.events('seat_silent').length).toBeGreaterThan(9);
    expect(world.free(CYD)).toBe(free);
    story.settle();
    expect(world.events('finalized')).toHaveLength(1);
  });

  it('comes too late where a proof overturned the result: the jury is dissolved, every bond goes back', () => {
    const story = verified();
    const { world } = story;
    const free = world.free(CYD);
    const hearing = new Hearing(story, CYD).rule('dismiss');
    world.accept(CYD, 'APPEAL', { commit: story.commit.id, challenge: hearing.id });
    const accusation = missing(story);
    lay(world, DAN, story.commit.id, accusation);
    world.apply(opening(world, DAN, story.commit.id, accusation));
    expect(world.free(CYD)).toBe(free);
    expect(world.state.challenges.size).toBe(0);
  });

  it('grants no lease past the deadline, though both pass in one TICK', () => {
    const story = verified(MANY, { deadlineMs: 12_000 });
    const { world } = story;
    const hearing = new Hearing(story, CYD).rule('uphold');
    world.tick(50);
    world.tick(20_000);
    expect(hearing.over).toBe(true);
    expect(world.events('lease_granted')).toHaveLength(1);
    expect(world.events('need_closed')).toMatchObject([{ status: 'expired', reason: 'deadline passed' }]);
  });
});

describe('an appeal', () => {
  it('is refused before a ruling, without a bond, and where nothing is disputed', () => {
    const story = verified();
    const { world } = story;
    const hearing = new Hearing(story, CYD);
    expect(code(hearing.appeal(ADA))).toBe('appeal_closed');
    hearing.rule('uphold');
    expect(code(hearing.appeal(agent('stranger')))).toBe('funds_lacking');
    const other = { commit: story.commit.id, challenge: story.commit.id as never };
    world.refuse('dispute_unknown', ADA, 'APPEAL', other);
    expect(code(hearing.appeal(ADA))).toBe('accepted');
    expect(code(hearing.appeal(ADA))).toBe('appeal_closed');
  });

  it('has a larger jury judge of keys that did not sit before, twice at most', () => {
    const story = verified();
    const hearing = new Hearing(story, CYD).rule('uphold');
    const { world } = story;
    hearing.appeal(ADA);
    expect(hearing.rule('dismiss').committee).toMatchObject({ k: 7, n: 13 });
    hearing.appeal(CYD);
    expect(hearing.rule('uphold').committee).toMatchObject({ k: 9, n: 17 });
    expect(code(hearing.appeal(ADA))).toBe('appeal_closed');
    const all = [1, 2, 3].flatMap((number) => hearing.instance(number).seats);
    expect(new Set([...story.jury.seats, ...all].map(({ did }) => did)).size).toBe(5 + 9 + 13 + 17);
    const [ada, cyd] = [world.free(ADA), world.free(CYD)];
    hearing.toEnd();
    expect(world.events('challenge_judged')).toMatchObject([{ upheld: true }]);
    // The appeal that lost pays the jurors of all instances first; the one that won is returned.
    expect(world.free(ADA)).toBe(ada);
    expect(world.free(CYD)).toBeGreaterThan(cyd + 9 * SEAT_FEE + 17 * SEAT_FEE);
    expect(world.events('posting').filter(({ code: why }) => why === 'jury_fee').length).toBeGreaterThanOrEqual(26);
  });

  it('costs who loses it its bond; seats of an instance that was overruled get nothing', () => {
    const story = verified();
    const { world } = story;
    const hearing = new Hearing(story, CYD).rule('dismiss');
    const first = hearing.seats.map((seat) => [seat, world.free(seat)] as const);
    const cyd = world.free(CYD);
    hearing.appeal(CYD);
    hearing.rule('dismiss');
    hearing.toEnd();
    expect(world.free(CYD)).toBe(cyd - 13 * SEAT_FEE);
    for (const [seat, had] of first) expect(world.free(seat)).toBe(had + SEAT_FEE);
    const again = verified();
    const other = new Hearing(again, CYD).rule('uphold');
    const overruled = other.seats.map((seat) => [seat, again.world.free(seat)] as const);
    other.appeal(ADA);
    other.rule('dismiss').toEnd();
    for (const [seat, had] of overruled) expect(again.world.free(seat)).toBe(had);
  });

  it('whose jury comes to nothing gives its bond back, and the ruling before it stands', () => {
    const story = verified();
    const { world } = story;
    const hearing = new Hearing(story, CYD).rule('uphold');
    const free = world.free(DAN);
    hearing.appeal(DAN);
    world.tickUntil(() => hearing.over, 250);
    expect(world.free(DAN)).toBe(free);
    expect(world.events('challenge_judged')).toMatchObject([{ upheld: true }]);
  });
});

describe('arbiters', () => {
  it('hear a challenge where the pool has no jury for it, by majority, at once and for the last time', () => {
    const story = verified({ arbiters: ARBITERS });
    const { world } = story;
    const hearing = new Hearing(story, CYD);
    expect(hearing.committee).toMatchObject({ k: 2, n: 3, drawn: false, phase: 'voting' });
    const [one, two] = ARBITERS.map((arbiter) => hearing.vote(arbiter, 'uphold'));
    if (one === undefined || two === undefined) throw new Error('there are three');
    expect(code(hearing.say('INVALIDATE', [one]))).toBe('votes_too_few');
    const free = world.free(BYSTANDER);
    expect(code(hearing.say('INVALIDATE', [one, two]))).toBe('accepted');
    expect(hearing.over).toBe(true);
    expect(world.events('challenge_judged')).toMatchObject([{ upheld: true }]);
    expect(world.free(BYSTANDER)).toBe(free + SEAT_FEE);
  });

  it('are none of the parties', () => {
    const story = verified({ arbiters: [ADA, REQUESTER, ...ARBITERS] });
    const hearing = new Hearing(story, CYD);
    expect(hearing.committee.seats.map(({ did }) => did)).toEqual(ARBITERS.map(({ did }) => did));
    const appealed = new Hearing(verified({ verifiers: verifiersOf(20, 20), arbiters: ARBITERS }), CYD).rule('uphold');
    appealed.appeal(BYSTANDER);
    expect(appealed.seats.map(({ name }) => name)).toEqual(['stranger', 'v60']);
    const alone = verified({ arbiters: [ADA] });
    expect(code(lay(alone.world, CYD, alone.commit.id, beforeJury()))).toBe('jury_lacking');
  });

  it('are none that judged the result, nor of an organisation that did', () => {
    const verifiers = verifiersOf(18, 9);
    const story = verified({ verifiers, arbiters: [...verifiers.slice(0, 6).map(({ who: key }) => key), BYSTANDER] });
    const judges = story.jury.seats.map(({ entity }) => entity);
    const others = verifiers.slice(0, 6).filter(({ org }) => !judges.includes(`org:${org}`));
    expect(others.length).toBeLessThan(6);
    const { seats } = new Hearing(story, CYD).committee;
    expect(seats.map(({ did }) => did)).toEqual([...others.map(({ who: key }) => key.did), BYSTANDER.did]);
  });

  it('hear the last appeal', () => {
    const story = verified({ ...MANY, arbiters: ARBITERS });
    const { world } = story;
    const hearing = new Hearing(story, CYD).rule('uphold');
    hearing.appeal(ADA);
    hearing.rule('uphold').appeal(ADA);
    hearing.rule('uphold').appeal(ADA);
    expect(hearing.committee).toMatchObject({ drawn: false });
    world.tick(3000);
    expect(hearing.over).toBe(false);
    hearing.rule('dismiss', 2);
    expect(hearing.over).toBe(true);
    expect(world.events('challenge_judged')).toMatchObject([{ upheld: false }]);
  });

  it('that stay silent leave the result as it is, and are not charged', () => {
    const story = verified({ arbiters: ARBITERS, params: { arbiterMs: 1000 } });
    const { world } = story;
    const free = world.free(CYD);
    const hearing = new Hearing(story, CYD);
    world.tickUntil(() => hearing.over, 250);
    expect(world.free(CYD)).toBe(free);
    expect(world.free(CYD) > CREDIT).toBe(true);
    story.settle();
    expect(world.events('finalized')).toHaveLength(1);
  });
});

describe('what the log tells of a dispute', () => {
  it('is who hears it, what they rule, who appeals and what came to nothing', () => {
    const story = verified({ ...MANY, arbiters: ARBITERS });
    const { world } = story;
    const hearing = new Hearing(story, CYD);
    const { id: challenge } = hearing;
    const subject = story.commit.id;
    expect(world.events('dispute_opened')).toEqual([
      { type: 'dispute_opened', subject, challenge, class: 'wrong_output', challenger: CYD.did },
    ]);
    hearing.rule('uphold', 6);
    expect(world.events('instance_ruled')).toMatchObject([{ challenge, instance: 1, ruling: 'uphold', votes: 6 }]);
    hearing.appeal(DAN);
    expect(world.events('appealed')).toMatchObject([{ challenge, instance: 2, appellant: DAN.did }]);
    world.tickUntil(() => hearing.dispute.instance === 3, 250);
    expect(world.events('instance_failed')).toMatchObject([{ challenge, instance: 2 }]);
    expect(world.events('instance_opened')).toMatchObject([
      { instance: 1, seats: 9, by: 'jury' },
      { instance: 2, seats: 13, by: 'jury' },
      { instance: 3, seats: 3, by: 'arbiters' },
    ]);
  });
});
