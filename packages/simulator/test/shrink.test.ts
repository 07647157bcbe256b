import { describe, expect, it } from 'vitest';
import { FAULT_KINDS, planOf, type Sized, shrink, simulate } from '../src/index.ts';

const failing: Sized = { seed: 3, mode: 'swarm', nodes: 9, needs: 12, faults: FAULT_KINDS };

describe('what fails is shrunk', () => {
  const fails = async ({ nodes, needs, faults, ticks = 9_999 }: Sized): Promise<boolean> =>
    nodes >= 4 && needs >= 3 && faults.includes('crashes') && faults.includes('log') && ticks >= 100;

  it('to the least that still fails, the same way each time', async () => {
    const first = await shrink(failing, fails);
    expect(first.wanted).toEqual({
      seed: 3,
      mode: 'swarm',
      nodes: 4,
      needs: 3,
      faults: ['log', 'crashes'],
      ticks: 128,
    });
    expect(await shrink(failing, fails)).toEqual(first);
  });

  it('with so many runs at most, and not at all where nothing less fails', async () => {
    expect((await shrink(failing, fails, 5)).runs).toBe(5);
    expect((await shrink(failing, async () => false)).wanted).toEqual(failing);
  });
});

describe('a run', () => {
  const small = { seed: 9, mode: 'swarm', nodes: 3, needs: 2 } as const;

  it('has only those faults that are wanted', async () => {
    expect(planOf({ ...small, faults: FAULT_KINDS })).toEqual(planOf(small));
    expect(planOf({ ...small, faults: [] })).toMatchObject({
      crashes: null,
      partitions: null,
      actors: [],
      wrongEvery: 0,
    });
    const { crashes } = planOf({ ...small, faults: ['crashes'] });
    expect(crashes).toEqual(planOf(small).crashes);
    expect((await simulate(planOf({ ...small, faults: [] }))).injected).toEqual({});
  });

  it('has none after the ticks that are wanted', async () => {
    const [all, few] = [await simulate(planOf(small)), await simulate(planOf({ ...small, ticks: 1 }))];
    const count = (run: typeof all): number => Object.values(run.injected).reduce((sum, times) => sum + times, 0);
    expect(count(all)).toBeGreaterThan(0);
    expect(count(few)).toBe(0);
    expect(few.passed).toBe(true);
  });
});
