import { describe, expect, it } from 'vitest';
import { logFee, logFund } from '../../src/log-fees.ts';
import { snapshot } from '../../src/state-root.ts';
import { agent } from '../support/keys.ts';
import { needBody, PRICE_CAP, SEAT_FEE, Story } from '../support/story.ts';
import { ADA, AUTHORITY, BOB, BYSTANDER, CREDIT, LOG_FEES, REQUESTER, World } from '../world.ts';

const STRANGER = agent('stranger');
const paid = (own = {}): World => new World({ params: { ...LOG_FEES, ...own } });
/** What the last entry costs. */
const feeOf = ({ entries, state }: World): number => logFee(state.params, entries.at(-1)?.bytes.length ?? 0);

/** Leaves a key `left` micro-credits. */
function drain(world: World, who: typeof ADA, left: number): void {
  const fee = logFee(
    world.state.params,
    world.entry(who, 'TRANSFER', { to: BOB.did, amount: world.free(who), create: false }).bytes.length,
  );
  world.accept(who, 'TRANSFER', { to: BOB.did, amount: world.free(who) - fee - left, create: false });
  expect(world.free(who)).toBe(left);
}

describe('log space', () => {
  it('is paid by the sender, by base and byte, and burned', () => {
    const world = paid();
    const [free, burned] = [world.free(ADA), world.balance('burn')];
    world.accept(ADA, 'TRANSFER', { to: BOB.did, amount: 5, create: false });
    expect(feeOf(world)).toBeGreaterThan(300);
    expect([free - world.free(ADA), world.balance('burn') - burned]).toEqual([5 + feeOf(world), feeOf(world)]);
  });

  it('is paid before the rule sees what is free', () => {
    const world = paid();
    const { did: to } = BOB;
    world.refuse('funds_lacking', ADA, 'TRANSFER', { to, amount: world.free(ADA), create: false });
    drain(world, ADA, 0);
  });

  it('is paid for what is rejected, whether by the rule or before it', () => {
    const world = paid();
    let free = world.free(ADA);
    world.refuse('authority_only', ADA, 'MINT', { to: ADA.did, amount: 1, create: false });
    expect(free - world.free(ADA)).toBe(feeOf(world));
    free = world.free(ADA);
    const commit = new Story(world).hire([BOB]).deliver().commit.id;
    const thread = world.state.network as never;
    world.refuse('thread_other', ADA, 'FINALIZE', { commit }, undefined, { thread });
    expect(free - world.free(ADA)).toBe(feeOf(world));
  });

  it('costs a key that cannot pay what it has, for nothing', () => {
    const world = paid();
    drain(world, ADA, 100);
    world.refuse('fee_lacking', ADA, 'TRANSFER', { to: BOB.did, amount: 1, create: false });
    expect(world.free(ADA)).toBe(0);
    world.refuse('fee_lacking', STRANGER, 'LEAVE', {});
    expect(world.state.accounts.has(`free/${STRANGER.did}`)).toBe(false);
  });

  it('is not paid for what was signed for another log', () => {
    const world = paid();
    const free = world.free(ADA);
    const head = { ...world.head(), position: 9 };
    world.refuse('head_ahead', ADA, 'LEAVE', {}, undefined, { head });
    world.refuse('epoch_other', ADA, 'LEAVE', {}, undefined, { epoch: 2 });
    expect(world.free(ADA)).toBe(free);
  });

  it('is paid once by a signature, in all its comings', () => {
    const world = paid();
    const entry = world.entry(ADA, 'STAKE', { amount: 5000 * CREDIT });
    world.refuseEntry('funds_lacking', entry);
    const free = world.free(ADA);
    world.refuseEntry('funds_lacking', entry);
    expect(world.free(ADA)).toBe(free);
    world.accept(AUTHORITY, 'MINT', { to: ADA.did, amount: 5000 * CREDIT, create: false });
    expect(world.apply(entry).outcome.accepted).toBe(true);
    world.refuseEntry('replayed', entry);
    expect(world.free(ADA)).toBe(free);
  });

  it('is due for what lacked, when an entry comes again', () => {
    const world = paid();
    drain(world, ADA, 100);
    const entry = world.entry(ADA, 'STAKE', { amount: 1 });
    world.refuseEntry('fee_lacking', entry);
    world.accept(BOB, 'TRANSFER', { to: ADA.did, amount: 1000, create: false });
    expect(world.apply(entry).outcome.accepted).toBe(true);
    expect(world.free(ADA)).toBe(1000 + 100 - logFee(world.state.params, entry.bytes.length) - 1);
  });

  it('is remembered for the head window', () => {
    const world = paid({ headWindow: 16 });
    world.refuse('authority_only', ADA, 'MINT', { to: ADA.did, amount: 1, create: false });
    const remembered = () => (snapshot(world.state)['charged'] as ReadonlyMap<string, unknown>).size;
    for (let count = 0; count < 16; count += 1) world.tick();
    expect(remembered()).toBe(1);
    world.tick();
    expect(remembered()).toBe(0);
    for (let count = 0; count < 64; count += 1) world.tick();
    expect(world.state.charged.size).toBe(0);
  });
});

