import { assertDelay, SkillError, type SkillRunner } from '@canswarm/ports';
import type { FetchBlock, ThreadData } from './messages.ts';
import { startThread } from './skill-thread.ts';
import { ThreadPool } from './thread-pool.ts';

/** Most threads of one runner. */
export const THREADS_MAX = 64;

export interface ThreadRunnerOptions extends Omit<ThreadData, 'fetches'> {
  /** Brings a block that the threads' store lacks into it. Absent: what lacks is not found. */
  readonly fetch?: FetchBlock;
  /** Most jobs at once, 1..`THREADS_MAX`. Threads start when they are first needed. Default 2. */
  readonly threads?: number;
  /** How much JavaScript memory a thread may use, in MiB; a skill that wants more dies. Default 512. */
  readonly memoryMiB?: number;
  /** How long a skill has to end by itself after it was told to, before its thread is ended. Default 250. */
  readonly graceMs?: number;
}

/**
 * Runs skills in worker threads, so that the node's event loop never runs skill code. A thread whose job was withdrawn (its
 * deadline passed, its caller aborted) is ended and replaced; so is one that died. Skills share the process: they can be kept
 * from hanging or crashing the node, not from reading its files; that takes a sandbox.
 */
export function threadRunner(options: ThreadRunnerOptions): SkillRunner {
  const {
    skillModule,
    contentModule,
    contentOptions,
    fetch = null,
    threads = 2,
    memoryMiB = 512,
    graceMs = 250,
  } = options;
  if (!Number.isInteger(threads) || threads < 1 || threads > THREADS_MAX) {
    throw new RangeError(`threads must be an integer from 1 to ${THREADS_MAX}, not ${threads}`);
  }
  const pool = new ThreadPool(threads, () =>
    startThread({
      data: { skillModule, contentModule, contentOptions, fetches: fetch !== null },
      fetch,
      resourceLimits: { maxOldGenerationSizeMb: memoryMiB },
      graceMs,
    }),
  );
  return {
    async run(job, runOptions) {
      if (runOptions.deadlineMs < 1) throw new RangeError('deadlineMs must be at least 1');
      assertDelay(runOptions.deadlineMs);
      if (runOptions.signal.aborted) throw new SkillError('aborted', 'the job was aborted before it began');
      return pool.run(job, runOptions);
    },
    close: () => pool.close(),
  };
}
