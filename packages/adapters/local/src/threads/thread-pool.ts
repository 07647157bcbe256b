import { SKILL_QUEUE_MAX, SkillError, type SkillJob, type SkillResult, type SkillRunOptions } from '@canswarm/ports';
import { PendingJob } from './pending-job.ts';
import type { SkillThread } from './skill-thread.ts';

/**
 * Deals jobs out to a bounded number of threads, first come first served.
 *
 * Invariants: idle threads, threads of running jobs and threads that are ending are together at most `limit`; a job waits
 * only while no thread is free; a thread that was withdrawn or died never gets another job.
 */
export class ThreadPool {
  readonly #limit: number;
  readonly #start: () => SkillThread;
  readonly #idle: SkillThread[] = [];
  readonly #waiting: PendingJob[] = [];
  readonly #running = new Set<PendingJob>();
  readonly #ending = new Set<Promise<void>>();
  #closed = false;

  constructor(limit: number, start: () => SkillThread) {
    this.#limit = limit;
    this.#start = start;
  }

  /** Rejects with SkillError; `busy` and `closed` at once. */
  async run(job: SkillJob, options: SkillRunOptions): Promise<SkillResult> {
    if (this.#closed) throw new SkillError('closed', 'the runner is closed');
    if (this.#waiting.length >= SKILL_QUEUE_MAX) {
      throw new SkillError('busy', `${SKILL_QUEUE_MAX} jobs are waiting already`);
    }
    const pending = new PendingJob(job, options, (over, withdrawn) => this.#release(over, withdrawn));
    this.#waiting.push(pending);
    this.#deal();
    return pending.result;
  }

  /** Ends all jobs with `closed` and resolves when every thread is gone. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const pending of [...this.#waiting, ...this.#running]) {
      pending.withdraw(new SkillError('closed', 'the runner was closed'));
    }
    for (const thread of this.#idle.splice(0)) this.#discard(thread.stop());
    while (this.#ending.size > 0) await Promise.all(this.#ending);
  }

  #deal(): void {
    while (!this.#closed && this.#waiting.length > 0) {
      const thread = this.#freeThread();
      if (thread === undefined) return;
      const pending = this.#waiting.shift();
      if (pending === undefined) return;
      this.#running.add(pending);
      pending.thread = thread;
      thread.run(pending.job, pending).then(
        (result) => pending.resolve(result),
        (error) => pending.reject(error),
      );
    }
  }

  #freeThread(): SkillThread | undefined {
    for (let kept = this.#idle.pop(); kept !== undefined; kept = this.#idle.pop()) {
      if (kept.isAlive()) return kept;
      this.#discard(kept.stop());
    }
    return this.#running.size + this.#ending.size < this.#limit ? this.#start() : undefined;
  }

  /** Takes an ended job out, and its thread back. */
  #release(pending: PendingJob, withdrawn: boolean): void {
    const { thread } = pending;
    this.#running.delete(pending);
    const at = this.#waiting.indexOf(pending);
    if (at >= 0) this.#waiting.splice(at, 1);
    if (thread !== null && withdrawn) this.#discard(thread.withdraw());
    else if (thread?.isAlive()) this.#idle.push(thread);
    else if (thread !== null) this.#discard(thread.stop());
    this.#deal();
  }

  /** Counts a thread until it is gone; then another may take its place. */
  #discard(gone: Promise<void>): void {
    const counted = gone.then(() => {
      this.#ending.delete(counted);
      this.#deal();
    });
    this.#ending.add(counted);
  }
}
