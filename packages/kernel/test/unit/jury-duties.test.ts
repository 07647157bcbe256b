import { describe, expect, it } from 'vitest';
import type { Me, OwnDuty, SharedDuty } from '../../src/duties/duty.ts';
import { hearingKey } from '../../src/duties/jury.ts';
import { ownDuties } from '../../src/duties/own.ts';
import { sharedDuties } from '../../src/duties/shared.ts';
import { beforeJury, Hearing } from '../support/dispute.ts';
import { GossipView } from '../support/gossip-view.ts';
import { type Agent, sha256 } from '../support/keys.ts';
import { Story } from '../support/story.ts';
import { ADA, BYSTANDER, CYD, verifiersOf, World } from '../world.ts';

const juror = (who: Agent): Me => ({
  did: who.did,
  worksOn: new Set(),
  verifies: true,
  inspects: false,
  disputes: 'facts',
  checks: false,
  acceptsPlansOf: null,
  plans: false,
  least: () => null,
  divides: new Set(),
});

function disputed(kind: 'wrong_output' | 'semantic_contradiction' = 'wrong_output'): Hearing {
  const world = new World({ verifiers: verifiersOf(24, 24), arbiters: [BYSTANDER] });
  const story = new Story(world).hire().deliver().judge('pass');
  return new Hearing(story, CYD, beforeJury(kind));
}

const own = ({ world, story }: Hearing, view: GossipView, who: Me): readonly OwnDuty[] =>
  ownDuties(world.state, view, who, story.need, world.now).duties.filter(
    ({ type }) => type === 'hear' || type === 'judge',
  );

const rulings = ({ world, story }: Hearing, view: GossipView): readonly Extract<SharedDuty, { type: 'rule' }>[] =>
  sharedDuties(world.state, view, story.need, sha256).filter((duty) => duty.type === 'rule');

function rule(hearing: Hearing, duty: Extract<SharedDuty, { type: 'rule' }>): void {
  const { commit, challenge, ballot, evidence: envelopes, ruling } = duty;
  hearing.world.accept(
    ADA,
    ruling === 'uphold' ? 'INVALIDATE' : 'DISMISS',
    { commit, challenge, ballot },
    { envelopes },
  );
}

describe('a juror', () => {
  it('looks at the result by itself, then says once what it found', () => {
    const hearing = disputed();
    const view = new GossipView();
    hearing.toVotes();
    const [seat = ADA, ...others] = hearing.seats;
    const stranger = hearing.world.verifiers.find(({ who }) => who !== seat && !others.includes(who))?.who ?? ADA;
    expect(own(hearing, view, juror(stranger))).toEqual([]);
    expect(own(hearing, view, { ...juror(seat), verifies: false })).toEqual([]);
    expect(own(hearing, view, juror(seat))).toMatchObject([{ type: 'hear', challenge: hearing.id }]);
    view.works.set(hearingKey(hearing.id, seat.did), 'running');
    expect(own(hearing, view, juror(seat))).toEqual([]);
    view.works.set(hearingKey(hearing.id, seat.did), 'done');
    const [vote] = own(hearing, view, juror(seat));
    expect(vote).toMatchObject({ type: 'judge', instance: 1, ballot: 1, draw: 0 });
    view.signed.set(vote?.key ?? '', hearing.world.now);
    expect(own(hearing, view, juror(seat))).toEqual([]);
  });

  it('needs no look to say that it cannot tell of a contradiction', () => {
    const hearing = disputed('semantic_contradiction').toVotes();
    const [seat = ADA] = hearing.seats;
    expect(own(hearing, new GossipView(), juror(seat))).toMatchObject([{ type: 'judge' }]);
  });
});

describe('a ruling as a duty', () => {
  it('is due once K agree, and then for those that agree too', () => {
    const hearing = disputed().toVotes();
    const votes = hearing.seats.map((seat, index) => hearing.vote(seat, index < 3 ? 'dismiss' : 'uphold'));
    const view = new GossipView().hear(...votes.slice(0, 7));
    expect(rulings(hearing, view)).toEqual([]);
    view.hear(...votes.slice(7, 8));
    const [due] = rulings(hearing, view);
    expect(due).toMatchObject({ ruling: 'uphold', complete: false });
    if (due !== undefined) rule(hearing, due);
    expect(rulings(hearing, view)).toEqual([]);
    view.hear(...votes.slice(8));
    const [late] = rulings(hearing, view);
    expect(late?.evidence).toHaveLength(1);
    if (late !== undefined) rule(hearing, late);
    expect(hearing.committee.phase).toBe('certified');
  });

  it('records what there is from half of the period on, so that nobody who spoke is silent', () => {
    const hearing = disputed().toVotes();
    const view = new GossipView().hear(...hearing.seats.slice(0, 5).map((seat) => hearing.vote(seat, 'undecidable')));
    expect(rulings(hearing, view)).toEqual([]);
    hearing.world.tick(500);
    const [due] = rulings(hearing, view);
    expect(due?.evidence).toHaveLength(5);
    if (due !== undefined) rule(hearing, due);
    hearing.world.tick(500);
    expect(hearing.world.events('seat_silent')).toHaveLength(4);
  });

  it('takes the word of arbiters', () => {
    const hearing = disputed().rule('dismiss');
    hearing.appeal(CYD);
    hearing.world.tick();
    const view = new GossipView().hear(hearing.vote(BYSTANDER, 'uphold'));
    const [due] = rulings(hearing, view);
    if (due !== undefined) rule(hearing, due);
    expect(hearing.over).toBe(true);
    expect(hearing.world.events('challenge_judged')).toMatchObject([{ upheld: true }]);
  });
});
