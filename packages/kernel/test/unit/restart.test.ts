import type { Bodies, VerifiedEnvelope } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { votingStakes } from '../../src/rules/restart.ts';
import { accuse } from '../support/accusation.ts';
import { Hearing } from '../support/dispute.ts';
import { LYING, TRUTHFUL } from '../support/documents.ts';
import { type Agent, agent } from '../support/keys.ts';
import { restarting } from '../support/restart.ts';
import { Story } from '../support/story.ts';
import { ADA, AUTHORITY, BOB, BYSTANDER, CREDIT, LOG_FEES, REQUESTER, verifiersOf, World } from '../world.ts';

const telemetry = { wallMs: 1, bytesRead: 1, bytesWritten: 1 };
const result = { outputs: [TRUTHFUL], telemetry, trace: null };

const keysOf = ({ verifiers }: World, count = verifiers.length): readonly Agent[] =>
  verifiers.slice(0, count).map(({ who }) => who);

/** Has the log begin its next life, as all verifiers sign. */
function restart(world: World, by: Agent = BYSTANDER) {
  const { body, evidence } = restarting(world, keysOf(world));
  return world.accept(by, 'RESTART', body, evidence);
}

/** Two logs that say the same so far: one goes on in the life that they share, the other begins the next. */
function twins(play: (world: World) => Story): readonly [ended: Story, restored: Story] {
  return [play(new World()), play(new World())];
}

describe('RESTART', () => {
  it('begins the next life with the signatures of two thirds of the stake, free of charge for whoever brings them', () => {
    const world = new World({ verifiers: verifiersOf(9, 9), params: LOG_FEES });
    const { body, evidence } = restarting(world, keysOf(world, 6));
    const before = world.free(BYSTANDER);
    const events = world.accept(BYSTANDER, 'RESTART', body, evidence);
    const stake = 9000 * CREDIT;
    expect(events).toEqual([{ type: 'life_begun', incarnation: 2, signed: 6000 * CREDIT, stake }]);
    expect(world.state.incarnation).toBe(2);
    expect(world.free(BYSTANDER)).toBe(before);
    restart(world);
    expect(world.state.incarnation).toBe(3);
  });

  it('is refused without them: exactly, however many keys sign', () => {
    const stakes = [400, 266, 200, 134];
    const verifiers = verifiersOf(4, 4).map((one, index) => ({ ...one, stake: (stakes[index] ?? 0) * CREDIT }));
    const world = new World({ verifiers });
    const put = (signers: readonly Agent[]): void => {
      const { body, evidence } = restarting(world, signers);
      world.refuse('stake_too_little', BYSTANDER, 'RESTART', body, evidence);
    };
    const [large, , third, small] = keysOf(world) as [Agent, Agent, Agent, Agent];
    put([]);
    put(keysOf(world, 2));
    put(keysOf(world).slice(1));
    const { body, evidence } = restarting(world, [large, third, small]);
    world.accept(BYSTANDER, 'RESTART', body, evidence);
  });

  it('counts the stake of verifiers, silent ones too, with what others put behind it, and no dust', () => {
    const dust = agent('dust');
    const verifiers = verifiersOf(4, 4);
    const world = new World({
      verifiers,
      params: { minStake: CREDIT },
      others: [{ who: dust, org: null, free: CREDIT }],
    });
    world.accept(dust, 'STAKE', { amount: CREDIT - 1 });
    world.accept(dust, 'JOIN', { tip: new Uint8Array(32), length: 1, credential: null });
    const [first, second] = keysOf(world) as [Agent, Agent];
    expect(votingStakes(world.state).has(dust.did)).toBe(false);
    const { body, evidence } = restarting(world, [...keysOf(world), dust]);
    world.refuse('verifier_only', BYSTANDER, 'RESTART', body, evidence);
    const [silent] = world.state.members.values();
    if (silent === undefined) throw new Error('a member is due');
    silent.active = false;
    world.state.pool = null;
    expect(votingStakes(world.state).get(silent.did)).toBe(1000 * CREDIT);
    silent.active = true;
    world.state.pool = null;
    world.accept(first, 'LEAVE', {});
    expect(votingStakes(world.state).has(first.did)).toBe(false);
    const delegation = { delegator: first.did, delegate: second.did, amount: 100 * CREDIT };
    world.accept(second, 'DELEGATE', delegation);
    world.accept(first, 'DELEGATE', delegation);
    expect(votingStakes(world.state).get(second.did)).toBe(1100 * CREDIT);
  });

  it('is refused with statements of another life, head, state, network or verb, and with two of one key', () => {
    const world = new World();
    const [who = ADA, second = ADA] = keysOf(world);
    type Odd = (body: Bodies['ATTEST_STATE']) => VerifiedEnvelope;
    const put = (odd: Odd, code: 'statement_unfit' | 'statement_twice' = 'statement_unfit'): void => {
      const { body, evidence } = restarting(world, keysOf(world).slice(1));
      world.refuse(code, BYSTANDER, 'RESTART', body, { envelopes: [odd(body), ...evidence.envelopes] });
    };
    world.tick();
    put((body) => world.gossip(who, 'ATTEST_STATE', { ...body, incarnation: 3 }));
    put((body) => world.gossip(who, 'ATTEST_STATE', { ...body, root: new Uint8Array(32) }));
    put((body) => world.gossip(who, 'ATTEST_STATE', body, { head: world.head(0) }));
    put((body) => world.gossip(who, 'ATTEST_STATE', body, { head: { ...world.head(), incarnation: 2 } }));
    put((body) => world.gossip(who, 'ATTEST_STATE', body, { head: { ...world.head(), digest: new Uint8Array(32) } }));
    put((body) => world.gossip(who, 'ATTEST_STATE', body, { network: LYING.cid }));
    put(() => world.report(who));
    put((body) => world.gossip(second, 'ATTEST_STATE', body), 'statement_twice');
    restart(world);
    expect(world.state.incarnation).toBe(2);
  });

  it('begins right after the last entry, and says no other life than the next', () => {
    const world = new World();
    const early = restarting(world, keysOf(world));
    const head = world.head();
    world.tick();
    world.refuse('life_head', BYSTANDER, 'RESTART', early.body, early.evidence, { head });
    const { body, evidence } = restarting(world, keysOf(world));
    world.refuse('life_other', BYSTANDER, 'RESTART', { ...body, incarnation: 3 }, evidence);
    world.refuse('life_other', BYSTANDER, 'RESTART', { ...body, incarnation: 1 }, evidence);
    const other = restarting(world, keysOf(world), { root: new Uint8Array(32) });
    world.refuse('root_other', BYSTANDER, 'RESTART', { ...other.body, root: new Uint8Array(32) }, other.evidence);
  });
});

