import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * Tests that only compute: nothing in them is due at a time of the day, and no node or server runs. `npm test` runs them beside the others, at the
 * lowest priority.
 */
const COMPUTING = [
  'packages/{agent,csv,kernel,protocol,simulator}/test/**/*.test.ts',
  'policies/test/**/*.test.ts',
  'test/golden/**/*.test.ts',
  'agents/!(brief)/test/**/*.test.ts',
  'agents/brief/test/!(external|corpus)/**/*.test.ts',
];

export default defineConfig({
  test: {
    setupFiles: ['./vitest.setup.ts'],
    testTimeout: 240_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'computing',
          include: COMPUTING,
          exclude: ['**/node_modules/**'],
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          // Nodes, their processes and servers: bids, votes and leases have real time here, so a core stays free for what tests start.
          name: 'running',
          include: ['{packages,agents}/**/test/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...COMPUTING],
          maxWorkers: Math.max(1, availableParallelism() - 1),
          // Real time is late on a machine that is busy with something else. `npm test` names whatever passed only at its second try.
          retry: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
