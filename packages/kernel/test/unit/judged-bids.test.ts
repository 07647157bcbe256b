import { describe, expect, it } from 'vitest';
import { judgedBids } from '../../src/duties/judged-bids.ts';
import { GossipView } from '../support/gossip-view.ts';
import { agent } from '../support/keys.ts';
import { Story, sealed } from '../support/story.ts';
import { ADA, BOB, CREDIT, CYD, World } from '../world.ts';

/** What became of each bid, by who made it, in the order that it is told. */
const fates = (story: Story, view: GossipView) =>
  judgedBids(story.world.state, view, story.need).map(({ envelope, lost }) => [
    envelope.payload.from,
    lost?.code ?? 'leads',
    lost?.detail ?? null,
  ]);

describe('why a bid lost', () => {
  it('is that another scores higher, or a better one of its own entity stands', () => {
    const story = new Story(new World()).toPlanVotes();
    const [best, worse] = [story.bid(ADA, 3 * CREDIT), story.bid(ADA, 5 * CREDIT)];
    const view = new GossipView().hear(worse, story.bid(BOB, 4 * CREDIT), best);
    const [first, , last] = judgedBids(story.world.state, view, story.need);
    expect([first?.id, last?.id]).toEqual([best.id, worse.id]);
    // 80 of 100 for what of ten credits is saved, 20 for what of the minute.
    expect(first?.score).toBe(8_000 * 7_000 + 2_000 * 9_833);
    expect(fates(story, view)).toEqual([
      [ADA.did, 'leads', null],
      [BOB.did, 'outscored', null],
      [ADA.did, 'own_better', null],
    ]);
  });

  it('is what the law says of it, or a bond that is not free; what a worker only accepts is no bid', () => {
    const world = new World();
    const story = new Story(world).toPlanVotes();
    const { state } = world;
    world.accept(ADA, 'STAKE', { amount: world.balance(`free/${ADA.did}`) });
    const view = new GossipView().hear(
      story.bid(ADA, 3 * CREDIT),
      story.bid(BOB, 3 * CREDIT, { etaMs: 60_001 }),
      story.bid(CYD, 3 * CREDIT, { planner: BOB.did }),
    );
    expect(fates(story, view)).toEqual([
      [ADA.did, 'bond_lacking', null],
      [BOB.did, 'unfit', 'eta after the deadline'],
    ]);
    expect(judgedBids(state, new GossipView(), story.need)).toEqual([]);
  });

  it('is the cap that was sealed, not opened yet or too low', () => {
    const world = new World();
    const story = new Story(world, sealed(3 * CREDIT)).toPlanVotes();
    const [bid, seal] = story.sealedBid(ADA, 4 * CREDIT);
    const view = new GossipView().hear(bid, seal);
    expect(fates(story, view)).toEqual([[ADA.did, 'cap_sealed', null]]);
    view.hear(story.openCap(3 * CREDIT));
    expect(fates(story, view)).toEqual([[ADA.did, 'over_cap', null]]);
  });

  it('is that it came after the window and overtook by too little, or that its organisation hides another seal', () => {
    const [one, two] = [agent('left'), agent('right')];
    const world = new World({ others: [one, two].map((who) => ({ who, org: 'one', free: 100 * CREDIT })) });
    const open = new Story(world).toPlanVotes();
    const [early, late] = [open.bid(BOB, 4 * CREDIT), open.bid(one, 4 * CREDIT - 1_000)];
    const view = new GossipView().hear(early, late);
    view.bidsAt.set(early.id, 1).set(late.id, Number.MAX_SAFE_INTEGER);
    expect(fates(open, view)).toEqual([
      [BOB.did, 'leads', null],
      [one.did, 'late', null],
    ]);
    const shut = new Story(world, sealed()).toPlanVotes();
    const [bid, seal] = shut.sealedBid(one, 3 * CREDIT);
    const [, other] = shut.sealedBid(two, 2 * CREDIT);
    expect(fates(shut, new GossipView().hear(bid, seal, other))).toEqual([[one.did, 'seals_hidden', null]]);
  });
});
