import type { Stated } from '@canswarm/kernel';
import type {
  Clock,
  DividedTask,
  Finding,
  Progress,
  SkillJob,
  SkillLine,
  SkillResult,
  SkillRunner,
  Telemetry,
} from '@canswarm/ports';
import { SkillError } from '@canswarm/ports';
import type { ArtifactRef, Cid, Evidence, NeedId } from '@canswarm/protocol';

/** What a skill made, kept until its need is settled. */
export type Made =
  | { readonly kind: 'rehearsal' }
  | { readonly kind: 'division'; readonly tasks: readonly DividedTask[]; readonly etaMs: number }
  | { readonly kind: 'failure'; readonly reason: string }
  | {
      readonly kind: 'outputs';
      readonly outputs: readonly ArtifactRef[];
      readonly telemetry: Telemetry;
      readonly trace: Cid | null;
      /** What the policy is asked about before it is committed; null where nobody knows. */
      readonly stated: Stated | null;
    }
  | {
      readonly kind: 'judgement';
      readonly verdict: 'pass' | 'fail' | 'undecidable';
      readonly reasons: readonly string[];
      readonly steps: readonly Uint8Array[];
    }
  | {
      readonly kind: 'finding';
      /** Of a skill, or of the node itself: that the policy denies what a result states. */
      readonly finding: Pick<Finding, 'claim'> & { readonly class: Finding['class'] | 'policy_violation' };
      readonly evidence: Evidence;
    };

export interface DeskOptions {
  readonly runner: SkillRunner;
  readonly clock: Clock;
  /** Called when a job ended: done with something made, failed, or undone: to be done again if it is still due. */
  readonly onEnd: (need: NeedId, key: string, ended: 'done' | 'failed' | 'none') => void;
  readonly onProgress: (need: NeedId, key: string, done: number, total: number, note: string) => void;
  readonly onLine: (need: NeedId, key: string, line: SkillLine) => void;
}

interface Running {
  readonly need: NeedId;
  readonly abort: AbortController;
  /** Under which it is known now. */
  key: string;
  progress: Progress | null;
}

/**
 * Runs skills away from the node's event loop and keeps what they made by key. A job that throws, hangs beyond its
 * deadline or dies is a failed job, never a stalled node.
 */
export class SkillDesk {
  readonly #options: DeskOptions;
  readonly #made = new Map<string, Made>();
  /** Keys that were started, by need. */
  readonly #keys = new Map<NeedId, Set<string>>();
  readonly #running = new Map<string, Running>();
  #closed = false;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /** How far a running job said it is; null when it said nothing. */
  progress(key: string): Progress | null {
    return this.#running.get(key)?.progress ?? null;
  }

  made(key: string): Made | undefined {
    return this.#made.get(key);
  }

  /**
   * Starts a job that may take `deadlineMs`. `finish` turns the skill's result, or the error it ended with, into what
   * is kept; null means that there is nothing to act on, `again` that it is worth another try.
   */
  start(
    need: NeedId,
    key: string,
    job: SkillJob,
    deadlineMs: number,
    finish: (ended: SkillResult | SkillError) => Promise<Made | null | 'again'>,
  ): void {
    if (this.#closed || this.#running.has(key)) return;
    const abort = new AbortController();
    const running: Running = { need, abort, key, progress: null };
    this.#running.set(key, running);
    this.#keys.set(need, (this.#keys.get(need) ?? new Set()).add(key));
    const onProgress = (progress: Progress): void => {
      running.progress = progress;
      this.#options.onProgress(need, running.key, progress.done, progress.total, progress.note);
    };
    const onLine = (line: SkillLine): void => this.#options.onLine(need, running.key, line);
    const options = { signal: abort.signal, deadlineMs, onProgress, onLine };
    const ran = this.#options.runner.run(job, options).catch(asSkillError);
    ran.then(finish).then(
      (made) => this.#end(need, running.key, made),
      (error: unknown) => {
        this.#end(need, running.key, { kind: 'failure', reason: String(error) });
      },
    );
  }

  /**
   * From now on what is known under one key is known under another: a job that runs, or outputs that one made. Says which, or null where
   * there is neither.
   */
  move(need: NeedId, from: string, to: string): 'running' | 'done' | null {
    const running = this.#running.get(from);
    const made = this.#made.get(from);
    if (running === undefined && made?.kind !== 'outputs') return null;
    this.#keys.get(need)?.add(to);
    if (running !== undefined) {
      this.#running.delete(from);
      running.key = to;
      this.#running.set(to, running);
      return 'running';
    }
    if (made !== undefined) this.#made.set(to, made);
    this.#made.delete(from);
    return 'done';
  }

  /** Keeps what was made before, without a job. */
  keep(need: NeedId, key: string, made: Made): void {
    if (this.#closed) return;
    this.#keys.set(need, (this.#keys.get(need) ?? new Set()).add(key));
    this.#made.set(key, made);
    this.#options.onEnd(need, key, 'done');
  }

  /** Ends what needs no job: done, or failed for a reason. */
  skip(need: NeedId, key: string, reason: string | null = null): void {
    if (this.#closed) return;
    if (reason !== null) this.#options.onProgress(need, key, 0, 0, `failed: ${reason}`);
    this.#options.onEnd(need, key, reason === null ? 'done' : 'failed');
  }

  /** What a job made is of no use, for a reason: as if it had failed. */
  spoil(need: NeedId, key: string, reason: string): void {
    if (this.#closed || this.#made.get(key)?.kind !== 'outputs') return;
    this.#made.set(key, { kind: 'failure', reason });
    this.skip(need, key, reason);
  }

  /** Stops the work of a need and forgets what it made, but what is to be kept. */
  drop(need: NeedId, isKept: (key: string) => boolean = () => false): void {
    const kept = new Set<string>();
    for (const key of this.#keys.get(need) ?? []) {
      if (isKept(key)) {
        kept.add(key);
        continue;
      }
      this.stop(key);
      this.#made.delete(key);
    }
    if (kept.size > 0) this.#keys.set(need, kept);
    else this.#keys.delete(need);
  }

  stop(key: string): void {
    this.#running.get(key)?.abort.abort();
  }

  close(): void {
    this.#closed = true;
    for (const { abort } of this.#running.values()) abort.abort();
  }

  #end(need: NeedId, key: string, made: Made | null | 'again'): void {
    if (!this.#running.delete(key) || this.#closed) return;
    if (made === 'again') return this.#options.onEnd(need, key, 'none');
    if (made !== null) this.#made.set(key, made);
    const failed = made === null || made.kind === 'failure';
    if (made?.kind === 'failure') this.#options.onProgress(need, key, 0, 0, `failed: ${made.reason}`);
    this.#options.onEnd(need, key, failed ? 'failed' : 'done');
  }
}

const asSkillError = (error: unknown): SkillError =>
  error instanceof SkillError ? error : new SkillError('died', String(error), { cause: error });
