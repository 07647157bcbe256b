import { expect } from 'vitest';
import { RANDOM_BELOW_MAX, RANDOM_BYTES_MAX, type Random } from '../random.ts';
import { hex } from './fixtures.ts';
import { type Check, registerSuite, type World } from './suite.ts';

export interface RandomHarness extends World {
  readonly random: Random;
  /** Makes a source with the same seed, or is null for a source without a seed. */
  readonly again: (() => Random) | null;
}

function draw(random: Random, name: string, count: number): string {
  const stream = random.stream(name);
  return Array.from({ length: count }, () => `${stream.below(1000)},${hex(stream.bytes(5))}`).join(' ');
}

export const randomChecks: readonly Check<RandomHarness>[] = [
  {
    name: 'below gives integers in range and reaches all of a small one',
    run: async ({ random }) => {
      const stream = random.stream('range');
      const seen = new Set<number>();
      for (let i = 0; i < 500; i += 1) {
        seen.add(stream.below(7));
        const wide = stream.below(RANDOM_BELOW_MAX);
        expect(Number.isSafeInteger(wide) && wide >= 0 && wide < RANDOM_BELOW_MAX).toBe(true);
      }
      expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
      expect(stream.below(1)).toBe(0);
    },
  },
  {
    // Three quarters of the 48-bit range: taking values modulo it would hit its lower third twice as often as the rest.
    name: 'below is without modulo bias',
    run: async ({ random }) => {
      const stream = random.stream('bias');
      const limit = 3 * 2 ** 46;
      let low = 0;
      for (let i = 0; i < 6000; i += 1) {
        if (stream.below(limit) < 2 ** 46) low += 1;
      }
      expect(low).toBeGreaterThan(1700);
      expect(low).toBeLessThan(2300);
    },
  },
  {
    name: "bytes gives as many as asked, different each time, the caller's own",
    run: async ({ random }) => {
      const stream = random.stream('bytes');
      expect(stream.bytes(0)).toHaveLength(0);
      const first = stream.bytes(32);
      const text = hex(first);
      const second = stream.bytes(32);
      expect(hex(first)).toBe(text);
      expect(hex(second)).not.toBe(text);
      const big = stream.bytes(RANDOM_BYTES_MAX);
      expect(big).toHaveLength(RANDOM_BYTES_MAX);
      expect(new Set(big).size).toBe(256);
    },
  },
  {
    name: 'streams of different names differ, and a name goes on where it was',
    run: async ({ random }) => {
      const texts = ['a', 'b', '', 'a\u0000', 'ab'].map((name) => hex(random.stream(name).bytes(16)));
      texts.push(hex(random.stream('a').bytes(16)));
      expect(new Set(texts).size).toBe(texts.length);
    },
  },
  {
    name: 'the same seed gives the same values, whatever other streams draw',
    lacks: ({ again }) => (again === null ? 'this source has no seed' : null),
    run: async ({ random, again }) => {
      const other = again?.() ?? random;
      draw(other, 'noise', 3);
      const first = draw(random, 'x', 2);
      expect(draw(other, 'x', 1)).toBe(first.split(' ')[0]);
      draw(other, 'noise', 3);
      expect(draw(other, 'x', 1)).toBe(first.split(' ')[1]);
    },
  },
  {
    name: 'refuses limits and lengths out of range',
    run: async ({ random }) => {
      const stream = random.stream('limits');
      for (const limit of [0, -1, 1.5, Number.NaN, RANDOM_BELOW_MAX + 1]) {
        expect(() => stream.below(limit)).toThrow(RangeError);
      }
      for (const length of [-1, 1.5, Number.NaN, RANDOM_BYTES_MAX + 1]) {
        expect(() => stream.bytes(length)).toThrow(RangeError);
      }
    },
  },
];

/** What every `Random` must do. */
export function randomCompliance(name: string, make: () => RandomHarness | Promise<RandomHarness>): void {
  registerSuite(`${name} is a Random`, randomChecks, make);
}
