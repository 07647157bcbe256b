import { presetParams, signCredential } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { poolOf } from '../../src/pool.ts';
import { burnOf, identityOf, pointsOf, standingBps } from '../../src/reputation.ts';
import { accuse, missingCitation } from '../support/accusation.ts';
import { LYING } from '../support/documents.ts';
import { agent } from '../support/keys.ts';
import { net, Story } from '../support/story.ts';
import { ADA, AUTHORITY, BOB, BYSTANDER, CREDIT, CYD, REQUESTER, World, type WorldOptions } from '../world.ts';

const PRICE = 4 * CREDIT;
const BURNED = PRICE - net(PRICE);
const DOMAIN = 'work/documents';

/** What a key has in the class of the stories' needs. */
const worth = (world: World, who: { did: Parameters<typeof identityOf>[1] }): number =>
  pointsOf(world.state, DOMAIN, identityOf(world.state, who.did));
const finished = (world: World, workers = [ADA], by = REQUESTER): Story =>
  new Story(world, undefined, by).hire(workers).deliver().judge('pass').settle();

describe('reputation', () => {
  it('is half of what was burned for the worker, the other half in equal parts for the seats', () => {
    const world = new World();
    const story = new Story(world).hire([ADA]).deliver().judge('pass');
    const seats = story.seats(story.jury).map(({ did }) => identityOf(world.state, did));
    story.settle();
    expect(worth(world, ADA)).toBe(BURNED / 2);
    expect(seats.map((identity) => pointsOf(world.state, 'judge', identity))).toEqual(seats.map(() => BURNED / 10));
    expect(world.events('posting').filter(({ code }) => code === 'reputation_burned')).toMatchObject([
      { debit: `free/${ADA.did}`, credit: 'burn', amount: BURNED },
    ]);
  });

  it('is as much for seats that were right to fail a result, and nothing where nobody could tell', () => {
    for (const [verdict, each] of [
      ['fail', BURNED / 10],
      ['undecidable', undefined],
    ] as const) {
      const world = new World();
      new Story(world).hire([ADA]).deliver().judge(verdict).settle(1000);
      const earned = world.events('reputation_earned');
      expect(earned.every(({ domain, amount }) => domain === 'judge' && amount === each)).toBe(true);
      expect(earned).toHaveLength(each === undefined ? 0 : 5);
    }
  });

  it('is halved each time that a pair meets again, and whole for another pair', () => {
    const world = new World();
    for (let again = 0; again < 3; again += 1) finished(world);
    finished(world, [BOB]);
    const amounts = world.events('reputation_earned').filter(({ domain }) => domain === DOMAIN);
    expect(amounts.map(({ amount }) => amount)).toEqual([BURNED / 2, BURNED / 4, BURNED / 8, BURNED / 2]);
  });

  it('is nothing where requester and worker are one organisation', () => {
    const world = new World();
    const claims = { org: 'work-ada', asn: 1, region: 'mid' };
    const credential = signCredential(claims, REQUESTER.did, world.state.network, AUTHORITY);
    world.accept(REQUESTER, 'JOIN', { tip: new Uint8Array(32), length: 1, credential });
    finished(world);
    expect(worth(world, ADA)).toBe(0);
    expect(world.events('reputation_earned').some(({ domain }) => domain === DOMAIN)).toBe(false);
  });

  it('is lost by half where a lease expires or a result fails, and not by yielding', () => {
    const world = new World();
    finished(world);
    const before = worth(world, ADA);
    const yielded = new Story(world).hire([ADA]);
    world.accept(ADA, 'YIELD', { ...yielded.held(), reason: '' });
    expect(worth(world, ADA)).toBe(before);
    new Story(world).hire([ADA]);
    world.tickUntil(() => world.events('lease_lost').some(({ reason }) => reason === 'expired'), 250);
    expect(worth(world, ADA)).toBe(before / 2);
    new Story(world).hire([ADA]).deliver().judge('fail');
    expect(worth(world, ADA)).toBe(before / 4);
    expect(world.events('reputation_lost').map(({ reason }) => reason)).toEqual(['expired', 'failed']);
  });

  it('is lost altogether by who is slashed', () => {
    const world = new World();
    for (let round = 0; round < 6; round += 1) finished(world);
    const story = new Story(world).hire([ADA]).deliver(LYING).judge('pass');
    const seats = story.seats(story.jury).map(({ did }) => identityOf(world.state, did));
    expect(seats.some((identity) => pointsOf(world.state, 'judge', identity) > 0)).toBe(true);
    accuse(world, BYSTANDER, story.commit.id, missingCitation(story));
    expect(seats.map((identity) => pointsOf(world.state, 'judge', identity))).toEqual(seats.map(() => 0));
  });

  it('fades by half each period, the same in one step or in many, until it is forgotten', () => {
    const left = [1, 4].map((steps) => {
      const world = new World({ params: { reputationPeriodMs: 60_000 } });
      finished(world);
      const until = (Math.floor(world.state.time / 60_000) + 4) * 60_000;
      const all = world.verifiers.map(({ who }) => who);
      const step = Math.ceil((until - world.now) / steps);
      for (let count = 0; count < steps; count += 1) world.tick(step, { reporters: all });
      const points = worth(world, ADA);
      for (let count = 0; count < 60; count += 1) world.tick(60_000, { reporters: all });
      const periods = world.events('reputation_decayed').map((event) => event.periods);
      expect(periods.slice(0, steps)).toEqual(steps === 1 ? [4] : [1, 1, 1, 1]);
      expect([world.state.reputation.size, world.state.pairs.size]).toEqual([0, 0]);
      return points;
    });
    expect(left).toEqual([BURNED / 32, BURNED / 32]);
  });
});

