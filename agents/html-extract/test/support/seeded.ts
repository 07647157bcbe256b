/** Numbers from a seed, the same ones each time: [0, below). */
export type Draw = (below: number) => number;

/** A small generator (xorshift32) for choosing places; nothing rests on its quality. */
export function seeded(seed: number): Draw {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

/** One of a list; undefined of an empty one. */
export const pick = <T>(draw: Draw, items: readonly T[]): T | undefined => items[draw(Math.max(1, items.length))];
