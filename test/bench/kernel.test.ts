import { expect, it } from 'vitest';
import { kernel } from '../../bench/kernel/suite.ts';

it('each figure that the benchmark of the law promises comes from entries that the law accepts', async () => {
  const { metrics, targets } = await kernel([], () => {});
  for (const name of Object.keys(targets)) expect(metrics[name], name).toBeGreaterThan(0);
  for (const name of ['bytesPerNeed', 'bytesPerAccount', 'bytesPerMember'])
    expect(metrics[name], name).toBeGreaterThan(0);
});
