import { describe, expect, it } from 'vitest';
import { net, PRICE_CAP, SEAT_FEE, Story } from '../support/story.ts';
import { ADA, BOB, CREDIT, CYD, REQUESTER, World } from '../world.ts';

describe('a need that goes well', () => {
  it('pays worker and seats, and gives the rest back', () => {
    const world = new World({ signed: true });
    const story = new Story(world).hire([ADA, BOB, CYD]).deliver().judge('pass');
    const jury = story.seats(story.jury);
    story.toWindowEnd().finalize();
    expect(world.free(ADA)).toBe(1000 * CREDIT + net(4 * CREDIT));
    expect(world.free(REQUESTER)).toBe(1000 * CREDIT - 4 * CREDIT - 15 * SEAT_FEE);
    for (const seat of jury) expect(world.balance(`reserve/${seat.did}`)).toBeGreaterThan(0);
    story.settle();
    expect(world.free(REQUESTER)).toBe(1000 * CREDIT - 4 * CREDIT - 11 * SEAT_FEE);
    const fees = world.verifiers.reduce((sum, { who }) => sum + world.free(who) - 1000 * CREDIT, 0);
    expect(fees).toBe(10 * SEAT_FEE);
    expect(world.balance('burn')).toBe(4 * CREDIT - net(4 * CREDIT));
    expect(PRICE_CAP).toBeGreaterThan(4 * CREDIT);
  });

  it('leaves nothing behind: no account of one purpose, no timer, no committee', () => {
    const world = new World();
    new Story(world).hire().deliver().judge('pass').settle();
    const { accounts, needs, commits, committees, pendingDraws, challenges, timers } = world.state;
    const kinds = [...accounts.keys()].map((account) => account.split('/')[0] ?? '');
    expect([...new Set(kinds)].sort()).toEqual(['burn', 'free', 'fund', 'mint', 'stake']);
    for (const open of [needs, commits, committees, pendingDraws, challenges]) expect(open.size).toBe(0);
    expect(timers.started.size + timers.unstarted.size).toBe(0);
    expect(timers.next()).toBe(null);
  });

  it('goes through its phases in order', () => {
    const world = new World();
    const story = new Story(world);
    const phases = [story.need.phase];
    story.hire();
    phases.push(story.need.phase);
    story.deliver();
    phases.push(story.need.phase);
    story.judge('pass');
    phases.push(story.need.phase);
    story.toWindowEnd().finalize();
    expect(story.need.status).toBe('closed');
    phases.push(story.need.phase);
    expect(phases).toEqual(['bidding', 'leased', 'committed', 'verified', 'final']);
  });

  it('does not disturb others that run at the same time', () => {
    const world = new World();
    const stories = [ADA, BOB, CYD].map(() => new Story(world));
    for (const [index, story] of stories.entries()) story.hire([[ADA, BOB, CYD][index] ?? ADA]);
    for (const story of stories) story.deliver();
    for (const story of stories) story.judge('pass');
    for (const story of stories) story.settle();
    for (const worker of [ADA, BOB, CYD]) expect(world.free(worker)).toBe(1000 * CREDIT + net(4 * CREDIT));
    expect(world.free(REQUESTER)).toBe(1000 * CREDIT - 12 * CREDIT - 33 * SEAT_FEE);
  });
});
