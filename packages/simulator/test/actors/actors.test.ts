import { describe, expect, it } from 'vitest';
import { ACTORS, type ActorKind } from '../../src/actors/actor-plan.ts';
import { planOf, type Run, simulate } from '../../src/index.ts';

const everyMs = { min: 50, max: 250 };

/** A run without faults of anything but these. */
const runOf = (seed: number, kinds: readonly ActorKind[]): Promise<Run> =>
  simulate({
    ...planOf({ seed, mode: 'perf', nodes: 4, needs: 6 }),
    actors: kinds.map((kind) => ({ kind, fromMs: 0, everyMs })),
  });

describe('those who mean harm', () => {
  it.each(Object.keys(ACTORS) as ActorKind[])('%s: does it, fails, and every need is met', async (kind) => {
    // A lazy verifier needs somebody's wrong result to pass.
    const run = await runOf(6, kind === 'lazy verifier' ? [kind, 'liar'] : [kind]);
    expect([run.faults, run.pending, run.sometimes.final]).toEqual([[], [], 6]);
    for (const what of ['acts', 'fails'] as const)
      expect([what, run.sometimes[`${kind} ${what}`] > 0]).toEqual([what, true]);
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
    expect(planOf({ seed: 3, mode: 'lite' }).actors).toEqual([]);
  });
});
