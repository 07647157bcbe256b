import { conformDigest } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { sharedDuties } from '../../src/duties/shared.ts';
import { conformDuty } from '../../src/duties/suspend.ts';
import { doShared } from '../support/duties.ts';
import { GossipView } from '../support/gossip-view.ts';
import { sha256 } from '../support/keys.ts';
import { Story } from '../support/story.ts';
import { ADA, LOG_FEES, verifiersOf, World, type WorldOptions } from '../world.ts';

const STRAY = new Uint8Array(32).fill(9);

function diverging(options: WorldOptions = {}) {
  const world = new World({ verifiers: verifiersOf(20, 20), ...options });
  const story = new Story(world).toPlanVotes();
  const [first = ADA] = story.seats(story.plan);
  return { world, story, first, view: new GossipView() };
}

describe('a vote by another evaluation', () => {
  it('is shown to the log once, by whoever is first', () => {
    const { story, first, view } = diverging();
    expect(doShared(story, view.hear(story.planVote(first, null, [], { policyDigest: STRAY })))).toEqual(['suspend']);
    expect(doShared(story, view)).toEqual([]);
    // A seat of a result that it has, and votes for as it did before, shows nothing new.
    expect(doShared(story, view.hear(story.planVote(first, null, [], { policyDigest: STRAY, draw: 1 })))).toEqual([]);
  });

  it('is left out of what is certified and decided, and others are enough', () => {
    const { story, first, view } = diverging();
    const bid = story.bid(ADA, 1);
    const [, ...votes] = story.planVotes([bid]);
    view.hear(bid, story.planVote(first, bid.id, [bid.id], { policyDigest: STRAY }), ...votes);
    expect(doShared(story, view)).toEqual(['decide', 'suspend']);
    story.deliver().toJudging();
    const seats = story.seats(story.jury);
    view.hear(...seats.map((seat, at) => story.vote(seat, 'pass', at === 0 ? { policyDigest: STRAY } : {})));
    const certify = sharedDuties(story.world.state, view, story.need, sha256).find(({ type }) => type === 'certify');
    expect(certify).toMatchObject({ complete: false });
    expect(doShared(story, view)).toContain('certify');
  });

  it('is shown again only if it was made since its member conformed', () => {
    const { world, story, first, view } = diverging();
    const before = story.planVote(first, null, [], { policyDigest: STRAY });
    doShared(story, view.hear(before));
    const digest = conformDigest({ did: first.did, capsule: null, decisions: [] }, sha256);
    world.accept(first, 'CONFORM', { capsule: null, pieces: [], digest });
    expect(doShared(story, view)).toEqual([]);
    expect(doShared(story, view.hear(story.planVote(first, null, [], { policyDigest: STRAY })))).toEqual(['suspend']);
  });
});

describe('a suspended key', () => {
  it('has to conform, until it did, if it can pay for that', () => {
    const { world, story, first, view } = diverging();
    expect(conformDuty(world.state, first.did)).toBeNull();
    doShared(story, view.hear(story.planVote(first, null, [], { policyDigest: STRAY })));
    const { position } = world.state;
    expect(conformDuty(world.state, first.did)).toEqual({ key: `conform/${first.did}/${position}`, type: 'conform' });
    const digest = conformDigest({ did: first.did, capsule: null, decisions: [] }, sha256);
    world.accept(first, 'CONFORM', { capsule: null, pieces: [], digest });
    expect(conformDuty(world.state, first.did)).toBeNull();
    const dear = diverging({ params: LOG_FEES });
    dear.world.state.suspensions.set(dear.first.did, { vote: position as never, position: 1, conformedAt: null });
    dear.world.state.accounts.delete(`free/${dear.first.did}`);
    dear.world.state.accounts.delete(`stake/${dear.first.did}`);
    expect(conformDuty(dear.world.state, dear.first.did)).toBeNull();
  });
});
