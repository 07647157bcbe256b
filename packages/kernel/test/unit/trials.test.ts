import { describe, expect, it } from 'vitest';
import { accuse, falseDigest } from '../support/accusation.ts';
import { agent } from '../support/keys.ts';
import { net, SEAT_FEE, Story } from '../support/story.ts';
import { ADA, BOB, BYSTANDER, CREDIT, REQUESTER, verifiersOf, World } from '../world.ts';

/** A key that owns nothing and that nobody vouches for. */
const NEW = agent('stranger');
const PRICE = CREDIT / 2;
const PRICE_CAP = CREDIT;
const FUND = 5 * CREDIT;
const trial = { trial: 'funded', priceCap: PRICE_CAP } as const;
const sponsored = { trial: 'sponsored', priceCap: 4 * SEAT_FEE } as const;

const funded = (): World => new World({ params: { trialFund: FUND } });
const withheld = (world: World, who = NEW): number => world.balance(`trial/${who.did}`);

describe('a trial', () => {
  it('lets a key without anything earn, withholds half until it takes a task with a bond', () => {
    const world = new World();
    const story = new Story(world, trial).hire([NEW], PRICE);
    expect(world.balance(`bond/work/${story.id}/${NEW.did}`)).toBe(0);
    story.deliver().judge('pass').settle();
    expect([world.free(NEW), withheld(world)]).toEqual([net(PRICE) / 2, net(PRICE) / 2]);
    expect(world.events('reputation_earned')).toMatchObject([{ identity: NEW.did, domain: 'work/documents' }]);
    const next = new Story(world, { priceCap: CREDIT }).hire([NEW], PRICE);
    const bond = world.balance(`bond/work/${next.id}/${NEW.did}`);
    expect(bond).toBeGreaterThan(0);
    expect([world.free(NEW), withheld(world)]).toEqual([net(PRICE) - bond, 0]);
  });

  it('is small', () => {
    const world = new World();
    const { body } = new Story(world, trial).need;
    world.refuse('trial_over_cap', REQUESTER, 'NEED', { ...body, priceCap: PRICE_CAP + 1 });
  });

  it('is another’s, and an identity takes few', () => {
    const world = new World();
    for (let count = 0; count < 2; count += 1)
      new Story(world, trial).hire([NEW], PRICE).deliver().judge('pass').settle();
    const story = new Story(world, trial).hire([NEW, BOB], PRICE);
    expect(story.lease.bid.worker).toBe(BOB.did);
    world.accept(BOB, 'YIELD', { ...story.held(), reason: '' });
    const claim = { need: story.id, task: 'main', attempt: 2, ttlMs: 5000, cost: PRICE, etaMs: 1000 };
    world.refuse('trials_spent', NEW, 'CLAIM', claim);
    world.refuse('trials_spent', REQUESTER, 'CLAIM', claim);
    world.accept(ADA, 'CLAIM', claim);
  });

  it('is judged once, and its seats earn their fee but no reputation', () => {
    const world = new World();
    const story = new Story(world, trial).hire([NEW, BOB], PRICE).deliver().judge('fail');
    expect(story.need.status).toBe('expired');
    story.settle();
    expect(world.events('reputation_earned')).toEqual([]);
    expect(world.free(REQUESTER)).toBe(
      1000 * CREDIT - 11 * SEAT_FEE - world.events('posting').filter(isLogFeeOfNeed).reduce(sum, 0),
    );
  });

  it('is the last for a while of an identity that fails or leaves one', () => {
    for (const end of ['fail', 'leave'] as const) {
      const world = new World();
      const story = new Story(world, trial).hire([NEW], PRICE);
      if (end === 'fail') story.deliver().judge('fail');
      else world.tickUntil(() => story.need.phase === 'ready', 500);
      expect(new Story(world, trial).hire([NEW, BOB], PRICE).lease.bid.worker).toBe(BOB.did);
    }
  });

  it('counts as one where its worker yields it', () => {
    const world = new World();
    const story = new Story(world, trial).hire([BOB], PRICE);
    world.accept(BOB, 'YIELD', { ...story.held(), reason: '' });
    expect(new Story(world, trial).hire([BOB], PRICE).lease.bid.worker).toBe(BOB.did);
  });

  it('takes no bid of a planner', () => {
    const story = new Story(new World(), trial).toPlanVotes();
    const bids = story.plannedBid(BYSTANDER, ADA, PRICE, PRICE + 5).toReversed();
    const { outcome } = story.decide([...story.planVotes(bids.slice(0, 1)), ...bids]);
    expect(outcome).toMatchObject({ accepted: false, code: 'bid_unfit' });
  });

  it('rewards nobody for striking a seat', () => {
    const world = new World();
    const story = new Story(world, trial).hire([NEW], PRICE).deliver().toJudging();
    const votes = story.votes('pass');
    story.certify(votes);
    const [vote] = votes;
    if (vote === undefined) throw new Error('a jury has seats');
    accuse(world, BYSTANDER, story.commit.id, falseDigest(story, vote, 0));
    expect(world.events('slashed')).toHaveLength(1);
    expect(world.events('posting').some(({ code }) => code === 'slash_shared')).toBe(false);
  });
});

const isLogFeeOfNeed = ({ code, debit }: { code: string; debit: string }): boolean =>
  code === 'log_fee' && (debit.startsWith('escrow/') || debit === `free/${REQUESTER.did}`);
const sum = (all: number, { amount }: { amount: number }): number => all + amount;

describe('a sponsored trial', () => {
  it('is paid by the fund, and what it does not cost goes back there', () => {
    const world = funded();
    const price = 3 * SEAT_FEE;
    const story = new Story(world, sponsored).hire([NEW], price);
    expect(world.balance('fund/trials')).toBe(FUND - 4 * SEAT_FEE);
    story.deliver().judge('pass').settle();
    expect(world.balance('fund/trials')).toBe(FUND - price);
    expect(world.free(NEW) + withheld(world)).toBe(net(price));
    new Story(world, sponsored).settle(1000);
    expect(world.balance('fund/trials')).toBe(FUND - price);
  });

  it('costs its requester in seat fees what it costs the fund', () => {
    const world = funded();
    const { body } = new Story(world, sponsored).need;
    world.refuse('trial_over_cap', REQUESTER, 'NEED', { ...body, priceCap: 4 * SEAT_FEE + 1 });
  });

  it('needs a fund that covers it, and is none in bootstrap', () => {
    const { body } = new Story(funded(), sponsored).need;
    new World().refuse('fund_lacking', REQUESTER, 'NEED', body);
    const young = new World({ verifiers: verifiersOf(8, 8), params: { bootstrapVerifiers: 9, trialFund: FUND } });
    young.refuse('fund_lacking', REQUESTER, 'NEED', body);
  });

  it('is one of few that a requester has open', () => {
    const world = funded();
    const stories = [0, 1].map(() => new Story(world, sponsored));
    const { body } = stories[0]?.need ?? { body: null as never };
    world.refuse('too_many_open', REQUESTER, 'NEED', body);
    new Story(world, sponsored, BYSTANDER);
  });
});
