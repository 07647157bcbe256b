import {
  type Progress,
  SkillError,
  type SkillJob,
  type SkillLine,
  type SkillResult,
  type SkillRunOptions,
} from '@canswarm/ports';
import type { SkillThread } from './skill-thread.ts';

/** Called once, when the job is settled; `withdrawn` says that its skill may still be at it. */
type OnOver = (pending: PendingJob, withdrawn: boolean) => void;

/**
 * A job from `run` until it is settled: by its thread, or before that by its deadline, its caller or the runner's close.
 *
 * Invariant: while it is open its deadline is armed and its caller's signal is listened to; afterwards neither.
 */
export class PendingJob {
  readonly job: SkillJob;
  /** Where it runs; null while it waits for a place. */
  thread: SkillThread | null = null;
  readonly #settled = Promise.withResolvers<SkillResult>();
  readonly #options: SkillRunOptions;
  readonly #onOver: OnOver;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort = (): void => this.withdraw(new SkillError('aborted', 'the job was aborted'));
  #open = true;

  constructor(job: SkillJob, options: SkillRunOptions, onOver: OnOver) {
    const { deadlineMs, signal } = options;
    this.job = job;
    this.#options = options;
    this.#onOver = onOver;
    this.#timer = setTimeout(
      () => this.withdraw(new SkillError('deadline', `not done in ${deadlineMs} ms`)),
      deadlineMs,
    );
    signal.addEventListener('abort', this.#onAbort);
  }

  get result(): Promise<SkillResult> {
    return this.#settled.promise;
  }

  progress(progress: Progress): void {
    if (this.#open) this.#options.onProgress?.(progress);
  }

  line(line: SkillLine): void {
    if (this.#open) this.#options.onLine?.(line);
  }

  /** The thread's result. */
  resolve(result: SkillResult): void {
    if (this.#close(false)) this.#settled.resolve(result);
  }

  /** The thread's failure. */
  reject(error: unknown): void {
    if (this.#close(false)) this.#settled.reject(error);
  }

  /** Ends the job whatever its thread does. */
  withdraw(error: SkillError): void {
    if (this.#close(true)) this.#settled.reject(error);
  }

  /** Whether this call ended the job. */
  #close(withdrawn: boolean): boolean {
    if (!this.#open) return false;
    this.#open = false;
    clearTimeout(this.#timer);
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    this.#onOver(this, withdrawn);
    return true;
  }
}
