/** Chance that comes out the same for one seed (mulberry32): good enough to choose places, for nothing else. */
export class SeededChance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to `below` - 1. */
  below(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }

  /** One of some. Throws for none. */
  of<T>(some: readonly T[]): T {
    const one = some[this.below(some.length)];
    if (one === undefined) throw new RangeError('there is nothing to choose from');
    return one;
  }
}

/** Numbers from a seed, the same ones each time: [0, below). */
export type Draw = (below: number) => number;

export function seeded(seed: number): Draw {
  const chance = new SeededChance(seed);
  return (below) => chance.below(below);
}

/** One of a list; undefined of an empty one. */
export const pick = <T>(draw: Draw, items: readonly T[]): T | undefined => items[draw(Math.max(1, items.length))];
