import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'packages/**/test/**/*.test.ts',
      'policies/test/**/*.test.ts',
      'agents/*/test/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**'],
    setupFiles: ['./vitest.setup.ts'],
    testTimeout: 240_000,
    // Every core: many files wait for networks of their own, and a core left free of two is half of the machine.
    maxWorkers: availableParallelism(),
  },
});