describe('the authority', () => {
  it('has the only word where no verifier is active', () => {
    const world = new World({ verifiers: [] });
    const others = restarting(world, [ADA]);
    world.refuse('verifier_only', BYSTANDER, 'RESTART', others.body, others.evidence);
    const { body, evidence } = restarting(world, [AUTHORITY]);
    world.accept(BYSTANDER, 'RESTART', body, evidence);
    expect(world.state.incarnation).toBe(2);
  });
});

describe('after a RESTART', () => {
  it('nothing is accepted that names a head of the life before, and it cannot be said again', () => {
    const world = new World();
    const { body, evidence } = restarting(world, keysOf(world));
    const head = world.head();
    const late = world.entry(ADA, 'TRANSFER', { to: BOB.did, amount: 1, create: false });
    const entry = world.entry(BYSTANDER, 'RESTART', body, evidence);
    expect(world.apply(entry).outcome.accepted).toBe(true);
    world.refuseEntry('incarnation_other', late);
    world.refuseEntry('incarnation_other', entry);
    world.refuse('life_other', BYSTANDER, 'RESTART', body, evidence);
    world.accept(ADA, 'TRANSFER', { to: BOB.did, amount: 1, create: false });
    world.refuse('incarnation_other', ADA, 'TRANSFER', { to: BOB.did, amount: 2, create: false }, undefined, { head });
  });

  it('leases stay with their holders for a whole period, under a fence of the new life alone', () => {
    const world = new World();
    const story = new Story(world).hire([ADA, BOB]);
    world.tickUntil(() => story.lease.expiresAt !== null && story.lease.expiresAt - world.state.time < 6000, 500);
    const before = story.held();
    const events = restart(world);
    expect(events).toContainEqual({ type: 'lease_carried', need: story.id, attempt: 1, holder: ADA.did });
    const { incarnation, position } = world.state;
    expect(story.lease).toMatchObject({ fence: { incarnation, position }, attempt: 1, expiresAt: null });
    world.refuse('fence_other', ADA, 'COMMIT', { ...before, ...result });
    world.tick();
    expect(story.lease.expiresAt).toBe(world.state.time + story.lease.durationMs);
    story.deliver().judge('pass').settle();
    expect(world.events('finalized')).toHaveLength(1);
  });

  it('a draw that waits is asked for anew: what was revealed for it is known', () => {
    const world = new World();
    const story = new Story(world);
    const [draw] = world.state.pendingDraws.values();
    expect(draw?.subject).toBe(story.plan.subject);
    world.tick(50, { reporters: keysOf(world, 1), reveal: true });
    expect([...(world.state.pendingDraws.values().next().value?.reveals ?? [])]).toHaveLength(1);
    const old = world.report(keysOf(world)[2] ?? ADA, { reveal: true });
    restart(world);
    const [anew] = world.state.pendingDraws.values();
    expect(anew).toMatchObject({ position: world.state.position, draw: 0, ballot: 1 });
    expect(anew?.reveals.size).toBe(0);
    const [, , , fourth = ADA] = keysOf(world);
    const fresh = world.report(fourth, { reveal: true, time: world.now + 50 });
    world.accept(fourth, 'TICK', {}, { envelopes: [old, fresh] });
    expect(world.state.pendingDraws.values().next().value?.reveals.size).toBe(1);
    story.hire([ADA]).deliver().judge('pass').settle();
  });

  it('who has to act has the whole period for it, and what only passes runs on', () => {
    const world = new World();
    const verified = new Story(world).hire([ADA]).deliver().judge('pass');
    const voting = new Story(world).hire([BOB]).deliver().toJudging();
    world.accept(ADA, 'ESCROW', { to: BOB.did, amount: 1, periodMs: 90_000, create: false });
    world.tick();
    const { timers } = world.state;
    const ran = new Map(timers.started);
    restart(world);
    expect(timers.unstarted.get(`window:${verified.commit.id}`)).toBe(world.state.params.challengeMs);
    expect(timers.unstarted.get(`hold:${verified.commit.id}`)).toBe(world.state.params.holdMs);
    expect(timers.unstarted.get(`answer:${voting.jury.subject}`)).toBe(world.state.params.answerMs);
    expect(voting.jury.halfAt).toBe(null);
    for (const id of [`deadline:${voting.id}`, ...[...ran.keys()].filter((id) => id.startsWith('hold_end:'))])
      expect([id, timers.started.get(id as never)]).toEqual([id, ran.get(id as never)]);
    // However long the log could not be had.
    world.tick(30_000);
    expect(world.events('window_closed')).toEqual([]);
    expect(voting.jury).toMatchObject({ phase: 'voting', halfAt: world.state.time + world.state.params.answerMs / 2 });
    expect(world.events('seat_silent')).toEqual([]);
    voting.judge('pass');
    for (const story of [verified, voting]) story.settle();
  });

  it('nobody answers before the answer periods run again', () => {
    const world = new World({ verifiers: verifiersOf(20, 20) });
    const passed = new Story(world).hire([ADA]).deliver().judge('pass');
    const choosing = new Story(world).toPlanVotes();
    const judging = new Story(world).hire([BOB]).deliver().toJudging();
    const hearing = new Hearing(passed, BOB).toVotes();
    const bid = choosing.bid(ADA, CREDIT);
    const plan = { need: choosing.id, round: 1, ballot: 1 };
    const result = { commit: judging.commit.id, ballot: 1 };
    const said = [...choosing.planVotes([bid]), bid];
    const votes = judging.seats(judging.jury).map((seat) => judging.vote(seat, 'pass'));
    restart(world);
    world.refuse('committee_not_voting', REQUESTER, 'DECIDE', plan, { envelopes: said });
    world.refuse('committee_not_voting', BYSTANDER, 'CERTIFY', result, { envelopes: votes });
    const heard = hearing.seats.map((seat) => hearing.vote(seat, 'dismiss'));
    expect(hearing.say('DISMISS', heard).outcome).toMatchObject({ accepted: false, code: 'committee_not_voting' });
    world.tick();
    world.accept(REQUESTER, 'DECIDE', plan, { envelopes: said });
    world.accept(BYSTANDER, 'CERTIFY', result, { envelopes: votes });
    hearing.rule('dismiss');
  });

  it('a bid window and the time to appeal begin anew', () => {
    const world = new World({ verifiers: verifiersOf(20, 20), arbiters: [BYSTANDER] });
    const story = new Story(world).hire([ADA]).deliver().judge('pass');
    const hearing = new Hearing(story, BOB).rule('dismiss');
    const bidding = new Story(world);
    world.tickUntil(() => bidding.plan.phase === 'bidding');
    const opened = world.events('bidding_opened').length;
    restart(world);
    expect(world.state.timers.unstarted.has(`bidding:${bidding.plan.subject}`)).toBe(true);
    world.tick(30_000);
    expect(world.events('bidding_opened').slice(opened)).toEqual([
      { type: 'bidding_opened', need: bidding.id, round: 1, closesAt: world.state.time + world.state.params.bidMs },
    ]);
    bidding.hire([BOB]);
    expect(hearing.over).toBe(false);
    hearing.appeal(BOB);
    world.tickUntil(() => hearing.over, 250);
  });

  it('votes on what both lives share count; those on what only the ended one had do not, and convict nobody', () => {
    const [ended, restored] = twins((world) => new Story(world).hire([ADA]).deliver().toJudging());
    const [early, ...others] = restored.seats(restored.jury);
    if (early === undefined) throw new Error('a seat is due');
    const shared = restored.vote(early, 'pass');
    // The ended life goes on: others vote there, and say the opposite.
    ended.world.tick();
    const lost = others.map((seat) => ended.vote(seat, 'fail'));
    // The log goes on without that, and the same key says so.
    restored.world.tick(77);
    const elsewhere = others.map((seat) => restored.world.report(seat));
    restart(restored.world);
    restored.world.tick();
    const again = others.map((seat) => restored.vote(seat, 'pass'));
    const [first] = lost;
    const body = { commit: restored.commit.id, ballot: 1 };
    restored.world.refuse('vote_head_forked', BYSTANDER, 'CERTIFY', body, { envelopes: [shared, ...lost] });
    restored.certify([shared, ...again]);
    expect(restored.commit.verdict).toBe('pass');
    const [mine] = again;
    if (first === undefined || mine === undefined) throw new Error('two votes are due');
    const claim = { output: 0, key: '', step: 0 };
    accuse(restored.world, BYSTANDER, restored.commit.id, { class: 'equivocation', claim, envelopes: [first, mine] });
    expect(restored.world.events('challenge_judged').at(-1)).toMatchObject({ upheld: false });
    const [other] = elsewhere;
    if (other === undefined) throw new Error('a report is due');
    expect(other.payload.head).toMatchObject({ incarnation: 1, position: first.payload.head.position });
    expect(other.payload.head.digest).not.toEqual(first.payload.head.digest);
    accuse(restored.world, ADA, restored.commit.id, { class: 'equivocation', claim, envelopes: [first, other] });
    const judged = restored.world.events('challenge_judged');
    expect([judged.length, judged.at(-1)?.upheld]).toEqual([2, false]);
    restored.settle();
  });

  it('bids of what only the ended life had are as if they were not shown', () => {
    const [ended, restored] = twins((world) => new Story(world).toPlanVotes());
    ended.world.tick();
    const lost = ended.bid(ADA, CREDIT);
    restart(restored.world);
    restored.world.tick();
    const votes = restored.planVotes([lost]);
    const body = { need: restored.id, round: 1, ballot: 1 };
    restored.world.refuse('bids_lacking', REQUESTER, 'DECIDE', body, { envelopes: [...votes, lost] });
  });
});
