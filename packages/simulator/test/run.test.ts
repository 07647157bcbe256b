import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { genesisPolicy } from 'canswarm';
import { describe, expect, it } from 'vitest';
import { hunt, planOf, type Run, SOMETIMES, type Sometimes, simulate } from '../src/index.ts';

const SEEDS = 200;
const LONG_MS = 900_000;

describe('a run', () => {
  it('goes the same way for the same seed, and another way for another', async () => {
    const plan = planOf({ seed: 5, mode: 'swarm', nodes: 4, needs: 3 });
    expect(planOf({ seed: 5, mode: 'swarm', nodes: 4, needs: 3 })).toEqual(plan);
    const [first, second] = [await simulate(plan), await simulate(plan)];
    expect(second).toEqual({ ...first, realSeconds: expect.any(Number) });
    const other = await simulate(planOf({ seed: 6, mode: 'swarm', nodes: 4, needs: 3 }));
    expect(other.traceHash).not.toBe(first.traceHash);
  });

  it('without faults meets every need', async () => {
    const run = await simulate(planOf({ seed: 2, mode: 'perf', needs: 5 }));
    // Two of the five are divided into three tasks.
    expect(run.plan.kinds).toEqual(['plain', 'divided']);
    expect(run).toMatchObject({ passed: true, injected: {}, sometimes: { final: 9, slash: 0, silence: 0 } });
    expect(run.properties).toMatchObject({
      P1: 'held',
      P7: 'absent',
      P8: 'absent',
      P15: 'held',
      P16: 'held',
      P19: 'held',
      P21: 'held',
      P22: 'held',
      P23: 'held',
    });
  });
});

describe('a network with a policy', () => {
  const policy = genesisPolicy(join(import.meta.dirname, '../../../policies/base'));

  it('meets its needs and breaks nothing', async () => {
    const run = await simulate(planOf({ seed: 2, mode: 'perf', nodes: 3, needs: 1 }), { policy });
    expect(run).toMatchObject({ passed: true, faults: [], pending: [], sometimes: { final: 1 } });
    const without = await simulate(planOf({ seed: 2, mode: 'perf', nodes: 3, needs: 1 }));
    expect(run.traceHash).not.toBe(without.traceHash);
  });

  it('also where machines crash and come back', async () => {
    const run = await simulate(planOf({ seed: 3, mode: 'swarm', nodes: 3, needs: 1, faults: ['crashes'] }), { policy });
    expect(run).toMatchObject({ passed: true, faults: [], pending: [] });
    expect(Object.keys(run.injected).some((kind) => kind.startsWith('crash'))).toBe(true);
  });
});

describe('a hunt', () => {
  it(
    'over 200 seeds breaks nothing, in threads, and meets all that is to be met sometimes',
    async () => {
      const runs: Run[] = [];
      let seed = 0;
      await hunt({
        threads: availableParallelism(),
        next: () => (seed < SEEDS ? { seed: ++seed, mode: 'swarm', nodes: 3, needs: 2 } : undefined),
        onRun: (run) => runs.push(run),
      });
      expect(new Set(runs.map((run) => run.seed)).size).toBe(SEEDS);
      expect(runs.flatMap(({ seed: of, faults }) => faults.map((fault) => ({ of, ...fault })))).toEqual([]);
      // What no seed met was not looked at.
      const met = (what: Sometimes): boolean => runs.some((run) => run.sometimes[what] > 0);
      expect((Object.keys(SOMETIMES) as Sometimes[]).filter((what) => !met(what))).toEqual([]);
    },
    LONG_MS,
  );
});
