import fc from 'fast-check';
import type { Law } from '../world.ts';
import type { Finding } from './checks/finding.ts';
import { type History, histories, policedHistories } from './history/deeds.ts';
import { tell } from './history/words.ts';
import { play } from './play.ts';
import { Tally } from './tally.ts';

export interface RunOptions {
  readonly runs: number;
  readonly seed: number;
  /** Of networks with a policy. */
  readonly policed?: boolean;
  /** Where a counterexample lies, as a run before said. */
  readonly path?: string;
  /** The law as it is, if it is left out. */
  readonly law?: Law;
  /** Called after each history with how many there were. */
  readonly onHistory?: (done: number) => void;
}

/** The least history found in which something does not hold, and how to play it again. */
export interface Counterexample {
  readonly seed: number;
  readonly path: string;
  readonly findings: readonly Finding[];
  /** Its entries in plain words. */
  readonly lines: readonly string[];
  readonly history: History;
}

export interface Report {
  readonly tally: Tally;
  readonly counterexample: Counterexample | null;
}

/** Histories tried to make a counterexample smaller. */
const SHRINKS_MOST = 600;

/** Plays `runs` histories; each is checked for every property. */
export function run({ runs, seed, policed = false, path, law, onHistory }: RunOptions): Report {
  const tally = new Tally();
  let tried = 0;
  const holds = (history: History): void => {
    // From the first failure on fast-check looks for a smaller one; enough of that is taken for the end of it.
    if (tried > SHRINKS_MOST) return;
    const { world, broken } = play(history, law);
    if (tried === 0) tally.add(world);
    if (tried > 0 || broken !== null) tried += 1;
    else onHistory?.(tally.histories);
    if (broken !== null) throw broken;
  };
  const details = fc.check(fc.property(policed ? policedHistories : histories, holds), {
    numRuns: runs,
    seed,
    ...(path === undefined ? {} : { path }),
  });
  const [history] = details.counterexample ?? [];
  if (!details.failed || history === undefined) return { tally, counterexample: null };
  const { world, broken } = play(history, law);
  return {
    tally,
    counterexample: {
      seed,
      path: details.counterexamplePath ?? '',
      findings: broken?.findings ?? [],
      lines: tell(world),
      history,
    },
  };
}
