import { describe, expect, it } from 'vitest';
import type { Me } from '../../src/duties/duty.ts';
import { ownDuties } from '../../src/duties/own.ts';
import { accuse } from '../support/accusation.ts';
import { GossipView } from '../support/gossip-view.ts';
import { type Agent, agent } from '../support/keys.ts';
import { Story } from '../support/story.ts';
import { ADA, BOB, BYSTANDER, CREDIT, CYD, World } from '../world.ts';

const watcher = (who: Agent, inspects = true): Me => ({
  did: who.did,
  worksOn: new Set(),
  verifies: false,
  inspects,
  disputes: 'facts',
  checks: false,
  acceptsPlansOf: null,
  plans: false,
  least: () => null,
  divides: new Set(),
});

/** What a key would accuse now. */
function accusations(story: Story, view: GossipView, who: Me) {
  const { duties } = ownDuties(story.world.state, view, who, story.need, story.world.now);
  return duties.filter((duty) => duty.type === 'accuse');
}

/** Does the duty once: seals, or opens; the entry must be accepted. Says whether a proof was upheld. */
function prove(story: Story, view: GossipView): boolean {
  const [duty] = accusations(story, view, watcher(BYSTANDER));
  if (duty?.type !== 'accuse') throw new Error('nothing is accused');
  const { class: kind, subject, envelopes } = duty.accused;
  return accuse(story.world, BYSTANDER, subject, { class: kind, claim: { output: 0, key: '', step: 0 }, envelopes })
    .upheld;
}

describe('a bystander accuses', () => {
  it('a seat that voted twice on a plan, until it paid', () => {
    const story = new Story(new World()).toPlanVotes();
    const [seat = ADA] = story.seats(story.plan);
    const bid = story.bid(ADA, CREDIT);
    const one = story.planVote(seat, bid.id, [bid.id]);
    const view = new GossipView().hear(bid, one);
    expect(accusations(story, view, watcher(BYSTANDER))).toEqual([]);
    view.hear(story.planVote(seat, null, []));
    expect(accusations(story, view, watcher(BYSTANDER, false))).toEqual([]);
    expect(accusations(story, view, watcher(BYSTANDER))).toMatchObject([{ accused: { class: 'equivocation' } }]);
    const poor = agent('poor');
    expect(accusations(story, view, watcher(poor))).toEqual([]);
    expect(prove(story, view)).toBe(true);
    expect(accusations(story, view, watcher(BYSTANDER))).toEqual([]);
  });

  it('a seat that voted twice on a result, and waits where another accuses already', () => {
    const story = new Story(new World()).hire([ADA]).deliver().toJudging();
    const [seat = ADA] = story.seats(story.jury);
    const view = new GossipView().hear(story.vote(seat, 'pass'), story.vote(seat, 'fail'));
    const body = { subject: story.commit.id, class: 'equivocation', seal: new Uint8Array(32), opening: null } as const;
    story.world.accept(CYD, 'CHALLENGE', body);
    expect(accusations(story, view, watcher(BYSTANDER))).toEqual([]);
    story.world.tickUntil(() => story.world.events('challenge_lapsed').length > 0, 200);
    // By then the seat paid for its silence, and sits no more.
    expect(accusations(story, view, watcher(BYSTANDER))).toEqual([]);
    const next = new Story(new World()).hire([ADA]).deliver().toJudging();
    const [other = ADA] = next.seats(next.jury);
    const heard = new GossipView().hear(next.vote(other, 'pass'), next.vote(other, 'fail'));
    expect(prove(next, heard)).toBe(true);
    expect(accusations(next, heard, watcher(BYSTANDER))).toEqual([]);
  });

  it('a vote for a worse bid than one that it names', () => {
    const story = new Story(new World()).toPlanVotes();
    const [seat = ADA, fair = ADA] = story.seats(story.plan);
    const [cheap, dear] = [story.bid(ADA, CREDIT), story.bid(BOB, 2 * CREDIT)];
    const view = new GossipView().hear(cheap, dear, story.planVote(fair, cheap.id, [cheap.id, dear.id]));
    expect(accusations(story, view, watcher(BYSTANDER))).toEqual([]);
    view.hear(story.planVote(seat, dear.id, [dear.id, cheap.id]));
    const [duty] = accusations(story, view, watcher(BYSTANDER));
    expect(duty).toMatchObject({ accused: { class: 'worse_bid', subject: story.id } });
    expect(prove(story, view)).toBe(true);
    expect(accusations(story, view, watcher(BYSTANDER))).toEqual([]);
  });
});
