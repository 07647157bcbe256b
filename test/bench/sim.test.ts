import { expect, it } from 'vitest';
import { simBench } from '../../bench/sim/run.ts';

it('the figures of the benchmark of the simulator come from a run that breaks nothing', async () => {
  const metrics = await simBench({ nodes: 4, needs: 3 }, () => {});
  for (const name of ['sim.secondsPerSecond', 'sim.needsPerMinute', 'sim.coreSeconds'])
    expect(metrics[name], name).toBeGreaterThan(0);
});
