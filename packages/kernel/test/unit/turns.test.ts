import { presetParams } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { rankedBids } from '../../src/duties/auction.ts';
import type { Me, OwnDuty } from '../../src/duties/duty.ts';
import { ownDuties, rehearsalKey } from '../../src/duties/own.ts';
import { countedBids, type HeardBid, turnEnds } from '../../src/duties/turns.ts';
import { me } from '../support/duties.ts';
import { GossipView } from '../support/gossip-view.ts';
import { Story } from '../support/story.ts';
import { ADA, BOB, CREDIT, CYD, World } from '../world.ts';

const params = presetParams('dev');
const at = { params, windowMs: 300, closedAt: 1_000, latest: 1_500 };
const main = { ...at, latest: 1_000_000 };

let made = 0;
/** Cheaper is better. */
const heard = (entity: string, price: number, when: number, turn = 1): HeardBid => {
  made += 1;
  return { id: `b${made}`, entity: entity as never, price, score: 1_000_000 - price, turn, at: when };
};

describe('the turns of an auction', () => {
  it('are one where nobody is outbid, late or early', () => {
    expect(turnEnds(at, [])).toEqual([1_000]);
    expect(turnEnds(at, [heard('a', 500, 10), heard('b', 400, 20)])).toEqual([1_000]);
    expect(turnEnds(at, [heard('a', 500, 990), heard('a', 400, 995)])).toEqual([1_000]);
  });

  it('go on while bids of the next turn came by the end of the last, three at most', () => {
    const [first, second] = [heard('a', 500, 10), heard('b', 400, 20, 2)];
    expect(turnEnds(main, [first, second])).toEqual([1_000, 1_300]);
    expect(turnEnds(main, [first, heard('b', 400, 1_001, 2)])).toEqual([1_000]);
    const third = heard('a', 300, 1_300, 3);
    expect(turnEnds({ ...main, params: { ...params, bidExtensions: 0 } }, [first, second, third])).toEqual([
      1_000, 1_300, 1_600,
    ]);
    expect(turnEnds(main, [first, second, heard('a', 300, 1_100, 3), heard('b', 200, 1_550, 4)])).toHaveLength(3);
  });

  it('grow by a new leader late in a window, as often as the network says, and never shrink', () => {
    const first = heard('a', 500, 10);
    expect(turnEnds(main, [first, heard('b', 400, 940)])).toEqual([1_000]);
    expect(turnEnds(main, [first, heard('b', 400, 941)])).toEqual([1_060]);
    expect(turnEnds(main, [first, heard('b', 600, 950)])).toEqual([1_000]);
    const duel = [1_000, 1_060, 1_120, 1_180, 1_240].map((when, round) =>
      heard(round % 2 === 0 ? 'b' : 'a', 400 - round * 10, when),
    );
    expect(turnEnds(main, [first, ...duel])).toEqual([1_180]);
    for (const when of [1, 500, 941, 1_000, 1_001, 5_000]) {
      for (const end of turnEnds(main, [first, heard('b', 400, when)])) expect(end).toBeGreaterThanOrEqual(1_000);
    }
  });

  it('leave seats half of their answer period', () => {
    const bids = [heard('a', 500, 10), heard('b', 400, 20, 2), heard('a', 300, 30, 3)];
    expect(turnEnds(at, bids)).toEqual([1_000, 1_300, 1_500]);
  });
});

describe('what a seat counts of later turns', () => {
  it('is cheaper by the step than whom it overtakes', () => {
    const [first, nibble, fair] = [heard('a', 500, 10), heard('b', 499, 1_001), heard('c', 495, 1_002)];
    expect(countedBids(params, 1_000, [first, nibble, fair])).toEqual([first, fair]);
    const [worse, own] = [heard('d', 600, 1_003), heard('a', 499, 1_004)];
    expect(countedBids(params, 1_000, [first, worse, own])).toEqual([first, worse, own]);
    const inTime = heard('b', 499, 1_000);
    expect(countedBids(params, 1_000, [first, inTime])).toEqual([first, inTime]);
  });

  it('is all where it heard nothing before', () => {
    const late = [heard('a', 500, 1_001), heard('b', 499, 1_002)];
    expect(countedBids(params, 1_000, late)).toEqual(late);
  });
});

/** ADA's bid, BOB's better one, both known in time; what a key does then. */
function outbid(world = new World()) {
  const story = new Story(world);
  const [first, second] = [story.bid(ADA, 4 * CREDIT), story.bid(BOB, 3 * CREDIT)];
  const view = new GossipView().hear(first, second);
  view.bidsAt.set(first.id, world.now);
  view.bidsAt.set(second.id, world.now);
  view.signed.set(`bid/${story.id}/1/${ADA.did}`, world.now);
  const duties = (who: Me, now = world.now): readonly OwnDuty[] =>
    ownDuties(world.state, view, who, story.need, now).duties;
  return { world, story, view, first, second, duties };
}

describe('a worker that is outbid', () => {
  const ada = me(ADA, { worksOn: new Set(['brief']) });

  it('may outdo who leads it by the step, once', () => {
    const { view, second, duties } = outbid();
    const [duty, ...more] = duties(ada);
    if (duty?.type !== 'improve') throw new Error('ADA is outbid');
    expect(duty.rivals).toMatchObject([{ id: second.id, atMost: 3 * CREDIT - (3 * CREDIT) / 100 }]);
    expect(more).toEqual([]);
    view.signed.set(duty.key, 1);
    expect(duties(ada)).toEqual([]);
  });

  it('does not where it leads, bid nothing, works through a planner, or no turn is left', () => {
    const { story, view, second, duties } = outbid();
    expect(duties({ ...ada, acceptsPlansOf: CYD.did })).toEqual([]);
    view.hear(story.bid(ADA, 2 * CREDIT, { outbids: second.id }));
    expect(duties(ada)).toEqual([]);
    const other = outbid();
    const third = other.story.bid(CYD, 2 * CREDIT, { outbids: other.second.id });
    const last = other.story.bid(BOB, CREDIT, { outbids: third.id });
    other.view.hear(third, last);
    const [duty] = other.duties(ada);
    expect(duty).toMatchObject({ type: 'improve', rivals: [{ id: third.id }] });
  });

  it('may while a further turn is held, and seats vote when the last is over', () => {
    const { world, story, view, second, duties } = outbid();
    const better = story.bid(CYD, 2 * CREDIT, { outbids: second.id });
    view.hear(better);
    view.bidsAt.set(better.id, world.now);
    story.toPlanVotes();
    const [seat = ADA] = story.seats(story.plan);
    view.works.set(rehearsalKey(story.id, seat.did), 'done');
    const closedAt = (story.plan.halfAt ?? 0) - 500;
    const judge = me(seat, { verifies: true });
    const early = ownDuties(world.state, view, judge, story.need, closedAt + 299);
    expect(early).toMatchObject({ duties: [], wakeAt: closedAt + 300 });
    expect(duties(ada, closedAt + 299).map(({ type }) => type)).toEqual(['improve']);
    expect(duties(ada, closedAt + 300)).toEqual([]);
    const [vote] = duties(judge, closedAt + 300);
    expect(vote).toMatchObject({ type: 'vote_plan', winner: better.id });
    expect(rankedBids(world.state, view, story.need).map(({ id }) => id)).toEqual([
      better.id,
      second.id,
      view.heard[0]?.id,
    ]);
  });
});
