import { describe, expect, it } from 'vitest';
import { agent } from '../support/keys.ts';
import { net, SEAT_FEE, Story } from '../support/story.ts';
import { ADA, AUTHORITY, CREDIT, REQUESTER, verifiersOf, World } from '../world.ts';

const nobody = (story: Story): void => {
  const { outcome } = story.toPlanVotes().decide(story.planVotes([]));
  if (!outcome.accepted) throw new Error(outcome.code);
};

describe('nobody bids', () => {
  it('reopens bidding once, then gives all but the fees of both committees back', () => {
    const world = new World();
    const story = new Story(world);
    nobody(story);
    expect(story.need).toMatchObject({ round: 2, phase: 'bidding' });
    nobody(story);
    expect(story.settled).toBe(true);
    expect(world.events('need_closed')).toMatchObject([{ status: 'expired', reason: 'no bid was chosen' }]);
    expect(world.free(REQUESTER)).toBe(1000 * CREDIT - 10 * SEAT_FEE);
  });

  it('in the first round leaves the second a whole life', () => {
    const world = new World();
    const story = new Story(world);
    nobody(story);
    story.hire().deliver().judge('pass').settle();
    expect(world.free(ADA)).toBe(1000 * CREDIT + net(4 * CREDIT));
    expect(world.free(REQUESTER)).toBe(1000 * CREDIT - 4 * CREDIT - 15 * SEAT_FEE);
  });

  it('in the first round leaves the second a whole life of failures, too', () => {
    const world = new World();
    const story = new Story(world);
    nobody(story);
    story.hire().deliver().judge('fail').deliver().judge('fail').deliver().judge('fail').settle();
    expect(world.free(REQUESTER)).toBe(1000 * CREDIT - 15 * SEAT_FEE);
  });
});

describe('nobody votes on bids', () => {
  it('redraws silent seats, each paying a fee, and gives up after the last redraw', () => {
    const world = new World({ verifiers: verifiersOf(48, 48) });
    const story = new Story(world).toPlanVotes();
    const first = story.seats(story.plan);
    const fees = first.map((seat) => world.balance(`stake/${seat.did}`));
    world.tick(1100);
    expect(story.plan).toMatchObject({ phase: 'drawing', draw: 1, ballot: 1, redraws: 1 });
    expect(first.map((seat) => world.balance(`stake/${seat.did}`))).toEqual(fees.map((stake) => stake - SEAT_FEE));
    world.tickUntil(() => story.plan.phase === 'voting');
    const second = story.seats(story.plan);
    expect(second).toHaveLength(5);
    expect(second.filter((seat) => first.includes(seat))).toEqual([]);
    world.tickUntil(() => story.need.round === 2, 200);
    const before = world.free(REQUESTER);
    world.tickUntil(() => story.settled, 200);
    expect(world.events('need_closed')).toMatchObject([{ status: 'expired', reason: 'no committee agreed' }]);
    expect(world.free(REQUESTER)).toBeGreaterThan(before);
    expect(world.free(REQUESTER)).toBe(1000 * CREDIT);
    expect(world.balance('burn')).toBe(2 * 4 * 5 * SEAT_FEE);
  });

  it('makes a verifier inactive after three silences, until it joins again', () => {
    const world = new World();
    const [{ who } = { who: ADA }] = world.verifiers;
    for (let count = 0; world.state.members.get(who.did)?.active === true; count += 1) {
      if (count > 100) throw new Error('never drawn often enough');
      const story = new Story(world).toPlanVotes();
      const others = story.seats(story.plan).filter((seat) => seat !== who);
      world.tick(550);
      story.decide(story.planVotes([], others.slice(0, 2)));
      world.tick(550);
      if (!story.settled) world.accept(REQUESTER, 'CANCEL', { need: story.id });
      for (const { who: other } of world.verifiers) {
        const member = world.state.members.get(other.did);
        if (member !== undefined && other !== who) member.silences = 0;
      }
    }
    expect(world.events('member_inactive')).toMatchObject([{ did: who.did }]);
    expect(world.state.members.get(who.did)?.silences).toBe(3);
  });
});

describe('a split vote on bids', () => {
  it('starts a new ballot with new seats; old votes do not count in it', () => {
    const world = new World();
    const story = new Story(world).toPlanVotes();
    const bid = story.bid(ADA, CREDIT);
    const other = story.bid(agent('bob'), CREDIT);
    const [a, b, c, d, e] = story.seats(story.plan);
    const seats = [a, b, c, d, e].map((seat) => seat ?? ADA);
    const votes = [
      ...story.planVotes([bid], seats.slice(0, 2)),
      ...story.planVotes([other], seats.slice(2, 4)),
      ...story.planVotes([], seats.slice(4)),
    ];
    world.tick(500);
    expect(story.decide(votes).outcome.accepted).toBe(true);
    world.tick(600);
    expect(story.plan).toMatchObject({ ballot: 2, draw: 1, phase: 'drawing' });
    world.tickUntil(() => story.plan.phase === 'voting');
    const body = { need: story.id, round: 1, ballot: 2 };
    world.refuse('vote_not_seated', REQUESTER, 'DECIDE', body, { envelopes: votes });
    expect(story.seats(story.plan).filter((seat) => seats.includes(seat))).toEqual([]);
    expect(story.decide([...story.planVotes([bid]), bid]).outcome.accepted).toBe(true);
  });
});

