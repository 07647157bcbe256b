import { describe, expect, it } from 'vitest';
import { type KnownOffer, type UnbidFacts, whyUnbid } from '../../src/need/why-unbid.ts';

const offer = (agent: string, more: Partial<KnownOffer> = {}): KnownOffer => ({
  did: `did:key:${agent}`,
  agent,
  org: 'globex',
  price: 500_000,
  free: 10_000_000,
  presence: 'here',
  ...more,
});

const facts = (more: Partial<UnbidFacts>): UnbidFacts => ({
  skill: 'word-count',
  priceCap: 1_000_000,
  bidMs: 300,
  capSealed: false,
  isHired: true,
  org: 'acme',
  bond: 800_000,
  funds: 810_000,
  offers: [offer('counter')],
  skills: ['word-count', 'brief'],
  peers: 1,
  ...more,
});

describe('why nobody bids', () => {
  it('nobody known has the skill, or it is written in another way', () => {
    expect(whyUnbid(facts({ skill: 'wrod-count', offers: [] }))).toEqual([
      { code: 'skill_unknown', skill: 'wrod-count', near: 'word-count', peers: 1 },
    ]);
    expect(whyUnbid(facts({ skill: 'translate', offers: [], peers: 0 }))).toEqual([
      { code: 'skill_unknown', skill: 'translate', near: null, peers: 0 },
    ]);
  });

  it('only the own organisation has it', () => {
    const own = [offer('a', { org: 'acme' }), offer('b', { org: 'acme' })];
    expect(whyUnbid(facts({ offers: own }))).toEqual([
      { code: 'own_only', skill: 'word-count', org: 'acme', agents: ['a', 'b'] },
    ]);
  });

  it('who has it works through a node that does not run', () => {
    const offers = [offer('a', { org: 'acme' }), offer('b', { presence: { stopped: 'globex' } })];
    const stopped = { code: 'node_stopped', node: 'globex', agent: 'b', org: 'globex' };
    expect(whyUnbid(facts({ offers }))).toEqual([stopped]);
    const dear = offer('c', { price: 2_000_000, org: 'initech' });
    expect(whyUnbid(facts({ offers: [...offers, dear] }))).toMatchObject([{ code: 'price_low' }, stopped]);
  });

  it('a requester without an organisation has no own agents', () => {
    expect(whyUnbid(facts({ org: null, offers: [offer('a', { org: null })] }))).toEqual([
      { code: 'unvouched', agent: 'a', did: 'did:key:a' },
    ]);
  });

  it('every price is above the cap: the least one, and a budget that is enough', () => {
    const dear = [offer('a', { price: 2_000_001 }), offer('b', { price: 1_500_001 })];
    const [why] = whyUnbid(facts({ offers: dear }));
    expect(why).toEqual({
      code: 'price_low',
      priceCap: 1_000_000,
      least: 1_500_001,
      agent: 'b',
      org: 'globex',
      budget: 2_250_002,
    });
    expect(whyUnbid(facts({ offers: dear, isHired: false }))).toMatchObject([{ code: 'price_low', budget: null }]);
  });

  it.each([1, 2, 3, 500_000, 1_500_001, 999_999_999_999])(
    'a budget leaves %i for the work after the seats',
    (price) => {
      const [why] = whyUnbid(facts({ priceCap: price - 1, offers: [offer('a', { price })] }));
      const budget = why?.code === 'price_low' ? (why.budget ?? 0) : 0;
      for (const seats of [3, 15, 39])
        expect(budget - Math.floor(budget / 3 / seats) * seats).toBeGreaterThanOrEqual(price);
    },
  );

  it('who would do it has not enough free for bond and log space: who lacks least', () => {
    const poor = [offer('a', { free: 1 }), offer('b', { free: 809_999 })];
    expect(whyUnbid(facts({ offers: poor }))).toEqual([
      { code: 'bond_short', bond: 800_000, funds: 810_000, agent: 'b', org: 'globex', did: 'did:key:b', free: 809_999 },
    ]);
  });

  it('the process is away, or has enough to do', () => {
    const gone = [offer('a', { presence: 'away' }), offer('b', { presence: 'busy' })];
    expect(whyUnbid(facts({ offers: gone }))).toEqual([
      { code: 'away', agent: 'a', org: 'globex' },
      { code: 'busy', agent: 'b', org: 'globex' },
    ]);
  });

  it('tells each kind of cause once, what the requester can change first', () => {
    const mixed = [
      offer('a', { free: 0 }),
      offer('b', { org: null }),
      offer('c', { price: 3_000_000 }),
      offer('d', { price: 2_000_000 }),
      offer('own', { org: 'acme' }),
    ];
    expect(whyUnbid(facts({ offers: mixed })).map(({ code }) => code)).toEqual([
      'price_low',
      'bond_short',
      'unvouched',
    ]);
  });

  it('who could have bid did not while bids were taken', () => {
    expect(whyUnbid(facts({ offers: [offer('a'), offer('b', { free: 0 }), offer('c', { price: null })] }))).toEqual([
      { code: 'window_missed', bidMs: 300, agents: ['a', 'c'], capSealed: false },
    ]);
  });

  it('an offer at the very cap with the very funds is one', () => {
    const exact = offer('a', { price: 1_000_000, free: 810_000 });
    expect(whyUnbid(facts({ offers: [exact] }))).toMatchObject([{ code: 'window_missed' }]);
  });
});
