import type { Progress, SkillJob, SkillLine, SkillResult } from './skill.ts';

/** Most jobs that may wait in one runner for a free place; the next one fails with `busy`. */
export const SKILL_QUEUE_MAX = 1024;

/** Most progress reports of one job that are passed on; further ones are dropped. */
export const SKILL_PROGRESS_MAX = 10_000;

/** Most log lines of one job that are passed on; further ones are dropped. */
export const SKILL_LINES_MAX = 10_000;

/**
 * Why a job gave no result.
 * - `aborted`: the caller's signal.
 * - `deadline`: not done in time, waiting included.
 * - `threw`: the skill threw; the message is the skill's.
 * - `died`: the place the skill ran in ended under it (it exited, ran out of memory).
 * - `unsupported`: no such engine, or the engine does not do that action, or the module cannot be loaded.
 * - `malformed`: the skill gave something that is no result.
 * - `busy`: too many jobs are waiting.
 * - `closed`: the runner is closed.
 */
export type SkillErrorCode =
  | 'aborted'
  | 'deadline'
  | 'threw'
  | 'died'
  | 'unsupported'
  | 'malformed'
  | 'busy'
  | 'closed';

/** What `SkillRunner.run` rejects with, and nothing else. */
export class SkillError extends Error {
  override readonly name = 'SkillError';
  readonly code: SkillErrorCode;

  constructor(code: SkillErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export interface SkillRunOptions {
  /** Aborting ends the job with `aborted`; one already aborted never starts. */
  readonly signal: AbortSignal;
  /** Milliseconds from the call until the job ends with `deadline`, an integer >= 1. */
  readonly deadlineMs: number;
  /** Called for the skill's reports, in order, and never after `run` has settled. Must not throw. */
  readonly onProgress?: (progress: Progress) => void;
  /** Called for what the skill logs, as `onProgress` is. */
  readonly onLine?: (line: SkillLine) => void;
}

/** Runs skills away from the node's own work: a skill that throws, hangs or dies fails its job and nothing else. */
export interface SkillRunner {
  /**
   * Runs one job. Always settles, at the latest at the deadline, with a well-formed result of the job's action or a
   * SkillError. Jobs do not see each other; several may run at once.
   */
  run(job: SkillJob, options: SkillRunOptions): Promise<SkillResult>;

  /** Ends all jobs with `closed` and releases what the runner holds. Idempotent. */
  close(): Promise<void>;
}
