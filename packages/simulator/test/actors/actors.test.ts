import { describe, expect, it } from 'vitest';
import { ACTORS, type ActorKind } from '../../src/actors/actor-plan.ts';
import { planOf, type Run, simulate } from '../../src/index.ts';

const everyMs = { min: 50, max: 250 };
/** In so many seeds everybody has done what it is for. */
const SEEDS = 8;

/** A run without faults of anything but these. */
const runOf = (seed: number, kinds: readonly ActorKind[]): Promise<Run> =>
  simulate({
    ...planOf({ seed, mode: 'perf', nodes: 4, needs: 6 }),
    kinds: ['plain'],
    actors: kinds.map((kind) => ({ kind, fromMs: 0, everyMs })),
  });

describe('those who mean harm', () => {
  it.each(Object.keys(ACTORS) as ActorKind[])('%s: does it, fails, and every need is met', async (kind) => {
    // A lazy verifier needs somebody's wrong result to pass.
    const kinds: readonly ActorKind[] = kind === 'lazy verifier' ? [kind, 'liar'] : [kind];
    const seen = { acts: 0, fails: 0 };
    // Whether colluders sit together is up to the draw.
    for (let seed = 6; seed < 6 + SEEDS && (seen.acts === 0 || seen.fails === 0); seed += 1) {
      const run = await runOf(seed, kinds);
      expect([run.faults, run.pending, run.sometimes.final]).toEqual([[], [], 6]);
      for (const what of ['acts', 'fails'] as const) seen[what] += run.sometimes[`${kind} ${what}`];
    }
    expect(seen.acts).toBeGreaterThan(0);
    expect(seen.fails).toBeGreaterThan(0);
  });

  it('together with one another do no more than each', async () => {
    const run = await runOf(5, ['colluders', 'equivocator', 'time liar', 'spammer', 'relayer', 'staller']);
    expect([run.faults, run.pending, run.sometimes.final]).toEqual([[], [], 6]);
  });

  it('are drawn by the seed, and are in its plan', () => {
    const plans = Array.from({ length: 40 }, (_, seed) => planOf({ seed, mode: 'swarm' }));
    expect(new Set(plans.map(({ actors }) => actors.length))).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(new Set(plans.flatMap(({ actors }) => actors.map(({ kind }) => kind)))).toEqual(
      new Set(Object.keys(ACTORS)),
    );
    for (let seed = 0; seed < 40; seed += 1) {
      expect(planOf({ seed, mode: 'lite' }).actors).toEqual(planOf({ seed, mode: 'swarm' }).actors);
      expect(planOf({ seed, mode: 'perf' }).actors).toEqual([]);
    }
  });
});