describe('standing', () => {
  it('starts at the floor, is halfway up with the scale, and never above the top', () => {
    const params = presetParams('dev');
    expect(standingBps(params, 0)).toBe(5000);
    expect(standingBps(params, params.reputationScale)).toBe(7500);
    expect(standingBps(params, 2 ** 52)).toBe(9999);
  });

  it('burns up to the next micro, of the planner’s share too', () => {
    expect(burnOf(presetParams('dev'), { price: 102, workerPrice: 51 })).toEqual({ worker: 2, planner: 2, all: 4 });
    expect(burnOf(presetParams('dev'), { price: 0, workerPrice: 0 }).all).toBe(0);
  });

  it('weighs in draws, and so does silence', () => {
    const world = new World();
    const weight = (entity: string): number =>
      poolOf(world.state).entities.find((one) => one.entity === entity)?.weight ?? 0;
    world.state.accounts.set('burn', 100_000);
    world.state.reputation.set('judge', new Map([['org:o5', 100_000]]));
    expect(weight('org:o5') / weight('org:o6')).toBeCloseTo(1.5, 3);
    const silent = world.state.members.get(agent('v6').did);
    if (silent === undefined) throw new Error('v6 is a verifier');
    silent.silences = 2;
    world.state.pool = null;
    expect(weight('org:o6') * 3).toBeCloseTo(weight('org:o7'), -1);
  });
});

describe('silence', () => {
  it('is halved as reputation is, in however many steps log time moves', () => {
    const world = new World({ params: { reputationPeriodMs: 60_000, silencesPerEpoch: 12 } });
    const member = world.state.members.get(agent('v6').did);
    if (member === undefined) throw new Error('v6 is a verifier');
    member.silences = 7;
    const periods = (): number => Math.floor(world.state.time / 60_000);
    const first = periods();
    world.tickUntil(() => periods() > first, 5000);
    expect(member.silences).toBe(3);
    world.tickUntil(() => periods() > first + 1, 5000);
    expect(member.silences).toBe(1);
  });
});

describe('a need that scores by reputation', () => {
  const scoring = { priceBps: 2000, etaBps: 0, reputationBps: 8000 };
  const options: WorldOptions = {};

  it('takes the worker that stands better though it is dearer, by what stood when the round opened', () => {
    const world = new World(options);
    for (const by of [REQUESTER, BYSTANDER]) finished(world, [ADA], by);
    const story = new Story(world, { scoring }).toPlanVotes();
    expect(story.need.standings?.size).toBe(1);
    const [dear, cheap] = [story.bid(ADA, 5 * CREDIT), story.bid(CYD, 4 * CREDIT)];
    world.state.reputation.delete(DOMAIN);
    const { outcome } = story.decide([...story.planVotes([cheap, dear]), dear, cheap]);
    expect(outcome).toMatchObject({ accepted: false, code: 'winner_outscored' });
    expect(story.decide([...story.planVotes([dear, cheap]), dear, cheap]).outcome.accepted).toBe(true);
    expect(story.lease.bid.worker).toBe(ADA.did);
    expect(story.need.standings).toBeNull();
  });
});
