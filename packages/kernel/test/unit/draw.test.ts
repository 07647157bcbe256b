import type { Did } from '@canswarm/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { committeeSize, type DrawRequest, drawSeats, largestCommittee } from '../../src/draw.ts';
import { hashParts } from '../../src/hashing.ts';
import { keyWeights, poolOf } from '../../src/pool.ts';
import type { Pool, PoolEntity } from '../../src/state.ts';
import { agent, sha256 } from '../support/keys.ts';
import { CREDIT, verifiersOf, World } from '../world.ts';

const did = (index: number): Did => agent(`v${index}`).did;

function entity(index: number, own: Partial<PoolEntity> = {}): PoolEntity {
  const keys = [{ did: did(index), stake: 100 }];
  return { entity: `org:${index}`, asn: index, region: `r${index % 4}`, weight: 10, keys, ...own };
}

const poolWith = (entities: readonly PoolEntity[]): Pool => ({ active: entities.length, entities });
const seedOf = (index: number): Uint8Array => hashParts(sha256, 'test', [index]);

const request = (pool: Pool, index: number, own: Partial<DrawRequest> = {}): DrawRequest => ({
  pool,
  barred: new Set(),
  seated: [],
  seats: 5,
  caps: { asn: 2, region: 2 },
  seed: seedOf(index),
  reserve: 50,
  freeStake: () => 100,
  ...own,
});

