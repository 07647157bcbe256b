import { describe, expect, it } from 'vitest';
import { joinOrg } from '../support/join-org.ts';
import type { Agent } from '../support/keys.ts';
import { Story } from '../support/story.ts';
import { ADA, AUTHORITY, CREDIT, REQUESTER, verifiersOf, World } from '../world.ts';

const moves = (world: World, who: Agent): void => joinOrg(world, who, 'elsewhere');

/** The five seats that were drawn stay silent, so that five others are wanted: only with the key that moved there are as many. */
function toRedraw(world: World): void {
  const asked = world.events('draw_pending').length;
  world.tickUntil(() => world.events('draw_pending').length > asked && world.state.pendingDraws.size === 0, 100);
}

const nine = () => new World({ verifiers: verifiersOf(9, 9), params: { regionCapThirds: 3, silencesPerEpoch: 100 } });

describe('who got another credential', () => {
  it('does not sit twice on a subject', () => {
    const world = nine();
    const story = new Story(world).toPlanVotes();
    const [first] = story.seats(story.plan);
    if (first === undefined) throw new Error('a committee has seats');
    moves(world, first);
    toRedraw(world);
    expect(world.events('seated').filter(({ did }) => did === first.did)).toHaveLength(1);
    expect(world.events('draw_waiting')).not.toEqual([]);
  });

  it('has no other key of where it went sit for it, with stake there or without', () => {
    const world = nine();
    const story = new Story(world).toPlanVotes();
    joinOrg(world, REQUESTER, 'o8');
    const others = world.verifiers.map(({ who }) => who).filter((who) => !story.seats(story.plan).includes(who));
    expect(others).toHaveLength(4);
    toRedraw(world);
    expect(world.events('draw_waiting').at(-1)).toMatchObject({ eligible: 8 });
  });

  it('does not choose its own bid', () => {
    const world = nine();
    const story = new Story(world).toPlanVotes();
    const [first = ADA, ...others] = story.seats(story.plan);
    const bid = story.bid(first, CREDIT);
    moves(world, first);
    const votes = (seats: readonly Agent[]) => [...story.planVotes([bid], seats), bid];
    expect(story.decide(votes([first, ...others.slice(0, 2)])).outcome).toMatchObject({ code: 'votes_related' });
    expect(story.decide(votes([first, ...others])).outcome.accepted).toBe(true);
    const paid = world.events('posting').filter(({ code }) => code === 'seat_fee');
    expect(paid.map(({ credit }) => credit).sort()).toEqual(others.map(({ did }) => `free/${did}`).sort());
  });

  it('does not choose the bid of its new organisation', () => {
    const world = nine();
    const story = new Story(world).toPlanVotes();
    const [first = ADA, ...others] = story.seats(story.plan);
    joinOrg(world, ADA, 'elsewhere');
    const bid = story.bid(ADA, CREDIT);
    moves(world, first);
    const votes = [...story.planVotes([bid], [first, ...others.slice(0, 2)]), bid];
    expect(story.decide(votes).outcome).toMatchObject({ code: 'votes_related' });
  });

  it('neither feeds the seed of a draw about its own work nor owes it a reveal', () => {
    const world = nine();
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    world.accept(ADA, 'STAKE', { amount: 900 * CREDIT });
    moves(world, ADA);
    const { subject } = story.jury;
    world.tickUntil(() => world.state.pendingDraws.has(subject), 100);
    const [by = AUTHORITY] = world.reporters;
    const report = world.report(ADA, { time: 0, reveal: true });
    world.refuse('tick_empty', by, 'TICK', {}, { envelopes: [report] });
    world.tick(50, { reveal: false });
    world.tick(600, { reveal: false });
    const silent = world.events('seat_silent').filter((event) => event.subject === subject);
    expect(silent.map(({ did }) => did)).not.toContain(ADA.did);
    expect(silent.length).toBeGreaterThan(world.verifiers.length);
  });

  it('does not judge its own work', () => {
    const world = nine();
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    world.accept(ADA, 'STAKE', { amount: 900 * CREDIT });
    moves(world, ADA);
    toRedraw(world);
    expect(story.jury.seats.map(({ did }) => did)).not.toContain(ADA.did);
    expect(world.events('draw_waiting')).not.toEqual([]);
  });
});
