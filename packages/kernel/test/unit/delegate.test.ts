import type { RawParams } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { isVerifier, poolOf, stakeOf } from '../../src/pool.ts';
import { accuse, equivocation, missingCitation } from '../support/accusation.ts';
import { LYING } from '../support/documents.ts';
import type { Agent } from '../support/keys.ts';
import { agent } from '../support/keys.ts';
import { Story } from '../support/story.ts';
import { ADA, BOB, BYSTANDER, CREDIT, CYD, DAN, REQUESTER, verifiersOf, World } from '../world.ts';

const [V0, V1] = [agent('v0'), agent('v1')];

const worldOf = (params: Partial<RawParams> = {}, stake = 100 * CREDIT): World =>
  new World({ verifiers: verifiersOf(9, 9, stake), params: { unbondingMs: 600_000, ...params } });

const account = (from: Agent, to: Agent) => `delegation/${from.did}/${to.did}` as const;

/** Stake of `from` behind `to`, as both want it. */
function delegate(world: World, from: Agent, to: Agent, amount: number): void {
  world.accept(from, 'STAKE', { amount });
  const body = { delegator: from.did, delegate: to.did, amount };
  const most = amount + world.balance(account(from, to));
  world.accept(to, 'DELEGATE', { ...body, amount: most });
  world.accept(from, 'DELEGATE', body);
}

describe('DELEGATE', () => {
  const body = { delegator: ADA.did, delegate: V0.did, amount: 10 * CREDIT };

  it('puts stake behind a key that takes it, no more than it takes and than is there', () => {
    const world = worldOf();
    world.accept(ADA, 'STAKE', { amount: 15 * CREDIT });
    world.refuse('delegation_party_only', BOB, 'DELEGATE', body);
    world.refuse('delegation_party_only', V0, 'DELEGATE', { ...body, delegator: V0.did });
    world.refuse('delegation_refused', ADA, 'DELEGATE', body);
    world.refuse('member_unknown', BOB, 'DELEGATE', { ...body, delegate: BOB.did });
    world.accept(V0, 'DELEGATE', { ...body, amount: 20 * CREDIT });
    expect(world.state.delegations.get(V0.did)).toEqual([{ delegator: ADA.did, most: 20 * CREDIT, reserved: 0 }]);
    expect(world.events('delegation_admitted')).toEqual([
      { type: 'delegation_admitted', delegator: ADA.did, delegate: V0.did, most: 20 * CREDIT },
    ]);
    world.refuse('delegation_small', ADA, 'DELEGATE', { ...body, amount: CREDIT - 1 });
    world.refuse('stake_lacking', ADA, 'DELEGATE', { ...body, amount: 15 * CREDIT + 1 });
    world.accept(ADA, 'DELEGATE', body);
    expect(world.balance(account(ADA, V0))).toBe(10 * CREDIT);
    expect(world.balance(`stake/${ADA.did}`)).toBe(5 * CREDIT);
    world.refuse('delegation_refused', ADA, 'DELEGATE', { ...body, amount: 10 * CREDIT + 1 });
    expect(world.events('delegated')).toEqual([
      { type: 'delegated', delegator: ADA.did, delegate: V0.did, amount: 10 * CREDIT },
    ]);
  });

  it('a key takes stake of sixteen at most; what is admitted no more and holds nothing is forgotten', () => {
    const world = worldOf({ maxDelegators: 2 });
    for (const { did } of [ADA, BOB]) world.accept(V0, 'DELEGATE', { ...body, delegator: did });
    world.refuse('too_many_open', V0, 'DELEGATE', { ...body, delegator: CYD.did });
    world.accept(V0, 'DELEGATE', { ...body, amount: 0 });
    world.accept(V0, 'DELEGATE', { ...body, delegator: CYD.did });
    world.accept(V0, 'DELEGATE', { ...body, delegator: CYD.did, amount: 0 });
    world.accept(V0, 'DELEGATE', { ...body, delegator: BOB.did, amount: 0 });
    expect(world.state.delegations.size).toBe(0);
  });

  it('is refused between who judges and who is judged, either way, until that is settled', () => {
    const world = worldOf();
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    const [seat = V0] = story.seats(story.jury);
    for (const [delegator, to] of [
      [ADA, seat],
      [REQUESTER, seat],
    ] as const) {
      const says = { ...body, delegator: delegator.did, delegate: to.did };
      world.accept(to, 'DELEGATE', says);
      world.accept(delegator, 'STAKE', { amount: 10 * CREDIT });
      world.refuse('delegation_judging', delegator, 'DELEGATE', says);
    }
    world.accept(ADA, 'JOIN', { tip: new Uint8Array(32), length: 1, credential: null });
    const turned = { ...body, delegator: seat.did, delegate: ADA.did };
    world.accept(ADA, 'DELEGATE', turned);
    world.refuse('delegation_judging', seat, 'DELEGATE', turned);
    story.judge('pass').settle();
    world.accept(seat, 'DELEGATE', turned);
  });
});

