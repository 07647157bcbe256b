import type { RandomStream } from '@canswarm/ports';

/** A range of integers, both ends included. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

export const PER_MILLION = 1_000_000;

export const within = (stream: RandomStream, { min, max }: Range): number => min + stream.below(max - min + 1);

/** Whether something happens that happens so often in a million. */
export const happens = (stream: RandomStream, perMillion: number): boolean => stream.below(PER_MILLION) < perMillion;

/** One of several; throws RangeError where there is none. */
export function oneOf<T>(stream: RandomStream, choices: readonly T[]): T {
  const choice = choices[stream.below(choices.length)];
  if (choice === undefined) throw new RangeError('nothing to choose from');
  return choice;
}

/** All of them, in an order drawn. */
export function shuffled<T>(stream: RandomStream, items: readonly T[]): T[] {
  const left = [...items];
  return items.map(() => left.splice(stream.below(left.length), 1)[0] as T);
}
