import { RANDOM_NAMES_MAX } from '@canswarm/ports';
import { toHex } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../src/index.ts';
import { sha256 } from './world.ts';

describe('seededRandom', () => {
  it('gives the values it always gave, so that recorded seeds stay reproductions', () => {
    const stream = seededRandom(Uint8Array.of(7), sha256).stream('golden');
    expect(toHex(stream.bytes(8))).toBe('8f1478dd072ebc25');
    expect([stream.below(1000), stream.below(2 ** 48), stream.below(6)]).toEqual([103, 126829478262956, 3]);
  });

  it('gives other values for another seed', () => {
    const seeds = [Uint8Array.of(), Uint8Array.of(0), Uint8Array.of(0, 0), Uint8Array.of(1)];
    const values = seeds.map((seed) => toHex(seededRandom(seed, sha256).stream('a').bytes(16)));
    expect(new Set(values).size).toBe(seeds.length);
  });

  it('keeps a bounded number of streams', () => {
    const random = seededRandom(Uint8Array.of(1), sha256);
    for (let i = 0; i < RANDOM_NAMES_MAX; i += 1) random.stream(`${i}`);
    expect(() => random.stream('one more')).toThrow(RangeError);
    expect(random.stream('0').bytes(1)).toHaveLength(1);
  });
});