describe('a key with a stake and nothing free', () => {
  it('joins again, leaves and takes its stake out', () => {
    const world = paid();
    const verifier = agent('v3');
    const stake = (): number => world.balance(`stake/${verifier.did}`);
    drain(world, verifier, 100);
    const held = stake();
    world.accept(verifier, 'LEAVE', {});
    expect(held - stake()).toBe(feeOf(world) - 100);
    const { did } = verifier;
    world.refuse('stake_lacking', verifier, 'UNBOND', { amount: stake() + 1, delegate: null });
    const all = stake();
    world.accept(verifier, 'UNBOND', { amount: all, delegate: null });
    expect([stake(), world.free(verifier)]).toEqual([0, 0]);
    const left = all - feeOf(world);
    const [unbonding] = world.state.unbondings.get(did) ?? [];
    if (unbonding === undefined) throw new Error('nothing unbonds');
    world.tickUntil(() => unbonding.over, 1000);
    world.accept(verifier, 'WITHDRAW', { unbonding: unbonding.id });
    expect(world.free(verifier)).toBe(left - feeOf(world));
    world.accept(verifier, 'STAKE', { amount: CREDIT });
  });

  it('says nothing else', () => {
    const world = paid();
    drain(world, agent('v3'), 0);
    world.refuse('fee_lacking', agent('v3'), 'TRANSFER', { to: ADA.did, amount: 1, create: false });
    world.refuse('fee_lacking', agent('v3'), 'STAKE', { amount: 1 });
  });
});

describe('a MINT', () => {
  it('is free for the authority alone', () => {
    const world = paid();
    const free = world.free(AUTHORITY);
    world.accept(AUTHORITY, 'MINT', { to: ADA.did, amount: 1, create: false });
    expect(world.free(AUTHORITY)).toBe(free);
    world.refuse('account_unknown', AUTHORITY, 'MINT', { to: STRANGER.did, amount: 1, create: false });
    expect(free - world.free(AUTHORITY)).toBe(feeOf(world));
  });
});

describe('a TICK', () => {
  it('is free, and once at a log time although it comes too late', () => {
    const world = paid();
    const verifier = agent('v4');
    const free = world.free(verifier);
    world.tick(50, { by: verifier });
    world.refuse('tick_empty', verifier, 'TICK', {}, { envelopes: [] });
    expect([free - world.free(verifier), world.state.lateTicks.size]).toEqual([0, 1]);
    world.refuse('tick_empty', verifier, 'TICK', {}, { envelopes: [] });
    expect(free - world.free(verifier)).toBe(feeOf(world));
    world.tick();
    expect(world.state.lateTicks.size).toBe(0);
  });

  it('of somebody else is paid', () => {
    const world = paid();
    const free = world.free(ADA);
    world.refuse('verifier_only', ADA, 'TICK', {}, { envelopes: [] });
    expect(free - world.free(ADA)).toBe(feeOf(world));
  });

  it('of the authority is free in the same way while there are no verifiers', () => {
    const world = new World({ params: LOG_FEES, verifiers: [] });
    const free = world.free(AUTHORITY);
    world.refuse('tick_empty', AUTHORITY, 'TICK', {}, { envelopes: [] });
    expect(free - world.free(AUTHORITY)).toBe(0);
    world.refuse('tick_empty', AUTHORITY, 'TICK', {}, { envelopes: [] });
    expect(free - world.free(AUTHORITY)).toBe(feeOf(world));
  });
});

describe('a need', () => {
  it('sets the log fund aside, pays for its duties of it, and gives back the rest', () => {
    const world = paid();
    const before = world.free(REQUESTER);
    const story = new Story(world);
    const fund = logFund(world.state.params);
    const own = feeOf(world);
    expect(before - world.free(REQUESTER)).toBe(PRICE_CAP + 15 * SEAT_FEE + fund + own);
    story.hire([ADA]);
    const spent = [feeOf(world)];
    const worker = world.free(ADA);
    story.deliver();
    spent.push(feeOf(world));
    expect(world.free(ADA)).toBe(worker);
    story.judge('pass');
    spent.push(feeOf(world));
    story.toWindowEnd().finalize(BYSTANDER);
    spent.push(feeOf(world));
    const all = spent.reduce((sum, fee) => sum + fee, 0);
    story.settle();
    const { params } = world.state;
    expect(before - world.free(REQUESTER)).toBe(4 * CREDIT + 11 * SEAT_FEE + all + own);
    expect(fund).toBe(params.logDuties * (params.logFeeBase + params.logFeePerByte * params.logDutyBytes));
  });

  it('is refused when the fund lacks', () => {
    const world = paid();
    const { params } = world.state;
    const fee = logFee(params, world.entry(REQUESTER, 'NEED', needBody()).bytes.length);
    drain(world, REQUESTER, PRICE_CAP + 15 * SEAT_FEE + logFund(params) + fee - 1);
    world.refuse('funds_lacking', REQUESTER, 'NEED', needBody());
  });

  it('pays no more than its fund, and the sender the rest or nothing happens', () => {
    const world = paid({ logDuties: 1, logDutyBytes: 1024 });
    const story = new Story(world).toPlanVotes();
    const bid = story.bid(ADA, CREDIT);
    const shown = [...story.planVotes([bid]), bid];
    drain(world, BYSTANDER, 500);
    expect(story.decide(shown, BYSTANDER).outcome).toMatchObject({ code: 'fee_lacking' });
    expect([world.free(BYSTANDER), story.need.phase, story.need.logPool]).toEqual([
      0,
      'bidding',
      logFund(world.state.params),
    ]);
    const free = world.free(BOB);
    expect(story.decide(shown, BOB).outcome.accepted).toBe(true);
    expect([free - world.free(BOB), story.need.logPool]).toEqual([feeOf(world) - logFund(world.state.params), 0]);
  });
});