describe('stake of others', () => {
  it('counts beside own stake, so many times that at most, and of no key twice', () => {
    const world = worldOf({ delegatedTimesMax: 2 }, 50 * CREDIT);
    delegate(world, ADA, V0, 70 * CREDIT);
    expect(stakeOf(world.state, V0.did)).toBe(120 * CREDIT);
    delegate(world, BOB, V0, 70 * CREDIT);
    expect(stakeOf(world.state, V0.did)).toBe(150 * CREDIT);
    expect(stakeOf(world.state, ADA.did)).toBe(0);
    const { keys } = poolOf(world.state).entities.find(({ entity }) => entity === 'org:o0') ?? { keys: [] };
    expect(keys).toEqual([{ did: V0.did, stake: 150 * CREDIT }]);
    world.accept(V0, 'UNBOND', { delegate: null, amount: 49 * CREDIT });
    expect(stakeOf(world.state, V0.did)).toBe(3 * CREDIT);
  });

  it('makes no verifier of a key without the least stake of its own', () => {
    const world = worldOf({ minStake: 10 * CREDIT });
    delegate(world, ADA, V0, 100 * CREDIT);
    const member = world.state.members.get(V0.did);
    if (member === undefined) throw new Error('v0 is a member');
    world.accept(V0, 'UNBOND', { delegate: null, amount: 90 * CREDIT });
    expect([isVerifier(world.state, member), poolOf(world.state).active]).toEqual([true, 9]);
    world.accept(V0, 'UNBOND', { delegate: null, amount: 1 });
    expect([isVerifier(world.state, member), poolOf(world.state).active]).toEqual([false, 8]);
  });

  /** Each verifier has stake of two others behind it, and the seats of a result reserve some of that. */
  function judged(own: number, behind: readonly number[], outputs = LYING) {
    const world = worldOf({}, own);
    const [first = 0, second = 0] = behind;
    for (const { who } of world.verifiers) {
      delegate(world, DAN, who, first);
      delegate(world, CYD, who, second);
    }
    return { world, story: new Story(world).hire([ADA]).deliver(outputs) };
  }

  it("backs a seat in proportion, is given back, and what rounding leaves is the delegate's", () => {
    const { world, story } = judged(5 * CREDIT, [3 * CREDIT, 2 * CREDIT]);
    story.toJudging();
    const [seat] = story.jury.seats;
    if (seat === undefined) throw new Error('a jury has seats');
    const { did, reserved } = seat;
    const others = Math.floor(reserved / 2);
    expect(others).toBeGreaterThan(CREDIT);
    const order = DAN.did < CYD.did;
    const first = Math.floor((others * (order ? 3 : 2)) / 5);
    const shares = seat.shares.map(({ amount }) => amount);
    expect(shares).toEqual([first, others - first]);
    expect(world.balance(`stake/${did}`)).toBe(5 * CREDIT - (reserved - others));
    expect(world.balance(`reserve/${did}`)).toBe(reserved);
    story.judge('fail');
    story.settle();
    expect(world.balance(`delegation/${DAN.did}/${did}`)).toBe(3 * CREDIT);
    expect(world.balance(`stake/${did}`)).toBe(5 * CREDIT);
  });

  it('in reserve is neither taken out nor saved: it burns with the seat that passed a false result', () => {
    const { world, story } = judged(5 * CREDIT, [3 * CREDIT, 2 * CREDIT]);
    story.judge('pass');
    const [seat] = story.jury.seats.filter(({ shares }) => shares.length === 2);
    if (seat === undefined) throw new Error('a seat has shares');
    const { did } = seat;
    const left = world.balance(`delegation/${CYD.did}/${did}`);
    world.refuse('stake_lacking', CYD, 'UNBOND', { delegate: did, amount: left + 1 });
    world.accept(CYD, 'UNBOND', { delegate: did, amount: left });
    const { upheld } = accuse(world, BOB, story.commit.id, missingCitation(story));
    expect(upheld).toBe(true);
    const [id] = (world.state.unbondings.get(CYD.did) ?? []).map((one) => one.id);
    expect(world.balance(`unbonding/${id ?? ''}`)).toBe(left);
    expect(world.balance(`delegation/${CYD.did}/${did}`)).toBe(0);
    expect(world.state.delegations.get(did)?.map(({ reserved }) => reserved)).toEqual([0, 0]);
  });

  it('in reserve pays no challenger: who proves the fault of the seat gets a part of what is its own', () => {
    const { world, story } = judged(5 * CREDIT, [3 * CREDIT, 2 * CREDIT]);
    story.toJudging();
    const place = story.jury.seats.find(({ shares }) => shares.length === 2);
    const seat = story.seats(story.jury).find(({ did }) => did === place?.did);
    if (place === undefined || seat === undefined) throw new Error('a seat has shares');
    const { reserved, shares } = place;
    const own = shares.reduce((left, { amount }) => left - amount, reserved);
    const votes = [story.vote(seat, 'pass'), story.vote(seat, 'fail')] as const;
    story.certify(story.votes('pass'));
    expect(accuse(world, BOB, story.commit.id, equivocation(...votes)).upheld).toBe(true);
    const amounts = (code: string) => world.events('posting').flatMap((one) => (one.code === code ? [one.amount] : []));
    expect(amounts('slash_shared')).toEqual([Math.floor(own / 4)]);
    expect(amounts('reserve_burned')).toEqual([reserved - Math.floor(own / 4)]);
  });

  it('pays for silence by its share, and on its way out what is lacking', () => {
    const world = worldOf({ delegatedTimesMax: 1 }, CREDIT);
    delegate(world, DAN, V0, 3 * CREDIT);
    world.accept(DAN, 'UNBOND', { delegate: V0.did, amount: CREDIT });
    const [{ id } = { id: '' }] = world.state.unbondings.get(DAN.did) ?? [];
    const fee = 2 * CREDIT - 1;
    new Story(world, { seatFee: fee });
    const silent = () => world.events('seat_silent').filter(({ did }) => did === V0.did).length;
    for (let count = 0; silent() < 1 && count < 20; count += 1) world.tick(250, { reveal: false });
    // One credit of two counts beside one of its own: the fee is halved, what does not divide is the delegate's.
    expect(world.balance(account(DAN, V0))).toBe(2 * CREDIT - Math.floor(fee / 2));
    expect(world.balance(`stake/${V0.did}`)).toBe(CREDIT - Math.ceil(fee / 2));
    expect(world.balance(`unbonding/${id}`)).toBe(CREDIT);
    world.accept(V0, 'STAKE', { amount: CREDIT });
    new Story(world, { seatFee: 3 * CREDIT });
    world.accept(V0, 'UNBOND', { delegate: null, amount: CREDIT });
    for (let count = 0; silent() < 2 && count < 20; count += 1) world.tick(250, { reveal: false });
    expect(world.balance(account(DAN, V0))).toBe(2 * CREDIT - Math.floor(fee / 2));
    expect(world.balance(`unbonding/${id}`)).toBe(0);
  });

  it('is taken out as own stake is, all that is free or so that enough stays', () => {
    const world = worldOf({ unbondingMs: 10_000 });
    delegate(world, ADA, V0, 3 * CREDIT);
    world.refuse('stake_lacking', ADA, 'UNBOND', { delegate: V1.did, amount: 1 });
    world.refuse('delegation_small', ADA, 'UNBOND', { delegate: V0.did, amount: 2 * CREDIT + 1 });
    world.accept(ADA, 'UNBOND', { delegate: V0.did, amount: 2 * CREDIT });
    world.accept(ADA, 'UNBOND', { delegate: V0.did, amount: CREDIT });
    world.accept(V0, 'DELEGATE', { delegator: ADA.did, delegate: V0.did, amount: 0 });
    expect(world.state.delegations.get(V0.did)).toHaveLength(1);
    world.tickUntil(() => world.events('unbonding_over').length === 2, 250);
    const free = world.free(ADA);
    for (const { id } of [...(world.state.unbondings.get(ADA.did) ?? [])])
      world.accept(ADA, 'WITHDRAW', { unbonding: id });
    expect(world.free(ADA)).toBe(free + 3 * CREDIT);
    expect(world.state.delegations.size).toBe(0);
  });
});