describe('too few verifiers', () => {
  it('wait, say so, and give up after so many answer periods in each round', () => {
    const world = new World({ verifiers: verifiersOf(6, 6) });
    const story = new Story(world);
    world.tickUntil(() => story.settled, 250);
    const waits = world.events('draw_waiting');
    expect(waits.at(-1)).toMatchObject({ eligible: 6, waits: 11 });
    expect(waits).toHaveLength(22);
    expect(world.events('need_closed')).toMatchObject([{ status: 'expired', reason: 'no seats could be filled' }]);
    expect(world.free(REQUESTER)).toBe(1000 * CREDIT);
  });

  it('wait for a redraw too, though another could sit', () => {
    const world = new World({ verifiers: verifiersOf(8, 8) });
    const story = new Story(world).toPlanVotes();
    const sitting = story.seats(story.plan);
    const others = world.verifiers.map(({ who }) => who).filter((who) => !sitting.includes(who));
    for (const other of others.slice(0, 2)) world.accept(other, 'LEAVE', {});
    world.tickUntil(() => world.events('recording_opened').length > 0);
    const bid = story.bid(ADA, CREDIT);
    const votes = [...story.planVotes([bid], sitting.slice(0, 2)), ...story.planVotes([], sitting.slice(2, 4))];
    expect(story.decide(votes).outcome.accepted).toBe(true);
    world.tickUntil(() => world.events('draw_waiting').length > 0);
    expect(world.events('draw_waiting')[0]).toMatchObject({ eligible: 6, waits: 1 });
    expect(world.events('seated')).toHaveLength(5);
  });

  it('suffice again once a seventh joined', () => {
    const seven = verifiersOf(7, 7);
    const world = new World({ verifiers: seven.map((one, index) => (index === 6 ? { ...one, stake: 0 } : one)) });
    const story = new Story(world);
    world.tick();
    world.tick();
    expect(world.events('draw_waiting')).toHaveLength(1);
    world.accept(seven[6]?.who ?? ADA, 'STAKE', { amount: 500 * CREDIT });
    story.hire();
    expect(story.need.phase).toBe('leased');
  });

  it('do not keep a need open when no verifier is left at all', () => {
    const world = new World({ verifiers: [] });
    const story = new Story(world, { deadlineMs: 600_000 });
    world.tickUntil(() => story.settled, 600);
    expect(world.events('need_closed')).toMatchObject([{ reason: 'no seed was revealed' }]);
    expect(world.free(REQUESTER)).toBe(world.free(AUTHORITY));
  });
});

describe('the deadline', () => {
  it('ends a need in bidding', () => {
    const world = new World({ verifiers: verifiersOf(6, 6) });
    const story = new Story(world, {
      deadlineMs: 11_300,
      windows: { bidMs: 300, answerMs: 1000, challengeMs: 2000, leaseMs: 10_000 },
    });
    world.tickUntil(() => story.settled, 1000);
    expect(world.events('need_closed').at(-1)?.status).toBe('expired');
    expect(world.free(REQUESTER)).toBe(1000 * CREDIT);
  });

  it('ends a task that nobody takes', () => {
    const world = new World();
    const story = new Story(world).hire([ADA]);
    world.accept(ADA, 'YIELD', { ...story.held(), reason: '' });
    world.tickUntil(() => story.settled, 5000);
    expect(world.events('need_closed')).toMatchObject([{ status: 'expired', reason: 'deadline passed' }]);
    expect(world.free(REQUESTER)).toBe(1000 * CREDIT - 5 * SEAT_FEE);
  });

  it('does not end what was committed in time', () => {
    const world = new World();
    const own = { deadlineMs: 11_300 };
    const story = new Story(world, own).hire();
    world.tick(9000);
    story.deliver();
    world.tick(3000);
    expect(story.need).toMatchObject({ deadlinePassed: true, phase: 'committed' });
    story.judge('pass').settle();
    expect(world.free(ADA)).toBe(1000 * CREDIT + net(4 * CREDIT));
  });

  it('ends the need when what was committed in time fails after it', () => {
    const world = new World();
    const story = new Story(world, { deadlineMs: 11_300 }).hire();
    world.tick(9000);
    story.deliver();
    world.tick(3000);
    story.judge('fail').settle();
    expect(world.events('need_closed')).toMatchObject([{ status: 'expired', reason: 'deadline passed' }]);
    expect(world.free(REQUESTER)).toBe(1000 * CREDIT - 11 * SEAT_FEE);
  });
});
