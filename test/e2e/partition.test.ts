import { expect, it } from 'vitest';
import { partition } from './partition.ts';
import { runSuite } from './suite.ts';

const LONG_MS = 600_000;

it(
  'partition',
  async () => {
    const { failures, metrics } = await runSuite(partition, 'slice');
    expect(failures).toEqual([]);
    expect(metrics['speculation.valid']).toBeGreaterThan(2);
  },
  LONG_MS,
);
