import {
  type Progress,
  SKILL_LINES_MAX,
  SKILL_PROGRESS_MAX,
  SkillError,
  type SkillJob,
  type SkillLine,
  type SkillResult,
  type SkillRunOptions,
  skillResult,
} from '@canswarm/ports';
import { HostError } from '../host-error.ts';
import type { JobOutcome, SessionEvent } from './agent-host.ts';

/** Jobs of one session that are not settled. */
const SESSION_JOBS_MAX = 32;
/** Events that wait for a reader; who does not read is gone. */
const EVENTS_MAX = 1_024;
/** How long a process may take to ask for its first job, ms. */
const FIRST_MS = 15_000;
const MESSAGE_BYTES_MAX = 256;

interface Pending {
  readonly action: SkillJob['action'];
  readonly options: SkillRunOptions;
  readonly settled: PromiseWithResolvers<SkillResult>;
  readonly timer: NodeJS.Timeout;
  readonly onAbort: () => void;
  progress: number;
  lines: number;
}

/**
 * An agent's process as the node sees it: jobs go out as events, outcomes come back. When the process is gone all its jobs fail with
 * `died`, so that leases are given back at once and nobody waits for them to run out.
 *
 * Invariant: every job that was taken is settled exactly once: by the process, its deadline, its caller, or the session's end.
 */
export class AgentSession {
  readonly id: string;
  readonly name: string;
  readonly #jobs = new Map<string, Pending>();
  readonly #events: SessionEvent[] = [];
  readonly #onEnd: (session: AgentSession) => void;
  readonly #first: NodeJS.Timeout;
  #wake: () => void = () => undefined;
  #followed = false;
  #last = 0;
  #ended: string | null = null;

  constructor(id: string, name: string, onEnd: (session: AgentSession) => void) {
    this.id = id;
    this.name = name;
    this.#onEnd = onEnd;
    this.#first = setTimeout(() => this.end('it never asked for work'), FIRST_MS);
  }

  /** Whether it could take one more job. */
  get isFull(): boolean {
    return this.#jobs.size >= SESSION_JOBS_MAX;
  }

  get ended(): boolean {
    return this.#ended !== null;
  }

  /** Hands out a job. Rejects with a SkillError. */
  async run(job: SkillJob, options: SkillRunOptions): Promise<SkillResult> {
    const { signal, deadlineMs } = options;
    if (signal.aborted) throw new SkillError('aborted', 'the job was aborted before it began');
    if (this.#ended !== null) throw this.#died();
    if (this.isFull) throw new SkillError('busy', `the agent "${this.name}" has ${this.#jobs.size} jobs already`);
    this.#last += 1;
    const id = String(this.#last);
    const settled = Promise.withResolvers<SkillResult>();
    const late = (): void => this.#withdraw(id, new SkillError('deadline', `not done in ${deadlineMs} ms`));
    const onAbort = (): void => this.#withdraw(id, new SkillError('aborted', 'the job was aborted'));
    const timer = setTimeout(late, deadlineMs);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#jobs.set(id, { action: job.action, options, settled, timer, onAbort, progress: 0, lines: 0 });
    this.#push({ type: 'job', id, job, deadlineMs });
    return settled.promise;
  }

  tell(event: SessionEvent): void {
    if (this.#ended === null) this.#push(event);
  }

  /** Throws a HostError when somebody follows already. Its end ends the session. */
  events(signal: AbortSignal): AsyncIterable<SessionEvent> {
    if (this.#followed || this.#ended !== null)
      throw new HostError(
        'agent_attached',
        `the agent "${this.name}" has this session's work already`,
        'Attach again.',
      );
    this.#followed = true;
    clearTimeout(this.#first);
    return this.#follow(signal);
  }

  async *#follow(signal: AbortSignal): AsyncGenerator<SessionEvent> {
    const onAbort = (): void => this.end('its connection was closed');
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      while (this.#ended === null) {
        const event = this.#events.shift();
        if (event === undefined)
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        else yield event;
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.end('it left');
    }
  }

  progress(id: string, progress: Progress): void {
    const job = this.#jobs.get(id);
    if (job === undefined || job.progress >= SKILL_PROGRESS_MAX) return;
    job.progress += 1;
    job.options.onProgress?.({ ...progress, note: clip(progress.note) });
  }

  line(id: string, line: SkillLine): void {
    const job = this.#jobs.get(id);
    if (job === undefined || job.lines >= SKILL_LINES_MAX) return;
    job.lines += 1;
    job.options.onLine?.(line);
  }

  /** Ends a job; one that nobody waits for any more is nothing. */
  settle(id: string, outcome: JobOutcome): void {
    const job = this.#take(id);
    if (job === undefined) return;
    if (!outcome.ok) return job.settled.reject(new SkillError(outcome.code, clip(outcome.message)));
    try {
      job.settled.resolve(skillResult(job.action, outcome.result));
    } catch (error) {
      job.settled.reject(error);
    }
  }

  /** Fails what is under way; the session takes nothing more. Idempotent. */
  end(why: string): void {
    if (this.#ended !== null) return;
    this.#ended = why;
    clearTimeout(this.#first);
    for (const id of [...this.#jobs.keys()]) this.#take(id)?.settled.reject(this.#died());
    this.#wake();
    this.#onEnd(this);
  }

  #died(): SkillError {
    return new SkillError('died', `the process of the agent "${this.name}" is gone: ${this.#ended}`);
  }

  #withdraw(id: string, error: SkillError): void {
    const job = this.#take(id);
    if (job === undefined) return;
    job.settled.reject(error);
    this.#push({ type: 'withdraw', id, reason: error.message });
  }

  #take(id: string): Pending | undefined {
    const job = this.#jobs.get(id);
    if (job === undefined) return undefined;
    this.#jobs.delete(id);
    clearTimeout(job.timer);
    job.options.signal.removeEventListener('abort', job.onAbort);
    return job;
  }

  #push(event: SessionEvent): void {
    this.#events.push(event);
    if (this.#events.length > EVENTS_MAX) return this.end('it does not read');
    this.#wake();
  }
}

function clip(text: string): string {
  const whole = text.toWellFormed();
  return whole.slice(0, new TextEncoder().encodeInto(whole, new Uint8Array(MESSAGE_BYTES_MAX)).read);
}
