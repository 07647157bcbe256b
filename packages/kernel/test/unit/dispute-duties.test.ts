import { describe, expect, it } from 'vitest';
import { disputeKey, reviewKey } from '../../src/duties/dispute.ts';
import type { Me } from '../../src/duties/duty.ts';
import { ownDuties } from '../../src/duties/own.ts';
import { lay } from '../support/accusation.ts';
import { beforeJury } from '../support/dispute.ts';
import { me } from '../support/duties.ts';
import { GossipView } from '../support/gossip-view.ts';
import type { Agent } from '../support/keys.ts';
import { Story } from '../support/story.ts';
import { ADA, AUTHORITY, REQUESTER, verifiersOf, World } from '../world.ts';

/** What a key would dispute, or look at for that. */
function disputes({ world, need }: Story, view: GossipView, who: Me): readonly string[] {
  const { duties } = ownDuties(world.state, view, who, need, world.now);
  return duties.map(({ type }) => type).filter((type) => type === 'dispute' || type === 'review');
}

/** A result that all seats but one pass, and that one. */
function outvoted(): { readonly story: Story; readonly seat: Agent } {
  const world = new World({ verifiers: verifiersOf(24, 24) });
  const story = new Story(world).hire([ADA]).deliver().toJudging();
  const [seat = ADA, ...others] = story.seats(story.jury);
  const passed = story.votes('pass', others);
  story.certify(passed);
  return { story, seat };
}

describe('a seat that was outvoted', () => {
  it('disputes the result once, if its bond can be paid', () => {
    const { story, seat } = outvoted();
    const verifier = me(seat, { verifies: true });
    const view = new GossipView().hear(story.vote(seat, 'fail'));
    expect(disputes(story, new GossipView(), verifier)).toEqual([]);
    expect(disputes(story, new GossipView().hear(story.vote(seat, 'pass')), verifier)).toEqual([]);
    expect(disputes(story, view, { ...verifier, disputes: 'off' })).toEqual([]);
    expect(disputes(story, view, verifier)).toEqual(['dispute']);
    view.signed.set(disputeKey(story.commit.id, seat.did), story.world.now);
    expect(disputes(story, view, verifier)).toEqual([]);
    view.signed.clear();
    story.world.accept(seat, 'TRANSFER', { to: AUTHORITY.did, amount: story.world.free(seat), create: false });
    expect(disputes(story, view, verifier)).toEqual([]);
  });

  it('does so also where the log has its vote', () => {
    const { story, seat } = outvoted();
    const place = story.jury.seats.find(({ did }) => did === seat.did);
    if (place === undefined) throw new Error('it sits');
    place.vote = { verdict: 'fail', position: story.world.state.position } as typeof place.vote;
    expect(disputes(story, new GossipView(), me(seat, { verifies: true }))).toEqual(['dispute']);
  });

  it('disputes no result for what its work took: jurors would not find that it does not pass', () => {
    const { story, seat } = outvoted();
    const { payload } = story.vote(seat, 'fail');
    if (payload.verb !== 'REJECT') throw new Error('it fails');
    const reasons = ['telemetry_false', 'measured {"tool":"search"}'];
    const vote = story.world.gossip(seat, 'REJECT', { ...payload.body, reasons });
    const verifier = me(seat, { verifies: true });
    expect(disputes(story, new GossipView().hear(vote), verifier)).toEqual([]);
    const place = story.jury.seats.find(({ did }) => did === seat.did);
    if (place === undefined) throw new Error('it sits');
    place.vote = {
      verdict: 'fail',
      position: story.world.state.position,
      cause: 'telemetry_false',
    } as typeof place.vote;
    expect(disputes(story, new GossipView(), verifier)).toEqual([]);
  });

  it('leaves it while another disputes it, or nobody could hear it', () => {
    const { story, seat } = outvoted();
    const view = new GossipView().hear(story.vote(seat, 'fail'));
    const verifier = me(seat, { verifies: true });
    lay(story.world, REQUESTER, story.commit.id, beforeJury());
    expect(disputes(story, view, verifier)).toEqual([]);
    const few = new Story(new World()).hire([ADA]).deliver().toJudging();
    const [other = ADA, ...others] = few.seats(few.jury);
    few.certify(few.votes('pass', others));
    const heard = new GossipView().hear(few.vote(other, 'fail'));
    expect(disputes(few, heard, me(other, { verifies: true }))).toEqual([]);
  });

  it('is no witness where acceptance is an opinion, unless its owner says so', () => {
    const { story, seat } = outvoted();
    const view = new GossipView().hear(story.vote(seat, 'fail'));
    Object.assign(story.need.body, { tier: 6 });
    const verifier = me(seat, { verifies: true });
    expect(disputes(story, view, verifier)).toEqual([]);
    expect(disputes(story, view, { ...verifier, disputes: 'all' })).toEqual(['dispute']);
  });
});

describe('a requester with a check of its own', () => {
  it('looks at what others passed, and disputes what does not pass there', () => {
    const { story } = outvoted();
    const requester = me(REQUESTER, { checks: true });
    const view = new GossipView();
    expect(disputes(story, view, me(REQUESTER))).toEqual([]);
    expect(disputes(story, view, me(AUTHORITY, { checks: true }))).toEqual([]);
    expect(disputes(story, view, requester)).toEqual(['review']);
    view.works.set(reviewKey(story.commit.id, REQUESTER.did), 'running');
    expect(disputes(story, view, requester)).toEqual([]);
    view.works.set(reviewKey(story.commit.id, REQUESTER.did), 'done');
    expect(disputes(story, view, requester)).toEqual([]);
    view.works.set(reviewKey(story.commit.id, REQUESTER.did), 'failed');
    expect(disputes(story, view, requester)).toEqual(['dispute']);
  });
});