describe('who has stake behind another', () => {
  const excluded = (world: World): readonly string[] =>
    [...world.state.pendingDraws.values()].flatMap(({ excluded: out }) => out);

  it('is related to it above a twentieth of what that has of its own, and not at that', () => {
    const world = worldOf();
    delegate(world, REQUESTER, V0, 5 * CREDIT);
    new Story(world);
    expect(excluded(world)).toEqual(['unverified']);
    world.accept(V0, 'UNBOND', { delegate: null, amount: 1 });
    new Story(world);
    expect(excluded(world)).toContain('org:o0');
  });

  it('is related until it has withdrawn what it took out, and with the other keys of its entity', () => {
    const world = worldOf({ unbondingMs: 10_000 });
    delegate(world, REQUESTER, V0, 3 * CREDIT);
    delegate(world, BYSTANDER, V0, 3 * CREDIT);
    world.accept(REQUESTER, 'UNBOND', { delegate: V0.did, amount: 3 * CREDIT });
    world.tickUntil(() => world.events('unbonding_over').length > 0, 250);
    new Story(world);
    expect(excluded(world)).toContain('org:o0');
    const [{ id } = { id: '' as never }] = world.state.unbondings.get(REQUESTER.did) ?? [];
    world.accept(REQUESTER, 'WITHDRAW', { unbonding: id });
    const later = new Story(world);
    expect(world.state.pendingDraws.get(later.plan.subject)?.excluded).toEqual(['unverified']);
  });

  it('does not sit on what the other wants or did, either way, though it came to be after the draw was asked for', () => {
    const world = worldOf();
    world.accept(V0, 'DELEGATE', { delegator: ADA.did, delegate: V0.did, amount: 100 * CREDIT });
    world.accept(ADA, 'STAKE', { amount: 20 * CREDIT });
    const story = new Story(world).hire([ADA]).deliver();
    world.accept(ADA, 'DELEGATE', { delegator: ADA.did, delegate: V0.did, amount: 20 * CREDIT });
    story.toJudging();
    expect(story.jury.seats.map(({ did }) => did)).not.toContain(V0.did);
    expect(world.state.pendingDraws.size).toBe(0);
  });

  it('does not choose its bid: what its plan seats say does not count', () => {
    const world = worldOf();
    delegate(world, ADA, V0, 20 * CREDIT);
    const story = new Story(world).toPlanVotes();
    const seats = story.seats(story.plan);
    if (!seats.some(({ did }) => did === V0.did)) return;
    const bid = story.bid(ADA, CREDIT);
    const votes = seats.slice(0, 0).concat(V0, seats.filter(({ did }) => did !== V0.did).slice(0, story.plan.k - 1));
    const evidence = { envelopes: [bid, ...votes.map((seat) => story.planVote(seat, bid.id, [bid.id]))] };
    world.refuse('votes_related', BOB, 'DECIDE', { need: story.id, round: 1, ballot: 1 }, evidence);
  });
});
