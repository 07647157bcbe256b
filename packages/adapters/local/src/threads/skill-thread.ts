import { type ResourceLimits, Worker } from 'node:worker_threads';
import {
  ContentError,
  type Progress,
  SkillError,
  type SkillJob,
  type SkillLine,
  type SkillResult,
  skillResult,
} from '@canswarm/ports';
import type { FetchBlock, FromThread, ThreadData, ToThread } from './messages.ts';

export interface SkillThreadOptions {
  readonly data: ThreadData;
  readonly resourceLimits: ResourceLimits;
  /** Brings a block that a thread lacks; null: nobody does. */
  readonly fetch: FetchBlock | null;
  /** How long a withdrawn skill has to end by itself. */
  readonly graceMs: number;
}

/** What a running skill says of itself. */
export interface Told {
  progress(progress: Progress): void;
  line(line: SkillLine): void;
}

/** One worker thread that runs one job at a time. */
export interface SkillThread {
  /** Runs a job; rejects with SkillError, `died` when the thread ends under it. Not while another is under way. */
  run(job: SkillJob, told: Told): Promise<SkillResult>;
  /** Tells the skill to end, gives it the grace, then ends the thread. Resolves when the thread is gone. */
  withdraw(): Promise<void>;
  /** Ends the thread at once. Resolves when it is gone. */
  stop(): Promise<void>;
  /** Whether the thread can take another job. */
  isAlive(): boolean;
}

/** The job under way, as the thread's messages settle it. */
interface Current {
  readonly action: SkillJob['action'];
  readonly told: Told;
  readonly settled: PromiseWithResolvers<SkillResult>;
}

const entry = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url);

/**
 * Starts a thread. What its skills print goes to standard error: standard output belongs to the command. Node's own flags are
 * not passed on: they are about the program that was started (`--eval`, `--test`), not about its threads.
 */
export function startThread({ data, resourceLimits, fetch, graceMs }: SkillThreadOptions): SkillThread {
  const worker = new Worker(entry, { workerData: data, resourceLimits, execArgv: [], stdout: true, stderr: true });
  let current: Current | null = null;
  let death = 'it ended';
  let alive = true;
  const gone = Promise.withResolvers<void>();

  const take = (): Current | null => {
    const taken = current;
    current = null;
    return taken;
  };

  worker.stdout.on('data', (chunk) => process.stderr.write(chunk));
  worker.stderr.on('data', (chunk) => process.stderr.write(chunk));
  worker.on('message', (message: FromThread) => {
    if (message.kind === 'progress') current?.told.progress(message.progress);
    else if (message.kind === 'line') current?.told.line(message.line);
    else if (message.kind === 'fetch') void bring(message);
    else settle(take(), message);
  });
  worker.on('messageerror', (error) => {
    take()?.settled.reject(new SkillError('malformed', `its message cannot be read: ${error.message}`));
  });
  worker.on('error', (error: unknown) => {
    alive = false;
    death = error instanceof Error ? error.message : String(error);
  });
  worker.on('exit', (code) => {
    alive = false;
    take()?.settled.reject(new SkillError('died', `the skill's thread died: ${death} (exit code ${code})`));
    gone.resolve();
  });

  const send = (message: ToThread): void => worker.postMessage(message);

  const bring = async (message: Wanted): Promise<void> => {
    const failed = await failureToFetch(fetch, message);
    if (alive) send({ kind: 'fetched', id: message.id, failed });
  };

  const stop = async (): Promise<void> => {
    alive = false;
    await worker.terminate();
    await gone.promise;
  };

  return {
    run(job, told) {
      if (current !== null || !alive) throw new Error('a thread runs one job at a time, while it lives');
      const settled = Promise.withResolvers<SkillResult>();
      current = { action: job.action, told, settled };
      send({ kind: 'job', job });
      return settled.promise;
    },
    async withdraw() {
      alive = false;
      send({ kind: 'withdraw' });
      await endOf(current?.settled.promise, graceMs);
      await stop();
    },
    stop,
    isAlive: () => alive,
  };
}

type Wanted = Extract<FromThread, { kind: 'fetch' }>;

/** Has a block brought; null, or why it cannot be had. */
function failureToFetch(
  fetch: FetchBlock | null,
  { cid, options }: Wanted,
): Promise<Extract<ToThread, { kind: 'fetched' }>['failed']> {
  const fetched = fetch === null ? Promise.reject(new Error('nobody fetches')) : fetch(cid, options);
  return fetched.then(
    () => null,
    (error: unknown) => ({
      code: error instanceof ContentError ? error.code : ('not_found' as const),
      message: error instanceof Error ? error.message : String(error),
    }),
  );
}

/** What the thread says is checked here once more: skills share its memory. */
function settle(current: Current | null, message: Extract<FromThread, { kind: 'done' | 'failed' }>): void {
  if (current === null) return;
  const { settled, action } = current;
  if (message.kind === 'failed') {
    settled.reject(new SkillError(message.code, message.message));
    return;
  }
  try {
    settled.resolve(skillResult(action, message.result));
  } catch (error) {
    settled.reject(error);
  }
}

/** Resolves when the work has ended either way, or after that time. */
async function endOf(work: Promise<unknown> | undefined, boundMs: number): Promise<void> {
  if (work === undefined) return;
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, boundMs);
  await Promise.race([Promise.allSettled([work]), late.promise]);
  clearTimeout(timer);
}
