import { describe, expect, it } from 'vitest';
import { SEAT_FEE, Story } from '../support/story.ts';
import { ADA, BYSTANDER, CREDIT, REQUESTER, START_MS, verifiersOf, World } from '../world.ts';

/** What each entry changed: its verb and the types of its events but postings, repeats written once with their number. */
function transcript(world: World): readonly string[] {
  return world.applied.map(({ events }, index) => {
    const types = events.map(({ type }) => type).filter((type) => type !== 'posting');
    const counts = new Map<string, number>();
    for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
    const told = [...counts].map(([type, count]) => (count === 1 ? type : `${type} x${count}`));
    return [world.entries[index]?.envelope.payload.verb, ...told].join(' ');
  });
}

describe('events', () => {
  it('tell a whole life', () => {
    const world = new World();
    new Story(world).hire([ADA]).deliver().judge('pass').settle(500);
    const idle = 'TICK time_advanced';
    expect(transcript(world).filter((line) => line !== idle)).toEqual([
      'NEED need_opened draw_pending',
      'TICK revealed x8 time_advanced seated x5 bidding_opened',
      'TICK time_advanced bidding_closed',
      'DECIDE votes_recorded seats_paid need_decided lease_granted',
      'COMMIT committed draw_pending',
      'TICK revealed x8 time_advanced seated x5',
      'CERTIFY votes_recorded certified',
      'TICK time_advanced window_opened',
      'TICK time_advanced window_closed',
      'TICK time_advanced finalized reputation_earned x6 need_closed seats_paid seat_freed x5 need_settled',
    ]);
  });

  it('tell when, to whom and how much', () => {
    const world = new World();
    const story = new Story(world);
    story.hire([ADA]);
    expect(world.events('need_opened')).toEqual([
      { type: 'need_opened', need: story.id, requester: REQUESTER.did, priceCap: 10 * CREDIT },
    ]);
    expect(world.events('bidding_opened')).toMatchObject([{ round: 1, closesAt: START_MS + 350 }]);
    expect(world.events('lease_granted')).toMatchObject([{ attempt: 1, holder: ADA.did, price: 4 * CREDIT }]);
    world.tick();
    expect(world.events('lease_started')).toMatchObject([{ attempt: 1, expiresAt: world.state.time + 10_000 }]);
    world.accept(ADA, 'RENEW', { ...story.held(), progress: null });
    expect(world.events('lease_renewed')).toMatchObject([{ attempt: 1, renewals: 1 }]);
    world.accept(ADA, 'YIELD', { ...story.held(), reason: '' });
    expect(world.events('task_ready')).toMatchObject([{ attempt: 1 }]);
    world.accept(REQUESTER, 'CANCEL', { need: story.id });
    expect(world.events('need_closed')).toMatchObject([{ status: 'cancelled', refund: 10 * CREDIT }]);
    expect(world.events('need_settled')).toMatchObject([{ refund: 10 * SEAT_FEE }]);
  });

  it('tell of seats that answer late or not at all', () => {
    const world = new World({ verifiers: verifiersOf(24, 24) });
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    const before = world.applied.length;
    world.tick(500);
    story.certify(story.votes('pass', story.seats(story.jury).slice(0, 2)));
    world.tick(500);
    expect(transcript(world).slice(before)).toEqual([
      'TICK time_advanced recording_opened',
      'CERTIFY votes_recorded',
      'TICK time_advanced seat_freed x3 seat_silent x3 draw_pending',
    ]);
    expect(world.events('draw_pending').at(-1)).toMatchObject({ ballot: 1, draw: 1 });
  });

  it('tell of a challenge and of who joins', () => {
    const world = new World();
    const story = new Story(world).hire([ADA]).deliver();
    const seal = { subject: story.commit.id, class: 'equivocation', seal: new Uint8Array(32), opening: null } as const;
    world.accept(BYSTANDER, 'CHALLENGE', seal);
    const { id } = story.commit;
    expect(world.events('challenge_sealed')).toMatchObject([
      { subject: id, class: 'equivocation', challenger: BYSTANDER.did },
    ]);
    world.accept(BYSTANDER, 'JOIN', { tip: new Uint8Array(32), length: 1, credential: null });
    expect(world.events('member_joined')).toEqual([
      { type: 'member_joined', did: BYSTANDER.did, entity: 'unverified' },
    ]);
  });
});