describe('drawSeats', () => {
  const entities = fc.array(
    fc.record({
      weight: fc.integer({ min: 1, max: 1000 }),
      asn: fc.nat(5),
      region: fc.constantFrom('a', 'b', 'c', 'd'),
    }),
    { minLength: 1, maxLength: 24 },
  );

  it('seats distinct entities within caps, or nobody, and the same for the same seed', () => {
    fc.assert(
      fc.property(entities, fc.nat(1000), fc.integer({ min: 1, max: 9 }), fc.nat(3), (places, seed, seats, barred) => {
        const pool = poolWith(places.map((place, index) => entity(index, place)));
        const cap = Math.ceil(seats / 3);
        const out = new Set(pool.entities.slice(0, barred).map((entry) => entry.entity));
        const own = { seats, caps: { asn: cap, region: cap }, barred: out };
        const drawn = drawSeats(request(pool, seed, own), sha256);
        expect(drawSeats(request(pool, seed, own), sha256)).toEqual(drawn);
        if (drawn === null) return;
        expect(drawn).toHaveLength(seats);
        expect(new Set(drawn.map((seat) => seat.entity)).size).toBe(seats);
        expect(drawn.some((seat) => out.has(seat.entity))).toBe(false);
        for (const field of ['asn', 'region'] as const) {
          for (const seat of drawn) {
            expect(drawn.filter((other) => other[field] === seat[field]).length).toBeLessThanOrEqual(cap);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('counts the seats that are held to the caps', () => {
    const pool = poolWith(
      Array.from({ length: 6 }, (_, index) => entity(index, { region: index < 3 ? 'full' : 'free' })),
    );
    const held = [0, 1].map((index) => ({ entity: `org:held${index}`, asn: 90 + index, region: 'full' }));
    for (let seed = 0; seed < 50; seed += 1) {
      const drawn = drawSeats(request(pool, seed, { seats: 2, seated: held }), sha256);
      expect(drawn?.every((seat) => seat.region === 'free')).toBe(true);
    }
  });

  it('seats a key only if its free stake covers the reserve', () => {
    const keys = [did(0), did(1)].map((key) => ({ did: key, stake: 100 }));
    const pool = poolWith([entity(0, { keys }), entity(2), entity(3)]);
    const freeStake = (key: Did): number => (key === did(1) || key === did(2) ? 50 : 49);
    for (let seed = 0; seed < 20; seed += 1) {
      const drawn = drawSeats(request(pool, seed, { seats: 2, freeStake }), sha256);
      expect(drawn?.map((seat) => seat.did).sort()).toEqual([did(1), did(2)].sort());
    }
    expect(drawSeats(request(pool, 0, { seats: 3, freeStake }), sha256)).toBe(null);
  });

  it('draws by weight, and keys of an entity by stake', () => {
    const keys = [
      { did: did(10), stake: 300 },
      { did: did(11), stake: 100 },
    ];
    const pool = poolWith([entity(0, { weight: 30, keys }), entity(1, { weight: 20 }), entity(2, { weight: 10 })]);
    const counts = new Map<string, number>();
    const rounds = 3000;
    for (let seed = 0; seed < rounds; seed += 1) {
      for (const seat of drawSeats(request(pool, seed, { seats: 1 }), sha256) ?? []) {
        counts.set(seat.entity, (counts.get(seat.entity) ?? 0) + 1);
        if (seat.entity === 'org:0') counts.set(seat.did, (counts.get(seat.did) ?? 0) + 1);
      }
    }
    const share = (name: string): number => (counts.get(name) ?? 0) / rounds;
    expect(share('org:0')).toBeCloseTo(1 / 2, 1);
    expect(share('org:1')).toBeCloseTo(1 / 3, 1);
    expect(share('org:2')).toBeCloseTo(1 / 6, 1);
    expect(share(did(10)) / share('org:0')).toBeCloseTo(3 / 4, 1);
  });
});

describe('committeeSize', () => {
  const sizeOf = (eligible: number, level: number, kTarget = 3, active = 100, bootstrap = false) =>
    committeeSize(new World({ params: { kTarget } }).state, { active, entities: [] }, { eligible, level, bootstrap });

  it('waits below seven eligible entities', () => {
    expect(sizeOf(6, 1)).toBe(null);
    expect(sizeOf(7, 1)).toEqual({ k: 3, n: 5, relaxed: false });
  });

  it('takes who is there in bootstrap, and says so', () => {
    const sizes = [0, 1, 2, 3, 4, 5, 6, 7].map((eligible) => sizeOf(eligible, 1, 3, eligible, true));
    expect(sizes.map((size) => size?.k)).toEqual([undefined, 1, 1, 1, 1, 2, 2, 3]);
    expect(sizes.map((size) => size?.relaxed)).toEqual([undefined, true, true, true, true, true, true, false]);
  });

  it('waits for all verifiers that a network needs which began in bootstrap', () => {
    const { state } = new World({ params: { bootstrapVerifiers: 10 } });
    const about = { eligible: 9, level: 1, bootstrap: false };
    expect(committeeSize(state, { active: 9, entities: [] }, about)).toBe(null);
    expect(committeeSize(state, { active: 10, entities: [] }, about)?.k).toBe(3);
  });

  it('grows by two with each judged attempt, up to half of those eligible', () => {
    expect([1, 2, 3].map((level) => sizeOf(20, level)?.k)).toEqual([3, 5, 7]);
    expect([1, 2, 3].map((level) => sizeOf(12, level)?.k)).toEqual([3, 5, 5]);
  });

  it('is a share of the active verifiers between 3 and the target', () => {
    expect([5, 14, 20, 100].map((active) => sizeOf(50, 1, 7, active)?.k)).toEqual([3, 4, 6, 7]);
  });

  it('is never larger than what fees are kept for', () => {
    for (let eligible = 7; eligible < 60; eligible += 1) {
      for (const level of [1, 2, 3]) {
        for (const kTarget of [3, 7]) {
          const size = sizeOf(eligible, level, kTarget);
          expect(size?.n).toBeLessThanOrEqual(largestCommittee(kTarget, level));
          expect(size?.n).toBeLessThanOrEqual(eligible - 2);
        }
      }
    }
  });
});

describe('weights', () => {
  const weightsOf = (stakes: readonly number[]): readonly number[] => {
    const verifiers = verifiersOf(stakes.length, stakes.length).map((one, index) => ({
      ...one,
      stake: stakes[index] ?? 0,
    }));
    const { entities } = poolOf(new World({ verifiers, supplyCap: 2 ** 53 - 1 }).state);
    const byDid = new Map(entities.map((entry) => [entry.keys[0]?.did, entry.weight]));
    return verifiers.map(({ who }) => byDid.get(who.did) ?? 0);
  };

  it('are square roots of stakes, and none above a quarter of all', () => {
    expect(weightsOf([100, 400, 900, 901, 899])).toEqual([50_000, 100_000, 147_500, 147_500, 145_000]);
  });

  it('of one entity are at most a quarter of all that is left after the cap', () => {
    const stake = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1e12 }));
    fc.assert(
      fc.property(fc.array(stake, { minLength: 1, maxLength: 12 }), (stakes) => {
        const weights = weightsOf(stakes);
        const all = weights.reduce((sum, weight) => sum + weight, 0);
        expect(Math.min(...weights)).toBeGreaterThan(0);
        if (stakes.length >= 4) expect(Math.max(...weights) * 4).toBeLessThanOrEqual(all);
        else expect(new Set(weights).size).toBe(1);
      }),
      { numRuns: 100 },
    );
  });

  it('of the keys of an entity add up to its own', () => {
    const stakes = fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(stakes, fc.integer({ min: 1, max: 1e6 }), (list, weight) => {
        const keys = list.map((stake, index) => ({ did: did(index), stake }));
        const parts = keyWeights(entity(0, { weight, keys }));
        expect(parts.reduce((sum, part) => sum + part.weight, 0)).toBe(weight);
        expect(parts.every((part) => part.weight >= 0)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('leave out keys without stake, without chain and inactive ones', () => {
    const world = new World();
    const [first, second, third] = world.verifiers;
    if (first === undefined || second === undefined || third === undefined) throw new Error('there are verifiers');
    const member = world.state.members.get(first.who.did);
    const other = world.state.members.get(second.who.did);
    if (member !== undefined) member.active = false;
    if (other !== undefined) other.tip = null;
    world.state.accounts.delete(`stake/${third.who.did}`);
    const dids = poolOf(world.state).entities.flatMap((entry) => entry.keys.map((key) => key.did));
    expect(dids).toHaveLength(13);
    for (const { who } of [first, second, third]) expect(dids).not.toContain(who.did);
    expect(CREDIT).toBeGreaterThan(0);
  });
});
