import {
  assertDelay,
  type Clock,
  type ContentStore,
  type Progress,
  type Random,
  runSkill,
  type SkillContext,
  SkillError,
  type SkillJob,
  type SkillLine,
  type SkillModule,
  type SkillResult,
  type SkillRunner,
  type SkillRunOptions,
} from '@canswarm/ports';
import type { Sha256 } from '@canswarm/protocol';
import { type Latency, latencyDraw } from './latency.ts';

export interface InlineRunnerOptions {
  readonly module: SkillModule;
  readonly content: ContentStore;
  readonly clock: Clock;
  /** How long jobs take comes from its stream `skills`. */
  readonly random: Random;
  readonly sha256: Sha256;
  /** Virtual time from the start of a job to its result. Default 5 to 50 ms. */
  readonly durationMs?: Latency;
}

/** What ends a job before its skill does. */
type End = (error: SkillError) => void;

/**
 * Runs skills where the node runs, so that a world under a virtual clock stays in one thread and one order: the skill's code
 * runs at once, its result comes a drawn time later. A skill that spins cannot be ended here, and stops everything.
 */
export function inlineRunner(options: InlineRunnerOptions): SkillRunner {
  const { module, content, clock, random, sha256, durationMs = { min: 5, max: 50 } } = options;
  const draw = latencyDraw(durationMs, random.stream('skills'));
  const running = new Set<End>();
  let closed = false;

  /** The skill's own outcome, `takesMs` after the start at the earliest, so that neither way of ending gives time away. */
  const work = async (job: SkillJob, { signal, progress, log }: Pick<SkillContext, 'signal' | 'progress' | 'log'>) => {
    const startedMs = clock.now();
    const takesMs = draw();
    const context: SkillContext = { content, signal, sha256, progress, log, now: () => clock.now() };
    const outcome = await Promise.allSettled([runSkill(module, job, context)]);
    const restMs = Math.max(0, startedMs + takesMs - clock.now());
    await new Promise<void>((resolve) => clock.schedule(restMs, resolve));
    const [settled] = outcome;
    if (settled.status === 'rejected') throw settled.reason;
    return withWallMs(settled.value, clock.now() - startedMs);
  };

  const run = (job: SkillJob, { signal, deadlineMs, onProgress, onLine }: SkillRunOptions): Promise<SkillResult> => {
    const { promise, resolve, reject } = Promise.withResolvers<SkillResult>();
    const withdrawn = new AbortController();
    let open = true;
    const end: End = (error) => {
      finish(() => reject(error));
      withdrawn.abort();
    };
    const onAbort = (): void => end(new SkillError('aborted', 'the job was aborted'));
    const cancel = clock.schedule(deadlineMs, () => end(new SkillError('deadline', `not done in ${deadlineMs} ms`)));
    const finish = (settle: () => void): void => {
      cancel();
      signal.removeEventListener('abort', onAbort);
      running.delete(end);
      open = false;
      settle();
    };
    signal.addEventListener('abort', onAbort);
    running.add(end);
    const progress = (report: Progress): void => {
      if (open) onProgress?.(report);
    };
    const log = (line: SkillLine): void => {
      if (open) onLine?.(line);
    };
    work(job, { signal: withdrawn.signal, progress, log }).then(
      (result) => finish(() => resolve(result)),
      (error) => finish(() => reject(error)),
    );
    return promise;
  };

  return {
    async run(job, runOptions) {
      if (runOptions.deadlineMs < 1) throw new RangeError('deadlineMs must be at least 1');
      assertDelay(runOptions.deadlineMs);
      if (closed) throw new SkillError('closed', 'the runner is closed');
      if (runOptions.signal.aborted) throw new SkillError('aborted', 'the job was aborted before it began');
      return run(job, runOptions);
    },
    async close() {
      closed = true;
      for (const end of [...running]) end(new SkillError('closed', 'the runner was closed'));
    },
  };
}

/** Under virtual time the work itself takes none; what the job took is the time drawn for it. */
function withWallMs(result: SkillResult, wallMs: number): SkillResult {
  return result.action === 'execute' ? { ...result, telemetry: { ...result.telemetry, wallMs } } : result;
}
